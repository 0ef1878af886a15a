"""Adding, changing and archiving products."""

from typing import Any, Final

import strawberry

from commerce.catalog.service.product_changes import ProductParts
from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog.kinds import OptionStrategy, ProductStatus, ProductType
from resolvers.catalog.product_inputs import (
    ProductMediaInput,
    ProductOptionInput,
    VariantInput,
    number_of,
    part,
    part_values,
    wanted_variant,
)
from resolvers.catalog.products import Product
from resolvers.catalog.seo import SeoInput
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

# What a product names, by the field that does.
NAMED: Final = {"brand_id": "Brand", "tax_class_id": "TaxClass"}


@strawberry.input(description="The fields of a product's own.")
class ProductFields:
    slug: str | None = part("Name in addresses; former ones go on leading to the product.")
    description_html: str | None = part("What it is; sanitised.")
    excerpt: str | None = part("What it is, in a sentence or two.")
    status: ProductStatus | None = part("Whether it is for sale; a draft if nothing is said.")
    type: ProductType | None = part("How it reaches its buyer.")
    brand_id: strawberry.ID | None = part("Who makes it; null removes the brand.")
    tax_class_id: strawberry.ID | None = part("How it is taxed; null takes the default tax class.")
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
    seo: SeoInput | None = part("What search engines are told.")
    category_ids: list[strawberry.ID] | None = part("The categories it is in, all of them.")


@strawberry.input(description="A product to add.")
class ProductCreateInput(ProductFields):
    title: str = strawberry.field(
        description="Name for people; without a `slug` one is made of it, numbered if need be."
    )
    options: list[ProductOptionInput] | None = part("What a shopper chooses between.")
    variants: list[VariantInput] | None = part("What can be bought; one variant if absent.")
    media: list[ProductMediaInput] | None = part("The gallery.")


@strawberry.input(description="Changes of a product; fields that are left out stay as they are.")
class ProductUpdateInput(ProductFields):
    id: strawberry.ID = strawberry.field(description="The product.")
    title: str | None = part("Name for people.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="A product to take out of the shop.")
class ProductArchiveInput:
    id: strawberry.ID = strawberry.field(description="The product.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="All options of a product, in order.")
class ProductOptionsSetInput:
    product_id: strawberry.ID = strawberry.field(description="The product.")
    options: list[ProductOptionInput] = strawberry.field(
        description="The options; others are removed. Variants get a new option's first value."
    )
    strategy: OptionStrategy = strawberry.field(
        default=OptionStrategy.REFUSE,
        description="What becomes of variants that use what is to be removed.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.type
class ProductPayload:
    product: Product | None = public("The product as it is now; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> Any:
        if isinstance(result, Problem):
            return cls(product=None, user_errors=[user_error(result)])
        return cls(product=Product.of(result), user_errors=[])


@strawberry.type(description="The new product, or why there is none.")
class ProductCreatePayload(ProductPayload):
    pass


@strawberry.type(description="The changed product, or why nothing was changed.")
class ProductUpdatePayload(ProductPayload):
    pass


@strawberry.type(description="The archived product, or why nothing was changed.")
class ProductArchivePayload(ProductPayload):
    pass


@strawberry.type(description="The product with its options, or why nothing was changed.")
class ProductOptionsSetPayload(ProductPayload):
    pass


@strawberry.type
class ProductMutations:
    @mutation(Scope.WRITE_PRODUCTS, description="Add a product with its options and variants.")
    async def product_create(self, info: Info, input: ProductCreateInput) -> ProductCreatePayload:
        values, category_ids = _values(input)
        parts = ProductParts(**part_values(values, wanted_variant))
        changes = info.context.services.product_changes
        return ProductCreatePayload.of(await changes.create(values, parts, category_ids or ()))

    @mutation(
        Scope.WRITE_PRODUCTS,
        description="Change the given parts of a product. Another status than archived brings an"
        " archived one back, with the variants that were archived with it.",
    )
    async def product_update(self, info: Info, input: ProductUpdateInput) -> ProductUpdatePayload:
        values, category_ids = _values(input, "id", "expected_version")
        changed = await info.context.services.product_changes.update(
            number_of(input.id, "Product"), values, category_ids, input.expected_version
        )
        return ProductUpdatePayload.of(changed)

    @mutation(
        Scope.WRITE_PRODUCTS,
        description="Take a product and its variants out of the shop, reversibly.",
    )
    async def product_archive(
        self, info: Info, input: ProductArchiveInput
    ) -> ProductArchivePayload:
        changes = info.context.services.product_changes
        id_ = number_of(input.id, "Product")
        return ProductArchivePayload.of(await changes.archive(id_, input.expected_version))

    @mutation(
        Scope.WRITE_PRODUCTS,
        description="Say what a shopper chooses between. What keeps its id or name keeps its"
        " variants.",
    )
    async def product_options_set(
        self, info: Info, input: ProductOptionsSetInput
    ) -> ProductOptionsSetPayload:
        at_most(input.options, "options")
        changed = await info.context.services.options.set_all(
            number_of(input.product_id, "Product"),
            [option.wanted() for option in input.options],
            input.strategy,
            input.expected_version,
        )
        return ProductOptionsSetPayload.of(changed)


def _values(input_: ProductFields, *left_out: str) -> tuple[dict[str, Any], list[int] | None]:
    """The given fields of a product's own, and the keys of its categories."""
    values = given(input_, *left_out, nullable=NAMED)
    for name, kind in NAMED.items():
        if values.get(name) is not None:
            values[name] = number_of(values[name], kind)
    ids = values.pop("category_ids", None)
    if ids is None:
        return values, None
    at_most(ids, "categoryIds")
    return values, [number_of(id_, "Category") for id_ in ids]
