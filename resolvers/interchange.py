"""Whole products at once, as other programs hand them over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from commerce.interchange.rules.sets import ProductSet, SetResult, StockSet, VariantSet
from commerce.inventory.kinds import MovementKind
from resolvers.catalog.kinds import ErrorPolicy, ProductStatus, ProductType
from resolvers.catalog.product_inputs import (
    ProductMediaInput,
    ProductOptionInput,
    VariantInput,
    number_of,
    part,
    part_values,
    variant_values,
)
from resolvers.catalog.products import Product
from resolvers.catalog.seo import SeoInput
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_errors

AMOUNTS = ("price", "compare_at", "cost")
NULLABLE = ("slug", "brand", "brand_id", "tax_class", "published_at")


@strawberry.input(description="Units of a variant at a location.")
class VariantStockInput:
    on_hand: int = strawberry.field(description="How many there are.")
    location: str | None = strawberry.field(
        default=None, description="The location's code; absent means the default location."
    )


@strawberry.input(
    description="A variant with its price and stock, found by `id`, `sku` or its options."
)
class VariantSetInput(VariantInput):
    price: Decimal | None = part(
        "What one costs in the default price list; null removes the price."
    )
    compare_at: Decimal | None = part("The higher price it is compared with; null removes it.")
    cost: Decimal | None = part("What one costs the shop; null removes it.")
    stock: list[VariantStockInput] | None = part("How many there are, by location.")

    def wanted(self) -> VariantSet:
        values = variant_values(self, *AMOUNTS, "stock")
        amounts = ((name, getattr(self, name)) for name in AMOUNTS)
        values |= {name: amount for name, amount in amounts if amount is not strawberry.UNSET}
        if self.stock:
            at_most(self.stock, "stock")
            values["stock"] = [StockSet(item.on_hand, item.location) for item in self.stock]
        return VariantSet(**values)


@strawberry.input(
    description="A whole product: the one with `id`, else the one with `slug`, added if not there."
)
class ProductSetInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The product; absent finds it by `slug`."
    )
    slug: str | None = strawberry.field(
        default=None, description="Its key; with `id`, the slug it gets."
    )
    title: str | None = part("Name for people; required for a new product.")
    description_html: str | None = part("What it is; sanitised.")
    excerpt: str | None = part("What it is, in a sentence or two.")
    status: ProductStatus | None = part("Whether it is for sale; a new one is a draft.")
    type: ProductType | None = part("How it reaches its buyer.")
    brand: str | None = part("Slug or name of its brand; null removes the brand.")
    brand_id: strawberry.ID | None = part("Its brand, in place of `brand`; null removes it.")
    tax_class: str | None = part("Code or name of its tax class; null takes the default one.")
    vendor: str | None = part("Who supplies it.")
    product_type: str | None = part("The shop's own name for its kind.")
    tags: list[str] | None = part("Words it is filed under; case makes no difference.")
    featured: bool | None = part("Whether the shop puts it forward.")
    shown_as_new: bool | None = part("Whether the shop marks it as new.")
    price_on_request: bool | None = part("Whether the shop names the price only when asked.")
    announced: bool | None = part("Whether it is shown before it can be bought.")
    one_per_order: bool | None = part("Whether an order may have but one unit of each variant.")
    stock_shown: bool | None = part("Whether the shop wants shoppers told how many there are.")
    position: int | None = part("Place among products where the shop's own order counts.")
    published_at: datetime | None = part(
        "When it was first active, which is not later than now; null forgets it."
    )
    seo: SeoInput | None = part("What search engines are told.")
    categories: list[str] | None = part("Slugs or titles of its categories.")
    category_ids: list[strawberry.ID] | None = part("Its categories, in place of `categories`.")
    collections: list[str] | None = part("Slugs or titles of its collections.")
    options: list[ProductOptionInput] | None = part(
        "What a shopper chooses between; absent takes what the variants name."
    )
    variants: list[VariantSetInput] | None = part(
        "What can be bought, in order; an empty list says nothing."
    )
    media: list[ProductMediaInput] | None = part("The gallery.")
    create_missing: bool = strawberry.field(
        default=False,
        description="Whether brands, categories and collections are added if need be.",
    )
    exhaustive: bool = strawberry.field(
        default=True,
        description="Whether lists say all there is. If not, they add and change, and nothing is"
        " removed or archived.",
    )
    must_be_new: bool = strawberry.field(
        default=False,
        description="Whether a product that is there already is left alone, and a problem. A new"
        " one without a `slug` gets one made of its title, numbered if need be.",
    )

    def wanted(self) -> ProductSet:
        values = given(
            self, "id", nullable=("slug", "brand", "brand_id", "tax_class", "published_at")
        )
        if self.id is not None:
            values["id"] = number_of(self.id, "Product")
        if values.get("brand_id") is not None:
            values["brand_id"] = number_of(values["brand_id"], "Brand")
        for name in ("tags", "categories", "category_ids", "collections"):
            at_most(values.get(name, ()), name)
        if "category_ids" in values:
            values["category_ids"] = [number_of(id_, "Category") for id_ in values["category_ids"]]
        parts = part_values(values, VariantSetInput.wanted)
        return ProductSet(**values, **parts)


@strawberry.input(description="Whole products to add or change.")
class ProductBulkUpsertInput:
    products: list[ProductSetInput] = strawberry.field(description="The products, at most 250.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.ALL_OR_NOTHING,
        description="What becomes of the good rows when others are bad.",
    )


@strawberry.type(description="The product as it is now, or why nothing was changed.")
class ProductSetPayload:
    product: Product | None = public("The product; null with errors.")
    created: bool = public("Whether it is new.")
    changed: bool = public("Whether anything is different now.")
    user_errors: list[UserError] = public("Why nothing was changed.")


@strawberry.type(description="What became of one row.")
class ProductBulkUpsertResult:
    index: int = public("The row's place in the input, from 0.")
    product: Product | None = public("The product as it is now; null where it failed.")
    created: bool = public("Whether it is new.")
    changed: bool = public("Whether anything is different now.")
    user_errors: list[UserError] = public("Why the row was not written; paths start in the row.")


@strawberry.type(description="What became of the rows, or why nothing was changed.")
class ProductBulkUpsertPayload:
    results: list[ProductBulkUpsertResult] = public("A result for each row, in their order.")
    user_errors: list[UserError] = public(
        "Why nothing was changed; errors of rows that are skipped stand in their results."
    )


@strawberry.type
class InterchangeMutations:
    @mutation(
        Scope.WRITE_PRODUCTS,
        description="Make a whole product what the input says: what is left out stays, the same"
        " input again changes nothing. Prices need WRITE_PRICES too, stock needs WRITE_STOCK.",
    )
    async def product_set(self, info: Info, input: ProductSetInput) -> ProductSetPayload:
        (result,) = await _set(info, [input.wanted()], ErrorPolicy.ALL_OR_NOTHING)
        products = await _products(info, [result])
        return ProductSetPayload(
            product=products.get(result.product_id),
            created=result.created,
            changed=result.changed,
            user_errors=user_errors(result.problems),
        )

    @mutation(
        Scope.WRITE_PRODUCTS,
        description="The same for up to 250 products at once, with a result for each.",
    )
    async def product_bulk_upsert(
        self, info: Info, input: ProductBulkUpsertInput
    ) -> ProductBulkUpsertPayload:
        at_most(input.products, "products")
        wanted = [product.wanted() for product in input.products]
        results = await _set(info, wanted, input.error_policy)
        return _payload(results, await _products(info, results), input.error_policy)


async def _set(
    info: Info, products: Sequence[ProductSet], policy: ErrorPolicy
) -> Sequence[SetResult]:
    sets = info.context.services.product_sets
    return await sets.set_many(products, policy, "product set", MovementKind.COUNT)


async def _products(info: Info, results: Sequence[SetResult]) -> dict[Any, Product]:
    ids = [result.product_id for result in results if result.product_id is not None]
    rows = await info.context.services.product_sets.rows(ids)
    return {id_: Product.of(row) for id_, row in rows.items()}


def _payload(
    results: Sequence[SetResult], products: dict[Any, Product], policy: ErrorPolicy
) -> ProductBulkUpsertPayload:
    failed = [
        replace(problem, path=("products", str(result.index), *problem.path))
        for result in results
        for problem in result.problems
    ]
    return ProductBulkUpsertPayload(
        results=[
            ProductBulkUpsertResult(
                index=result.index,
                product=products.get(result.product_id),
                created=result.created,
                changed=result.changed,
                user_errors=user_errors(result.problems),
            )
            for result in results
        ],
        user_errors=user_errors(failed) if policy is ErrorPolicy.ALL_OR_NOTHING else [],
    )
