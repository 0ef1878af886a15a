"""Rules of lists that need no data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from commerce.core.criteria import MAX_TEXT, Direction, check_leaf, check_order, parts_of
from commerce.core.problems import BadInputError
from commerce.core.viewer import Viewer
from commerce.pricing.rules.prices import PriceTerms
from commerce.search.criteria import (
    CategoryIs,
    FacetWanted,
    ProductListing,
    ProductOrder,
    ProductWhere,
    VariantListing,
    VariantOrder,
)
from commerce.search.kinds import FacetKind, ProductOrderField, VariantOrderField

MAX_FACETS: Final = 12
MAX_FACET_VALUES: Final = 100

NEWEST_PRODUCTS = (ProductOrder(ProductOrderField.CREATED_AT, Direction.DESC),)
NEWEST_VARIANTS = (VariantOrder(VariantOrderField.CREATED_AT, Direction.DESC),)
MOST_RELEVANT = (ProductOrder(ProductOrderField.RELEVANCE, Direction.DESC),)


def product_order(listing: ProductListing) -> tuple[ProductOrder, ...]:
    """The order that applies; raises `BadInputError` for one this listing cannot have."""
    check_order(listing.order)
    sorts = {order.field for order in listing.order}
    if ProductOrderField.RELEVANCE in sorts and listing.words is None:
        raise BadInputError("RELEVANCE orders what `search` found.")
    if ProductOrderField.CATEGORY_POSITION in sorts and only_category(listing.where) is None:
        raise BadInputError("CATEGORY_POSITION needs a filter by one category.")
    if listing.words:
        return listing.order or MOST_RELEVANT
    known = (order for order in listing.order if order.field is not ProductOrderField.RELEVANCE)
    return tuple(known) or NEWEST_PRODUCTS


def variant_order(listing: VariantListing) -> tuple[VariantOrder, ...]:
    check_order(listing.order)
    return listing.order or NEWEST_VARIANTS


def categories_in(where: ProductWhere) -> set[CategoryIs]:
    """Every mention of categories, on all levels."""
    own = set(where.categories or ())
    return own.union(*(categories_in(part) for part in parts_of(where)))


def with_branches(where: ProductWhere, found: Mapping[CategoryIs, CategoryIs]) -> ProductWhere:
    """The same filter with the categories as they were `found`."""
    changed: dict[str, Any] = {}
    if where.categories is not None:
        changed["categories"] = tuple(found[each] for each in where.categories)
    if where.every is not None:
        changed["every"] = tuple(with_branches(part, found) for part in where.every)
    if where.some is not None:
        changed["some"] = tuple(with_branches(part, found) for part in where.some)
    if where.none is not None:
        changed["none"] = with_branches(where.none, found)
    return replace(where, **changed)


def only_category(where: ProductWhere) -> CategoryIs | None:
    """The filter that names exactly one category, if there is one."""
    named = where.categories or ()
    return next((each for each in named if _names_one(each)), None)


def _names_one(category: CategoryIs) -> bool:
    names = category.ids if category.slug is None else category.slug.any_of
    return len(names or ()) == 1


def price_terms(
    listing: ProductListing | VariantListing, viewer: Viewer, at: datetime
) -> PriceTerms:
    """Under what circumstances the prices count that this viewer compares then."""
    return PriceTerms(at, currency=listing.currency, group=viewer.customer_group_id)


def check_facets(facets: Sequence[FacetWanted]) -> None:
    if not 1 <= len(facets) <= MAX_FACETS:
        raise BadInputError(f"facets takes 1 to {MAX_FACETS} items.")
    for facet in facets:
        if not 1 <= facet.limit <= MAX_FACET_VALUES:
            raise BadInputError(f"A facet's limit must be from 1 to {MAX_FACET_VALUES}.")
        check_leaf(facet.name)
        if len(facet.name or "") > MAX_TEXT:
            raise BadInputError("A facet's name is too long.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Values of one facet that a filter asks for.

    `name` is the option in lower case, or the attribute's code. `leaves_out` finds the products
    that fit everything else.
    """

    kind: FacetKind
    name: str
    leaves_out: ProductWhere


CHOSEN_BY: Final = {
    FacetKind.CATEGORY: "categories",
    FacetKind.BRAND: "brand_ids",
    FacetKind.PRICE: "price",
    FacetKind.AVAILABILITY: "in_stock",
}


def choices_of(where: ProductWhere) -> list[Choice]:
    """The choices on the top level of a filter; what is inside AND, OR and NOT is fixed."""
    found = [
        Choice(kind, "", _but_not(where, **{name: None}, own={name: getattr(where, name)}))
        for kind, name in CHOSEN_BY.items()
        if getattr(where, name) is not None
    ]
    return [*found, *_option_choices(where), *_attribute_choices(where)]


def _option_choices(where: ProductWhere) -> Iterator[Choice]:
    """All options are asked of one variant: without one it may be another variant."""
    options = where.options or ()
    for name in dict.fromkeys(option.name.lower() for option in options):
        others = tuple(option for option in options if option.name.lower() != name)
        yield Choice(
            FacetKind.OPTION,
            name,
            _but_not(where, options=others or None, own={"options": options}),
        )


def _attribute_choices(where: ProductWhere) -> Iterator[Choice]:
    attributes = where.attributes or ()
    for code in dict.fromkeys(attribute.code for attribute in attributes):
        others = tuple(attribute for attribute in attributes if attribute.code != code)
        own = tuple(attribute for attribute in attributes if attribute.code == code)
        yield Choice(
            FacetKind.ATTRIBUTE,
            code,
            _but_not(where, attributes=others or None, own={"attributes": own}),
        )


def _but_not(where: ProductWhere, own: dict[str, Any], **rest: Any) -> ProductWhere:
    """What the filter finds with `rest` instead, and does not find because of its `own`."""
    missed = ProductWhere(none=ProductWhere(**own))
    return replace(where, **rest, every=(*(where.every or ()), missed))
