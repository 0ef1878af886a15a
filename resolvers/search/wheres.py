"""The filters of products and variants."""

import strawberry

from commerce.core.criteria import TagsAre
from commerce.search import criteria
from resolvers.catalog.kinds import ProductStatus, ProductType
from resolvers.filters import (
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    StringFilter,
    all_wanted,
    each_wanted,
    given,
    keys_wanted,
    one_of,
    optional,
    wanted_of,
)
from resolvers.search.kinds import ProductPart


@strawberry.input(one_of=True, description="Tags as the shop writes them: one of these.")
class TagsFilter:
    any: list[str] | None = one_of("At least one of these.")
    all: list[str] | None = one_of("All of these.")

    def wanted(self) -> TagsAre:
        return TagsAre(all_wanted(given(self.all)), all_wanted(given(self.any)))


@strawberry.input(description="What an attribute must be; without values and range it must be set.")
class AttributeFilter:
    code: str = strawberry.field(description="The attribute's code: `material`.")
    values: list[str] | None = optional("One of these values, as a person reads them.")
    range: DecimalFilter | None = optional("A number in this range.")

    def wanted(self) -> criteria.AttributeIs:
        range_ = wanted_of(self.range)
        return criteria.AttributeIs(self.code, all_wanted(self.values), range_)


@strawberry.input(description="What a variant must be in an option; case does not count.")
class OptionFilter:
    name: str = strawberry.field(description="The option: `Size`.")
    values: list[str] = strawberry.field(description="The choices that will do: `S`, `M`.")

    def wanted(self) -> criteria.OptionIs:
        return criteria.OptionIs(self.name, tuple(self.values))


@strawberry.input(description="Words to be found in parts of a product.")
class WordsFilter:
    text: str = strawberry.field(description="The words, whatever their case and accents.")
    parts: list[ProductPart] | None = optional("Where; anywhere when nothing is said.")

    def wanted(self) -> criteria.WordsIn:
        return criteria.WordsIn(self.text, all_wanted(self.parts) or ())


@strawberry.input(description="Which products; every given part must hold.")
class ProductWhere:
    id: IDFilter | None = optional("Their id.")
    slug: StringFilter | None = optional("Their slug.")
    title: StringFilter | None = optional("Their title.")
    words: WordsFilter | None = optional("Words that are in parts of them.")
    status: list[ProductStatus] | None = optional("One of these; you see what you may.")
    type: list[ProductType] | None = optional("One of these.")
    category_id: IDFilter | None = optional("In one of these categories.")
    category_slug: StringFilter | None = optional("In a category with such a slug.")
    include_subcategories: bool = strawberry.field(
        default=True, description="Whether being in a category below the named ones will do."
    )
    brand_id: IDFilter | None = optional("Of one of these brands.")
    vendor: StringFilter | None = optional("Who supplies them.")
    product_type: StringFilter | None = optional("The shop's own name for their kind.")
    collection_id: IDFilter | None = optional("In one of these collections.")
    tag: str | None = optional("With this tag, as the shop writes it.")
    tags: TagsFilter | None = optional("With these tags.")
    price: DecimalFilter | None = optional(
        "The lowest price of their variants, as you are shown it."
    )
    sku: StringFilter | None = optional("The stock keeping unit of a variant.")
    in_stock: bool | None = optional("Whether a variant is in stock.")
    featured: bool | None = optional("Whether the shop puts them forward.")
    shown_as_new: bool | None = optional("Whether the shop marks them as new.")
    price_on_request: bool | None = optional("Whether the shop names the price only when asked.")
    announced: bool | None = optional("Whether they are shown before they can be bought.")
    attributes: list[AttributeFilter] | None = optional("All of these hold.")
    options: list[OptionFilter] | None = optional("One variant is all of these.")
    created_at: DateTimeFilter | None = optional("When they were added.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")
    published_at: DateTimeFilter | None = optional("When they were first active.")
    and_: "list[ProductWhere] | None" = optional("All of these hold.", name="and")
    or_: "list[ProductWhere] | None" = optional("At least one of these holds.", name="or")
    not_: "ProductWhere | None" = optional("This does not hold.", name="not")

    def wanted(self) -> criteria.ProductWhere:
        return criteria.ProductWhere(
            ids=keys_wanted(self.id, "Product"),
            slug=wanted_of(self.slug),
            title=wanted_of(self.title),
            words=wanted_of(self.words),
            status=all_wanted(self.status),
            type=all_wanted(self.type),
            categories=self._categories(),
            brand_ids=keys_wanted(self.brand_id, "Brand"),
            vendor=wanted_of(self.vendor),
            product_type=wanted_of(self.product_type),
            collection_ids=keys_wanted(self.collection_id, "Collection"),
            tags=self._tags(),
            price=wanted_of(self.price),
            sku=wanted_of(self.sku),
            in_stock=self.in_stock,
            featured=self.featured,
            shown_as_new=self.shown_as_new,
            price_on_request=self.price_on_request,
            announced=self.announced,
            attributes=each_wanted(self.attributes) or None,
            options=each_wanted(self.options) or None,
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
            published_at=wanted_of(self.published_at),
            every=each_wanted(self.and_) or None,
            some=each_wanted(self.or_),
            none=wanted_of(self.not_),
        )

    def _categories(self) -> tuple[criteria.CategoryIs, ...] | None:
        ids = keys_wanted(self.category_id, "Category")
        slug = wanted_of(self.category_slug)
        if ids is None and slug is None:
            return None
        return (criteria.CategoryIs(ids, slug, self.include_subcategories),)

    def _tags(self) -> tuple[TagsAre, ...] | None:
        one = None if self.tag is None else TagsAre(all_of=(self.tag,))
        several = wanted_of(self.tags)
        return tuple(tags for tags in (one, several) if tags is not None) or None


@strawberry.input(description="Which variants; every given part must hold.")
class VariantWhere:
    id: IDFilter | None = optional("Their id.")
    product_id: IDFilter | None = optional("Of one of these products.")
    sku: StringFilter | None = optional("Their stock keeping unit.")
    barcode: StringFilter | None = optional("Their GTIN, EAN, UPC or ISBN.")
    title: StringFilter | None = optional("Their title, such as `Red / M`.")
    in_stock: bool | None = optional("Whether they can be bought right now.")
    price: DecimalFilter | None = optional("The price of one unit, as you are shown it.")
    options: list[OptionFilter] | None = optional("They are all of these.")
    created_at: DateTimeFilter | None = optional("When they were added.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")
    and_: "list[VariantWhere] | None" = optional("All of these hold.", name="and")
    or_: "list[VariantWhere] | None" = optional("At least one of these holds.", name="or")
    not_: "VariantWhere | None" = optional("This does not hold.", name="not")

    def wanted(self) -> criteria.VariantWhere:
        return criteria.VariantWhere(
            ids=keys_wanted(self.id, "ProductVariant"),
            product_ids=keys_wanted(self.product_id, "Product"),
            sku=wanted_of(self.sku),
            barcode=wanted_of(self.barcode),
            title=wanted_of(self.title),
            in_stock=self.in_stock,
            price=wanted_of(self.price),
            options=each_wanted(self.options) or None,
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
            every=each_wanted(self.and_) or None,
            some=each_wanted(self.or_),
            none=wanted_of(self.not_),
        )
