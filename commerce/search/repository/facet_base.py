"""The products that facets count.

A facet leaves its own choices out when it counts, so that a second value of it can be added. Those
who fit all choices count for every facet; those whom one choice leaves out, for its facet alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, literal_column, union_all
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.core.viewer import Viewer
from commerce.search.criteria import ProductListing, ProductWhere
from commerce.search.kinds import FacetKind
from commerce.search.repository.prices import Prices
from commerce.search.repository.product_rows import ProductRows
from commerce.search.repository.words import Words
from commerce.search.rules import Choice, choices_of, price_terms

FITS_ALL = 0


@dataclass(frozen=True, slots=True)
class FacetBase:
    """`rows` has the `id` of each product and the number of the choice that leaves it out."""

    rows: CTE
    where: ProductWhere
    choices: Mapping[int, Choice]
    viewer: Viewer
    prices: Prices
    at: datetime

    def counting(self, kind: FacetKind) -> ColumnElement[bool]:
        """Whether a row counts for a facet of this kind, which has no others of its kind."""
        own = [number for number, choice in self.choices.items() if choice.kind is kind]
        return self.rows.c.left_out_by.in_([FITS_ALL, *own])

    def chosen(self, kind: FacetKind) -> list[tuple[Choice, ColumnElement[bool]]]:
        """The choices among facets of this kind, and whether one leaves a row out."""
        return [
            (choice, self.rows.c.left_out_by == number)
            for number, choice in self.choices.items()
            if choice.kind is kind
        ]

    @property
    def fits_all(self) -> ColumnElement[bool]:
        fits: ColumnElement[bool] = self.rows.c.left_out_by == FITS_ALL
        return fits


def facet_base(
    listing: ProductListing, viewer: Viewer, at: datetime, kinds: Collection[FacetKind], most: int
) -> FacetBase:
    """At most the `most` first of those who fit all choices, and of those each one leaves out."""
    wanted = [choice for choice in choices_of(listing.where) if choice.kind in kinds]
    choices = dict(enumerate(wanted, FITS_ALL + 1))
    words = Words(listing.words, viewer) if listing.words else None
    rows_of = partial(_rows, listing, viewer, at, words, most)
    left_out = [rows_of(choice.leaves_out, number) for number, choice in choices.items()]
    rows = union_all(rows_of(listing.where, FITS_ALL), *left_out).cte("base")
    prices = Prices(price_terms(listing, viewer, at), viewer)
    return FacetBase(rows, listing.where, choices, viewer, prices, at)


def _rows(
    listing: ProductListing,
    viewer: Viewer,
    at: datetime,
    words: Words | None,
    most: int,
    where: ProductWhere,
    number: int,
) -> Select[Any]:
    rows = ProductRows(replace(listing, where=where), viewer, at, words)
    left_out_by: Any = literal_column(str(number)).label("left_out_by")
    return rows.matching(col(Product.id), left_out_by).limit(most)
