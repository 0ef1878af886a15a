"""The products that facets count, and which of the choices made so far each of them fits.

A facet leaves its own choices out when it counts, so that a second value of it can be added. What
no facet speaks of holds for all of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import CTE, ColumnElement
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.core.viewer import Viewer
from commerce.search.criteria import AttributeIs, ProductListing, ProductWhere
from commerce.search.kinds import FacetKind
from commerce.search.repository.comparisons import range_is
from commerce.search.repository.product_filters import ProductFilter, has_attribute
from commerce.search.repository.product_rows import ProductRows
from commerce.search.repository.stock import product_in_stock
from commerce.search.rules import without_facets

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class FacetBase:
    """`rows` has an `id` and what the facets need of each product; `where` is the filter."""

    rows: CTE
    where: ProductWhere
    viewer: Viewer
    fits: Mapping[str, Condition]

    def others(self, kind: FacetKind) -> list[Condition]:
        """That a product fits the choices of all other facets."""
        return [column for name, column in self.fits.items() if not name.startswith(kind.value)]

    def attributes(self) -> Iterator[tuple[AttributeIs, Condition]]:
        """The choices of attributes, and whether a product fits."""
        for number, wanted in enumerate(self.where.attributes or ()):
            yield wanted, self.fits[_attribute(number)]


def facet_base(
    listing: ProductListing, viewer: Viewer, at: datetime, kinds: Collection[FacetKind]
) -> FacetBase:
    where = listing.where
    rows = ProductRows(replace(listing, where=without_facets(where)), viewer, at)
    price = None
    if FacetKind.PRICE in kinds or where.price is not None:
        statement, price = rows.priced(col(Product.id))
    else:
        statement = rows.matching(col(Product.id))
    fits = {f"fits_{name}": test for name, test in _fits(where, viewer, price)}
    columns = [*_columns(kinds, price), *(test.label(name) for name, test in fits.items())]
    base = statement.add_columns(*columns).cte("base")
    named = {name.removeprefix("fits_"): base.c[name] for name in fits}
    return FacetBase(base, where, viewer, named)


def _columns(kinds: Collection[FacetKind], price: Any) -> Iterator[Any]:
    if FacetKind.BRAND in kinds:
        yield col(Product.brand_id)
    if FacetKind.AVAILABILITY in kinds:
        yield product_in_stock().label("in_stock")
    if FacetKind.PRICE in kinds:
        yield price.label("price")


def _fits(where: ProductWhere, viewer: Viewer, price: Any) -> Iterator[tuple[str, Condition]]:
    test = ProductFilter(viewer, partial(range_is, price))
    if where.categories is not None:
        yield FacetKind.CATEGORY.value, test.categories(where.categories)
    if where.brand_ids is not None:
        yield FacetKind.BRAND.value, test.brands(where.brand_ids)
    if where.price is not None:
        yield FacetKind.PRICE.value, test.price(where.price)
    if where.in_stock is not None:
        yield FacetKind.AVAILABILITY.value, test.in_stock(where.in_stock)
    if where.options is not None:
        yield FacetKind.OPTION.value, test.options(where.options)
    for number, wanted in enumerate(where.attributes or ()):
        yield _attribute(number), has_attribute(wanted)


def _attribute(number: int) -> str:
    return f"{FacetKind.ATTRIBUTE.value}_{number}"
