"""What mutations of a category's or collection's list of products take."""

import strawberry

from commerce.core.problems import NotFound
from resolvers.mutations import at_most
from resolvers.nodes import require_key, require_keys


@strawberry.input
class ProductsInput:
    id: strawberry.ID = strawberry.field(description="The category or collection.")
    product_ids: list[strawberry.ID] = strawberry.field(
        description="Ids of products, at most 250, each once."
    )
    expected_version: int | None = strawberry.field(
        default=None,
        description="Change nothing unless the stored version of the list's owner is this one.",
    )


@strawberry.input
class PlacedProductsInput(ProductsInput):
    position: int | None = strawberry.field(
        default=None,
        description="Bring them together at this place, counted from 0; absent puts new ones last.",
    )


@strawberry.input
class OrderedProductsInput(ProductsInput):
    position: int = strawberry.field(
        default=0, description="The place of the first of them, counted from 0."
    )


def owner_and_products(input_: ProductsInput, kind: str) -> tuple[int, list[int]] | NotFound:
    """The keys in the input: of the owner, which is a `kind`, and of the products."""
    at_most(input_.product_ids, "productIds")
    id_ = require_key(input_.id, kind, "id")
    if isinstance(id_, NotFound):
        return id_
    products = require_keys(input_.product_ids, "Product", "product_ids")
    return products if isinstance(products, NotFound) else (id_, products)
