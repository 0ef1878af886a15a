"""The filters of products and variants."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import strawberry

from commerce.core.criteria import Ids, TagsAre
from commerce.search import criteria
from resolvers.catalog.kinds import ProductStatus, ProductType
from resolvers.filters import (
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    StringFilter,
    given,
    one_of,
    optional,
)

Asked = TypeVar("Asked")
Wanted = TypeVar("Wanted")


@strawberry.input(one_of=True, description="Tags as the shop writes them: one of these.")
class TagsFilter:
    any: list[str] | None = one_of("At least one of these.")
    all: list[str] | None = one_of("All of these.")

    def wanted(self) -> TagsAre:
        return TagsAre(_tuple(given(self.all)), _tuple(given(self.any)))


@strawberry.input(description="What an attribute must be; without values and range it must be set.")
class AttributeFilter:
    code: str = strawberry.field(description="The attribute's code: `material`.")
    values: list[str] | None = optional("One of these values, as a person reads them.")
    range: DecimalFilter | None = optional("A number in this range.")

    def wanted(self) -> criteria.AttributeIs:
        range_ = _asked(self.range, DecimalFilter.wanted)
        return criteria.AttributeIs(self.code, _tuple(self.values), range_)


@strawberry.input(description="What a variant must be in an option; case does not count.")
class OptionFilter:
    name: str = strawberry.field(description="The option: `Size`.")
    values: list[str] = strawberry.field(description="The choices that will do: `S`, `M`.")

    def wanted(self) -> criteria.OptionIs:
        return criteria.OptionIs(self.name, tuple(self.values))


@strawberry.input(description="Which products; every given part must hold.")
class ProductWhere:
    id: IDFilter | None = optional("Their id.")
    slug: StringFilter | None = optional("Their slug.")
    title: StringFilter | None = optional("Their title.")
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
            ids=_keys(self.id, "Product"),
            slug=_asked(self.slug, StringFilter.wanted),
            title=_asked(self.title, StringFilter.wanted),
            status=_tuple(self.status),
            type=_tuple(self.type),
            categories=self._categories(),
            brand_ids=_keys(self.brand_id, "Brand"),
            vendor=_asked(self.vendor, StringFilter.wanted),
            product_type=_asked(self.product_type, StringFilter.wanted),
            collection_ids=_keys(self.collection_id, "Collection"),
            tags=self._tags(),
            price=_asked(self.price, DecimalFilter.wanted),
            sku=_asked(self.sku, StringFilter.wanted),
            in_stock=self.in_stock,
            featured=self.featured,
            shown_as_new=self.shown_as_new,
            price_on_request=self.price_on_request,
            attributes=_each(self.attributes, AttributeFilter.wanted) or None,
            options=_each(self.options, OptionFilter.wanted) or None,
            created_at=_asked(self.created_at, DateTimeFilter.wanted),
            updated_at=_asked(self.updated_at, DateTimeFilter.wanted),
            published_at=_asked(self.published_at, DateTimeFilter.wanted),
            every=_each(self.and_, ProductWhere.wanted) or None,
            some=_each(self.or_, ProductWhere.wanted),
            none=_asked(self.not_, ProductWhere.wanted),
        )

    def _categories(self) -> tuple[criteria.CategoryIs, ...] | None:
        ids = _keys(self.category_id, "Category")
        slug = _asked(self.category_slug, StringFilter.wanted)
        if ids is None and slug is None:
            return None
        return (criteria.CategoryIs(ids, slug, self.include_subcategories),)

    def _tags(self) -> tuple[TagsAre, ...] | None:
        one = None if self.tag is None else TagsAre(all_of=(self.tag,))
        several = _asked(self.tags, TagsFilter.wanted)
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
            ids=_keys(self.id, "ProductVariant"),
            product_ids=_keys(self.product_id, "Product"),
            sku=_asked(self.sku, StringFilter.wanted),
            barcode=_asked(self.barcode, StringFilter.wanted),
            title=_asked(self.title, StringFilter.wanted),
            in_stock=self.in_stock,
            price=_asked(self.price, DecimalFilter.wanted),
            options=_each(self.options, OptionFilter.wanted) or None,
            created_at=_asked(self.created_at, DateTimeFilter.wanted),
            updated_at=_asked(self.updated_at, DateTimeFilter.wanted),
            every=_each(self.and_, VariantWhere.wanted) or None,
            some=_each(self.or_, VariantWhere.wanted),
            none=_asked(self.not_, VariantWhere.wanted),
        )


def _asked(asked: Asked | None, meaning: Callable[[Asked], Wanted]) -> Wanted | None:
    return None if asked is None else meaning(asked)


def _each(
    asked: Iterable[Asked] | None, meaning: Callable[[Asked], Wanted]
) -> tuple[Wanted, ...] | None:
    return None if asked is None else tuple(map(meaning, asked))


def _keys(ids: IDFilter | None, kind: str) -> Ids | None:
    return None if ids is None else ids.keys(kind)


def _tuple(values: Iterable[Asked] | None) -> tuple[Asked, ...] | None:
    return None if values is None else tuple(values)
