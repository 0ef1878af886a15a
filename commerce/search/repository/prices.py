"""The prices that lists compare and sort by: those the viewer is shown."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    case,
    false,
    func,
    select,
    true,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.core.comparisons import range_is
from commerce.core.criteria import Amounts
from commerce.core.viewer import Viewer
from commerce.pricing.models import Price
from commerce.pricing.resolution import price_of, resolved_prices
from commerce.pricing.rules.prices import PriceTerms
from commerce.pricing.visibility import told_prices

Condition = ColumnElement[bool]
Joined = tuple[FromClause, Condition]


class Prices:
    """Three ways to the same amounts, for lists that differ in how many they need.

    To filter by they are worked out for the rows a page looks at, to sort by for all that a filter
    leaves, or all in one go. The latter two are a source of `amount` and what joins it to rows.
    """

    def __init__(self, terms: PriceTerms, viewer: Viewer) -> None:
        self._terms = terms
        self._told = told_prices(viewer)

    def lowest_within(self, bounds: Amounts) -> Condition:
        """Whether that of the product in a row is."""
        any_price = (
            select(true())
            .join_from(Variant, Price, col(Price.variant_id) == col(Variant.id))
            .where(col(Variant.product_id) == col(Product.id), range_is(col(Price.amount), bounds))
        )
        price = self._beside_variant()
        lowest = self._lowest(price).having(range_is(func.min(price.c.amount), bounds))
        return _if_any(any_price.correlate(Product), lowest)

    def lowest_beside(self) -> Joined:
        return self._lowest(self._beside_variant()).lateral("lowest"), true()

    def all_lowest(self) -> Joined:
        source = self.lowest_among().subquery("lowest")
        return source, source.c.product_id == col(Product.id)

    def lowest_among(self, rows: FromClause | None = None, *which: Condition) -> Select[Any]:
        """`product_id` and lowest `amount`: of those with an `id` in `rows`, or of all products."""
        each = self._resolved(col(Variant.product_id)).where(*which)
        if rows is not None:
            each = each.join(rows, rows.c.id == col(Variant.product_id))
        prices = each.subquery()
        amount = func.min(prices.c.amount).label("amount")
        return select(prices.c.product_id, amount).group_by(prices.c.product_id)

    def variant_within(self, bounds: Amounts) -> Condition:
        """Whether that of the variant in a row is, which is joined with its product."""
        any_price = select(true()).where(
            col(Price.variant_id) == col(Variant.id), range_is(col(Price.amount), bounds)
        )
        same = aliased(Variant)
        price = price_of(col(same.id), self._terms, col(Price.amount))
        applies = (
            select(price.c.amount)
            .join_from(same, price, true())
            .where(col(same.id) == col(Variant.id), range_is(price.c.amount, bounds), self._told)
        )
        return _if_any(any_price.correlate(Variant), applies.correlate(Variant, Product))

    def variant_beside(self) -> Joined:
        return self._beside_variant(), self._told

    def all_variants(self) -> Joined:
        source = self._resolved().subquery("price")
        return source, source.c.variant_id == col(Variant.id)

    def _beside_variant(self) -> FromClause:
        return price_of(col(Variant.id), self._terms, col(Price.amount))

    def _lowest(self, price: FromClause) -> Select[Any]:
        """Of the live variants of the product in a row, each of which has `price` beside it."""
        return (
            select(func.min(price.c.amount).label("amount"))
            .join_from(Variant, price, true())
            .where(col(Variant.product_id) == col(Product.id), self._told)
            .correlate(Product)
        )

    def _resolved(self, *columns: Any) -> Select[Any]:
        return (
            resolved_prices(self._terms, *columns, col(Price.amount))
            .join(Variant, col(Variant.id) == col(Price.variant_id))
            .join(Product, col(Product.id) == col(Variant.product_id))
            .where(self._told)
        )


def _if_any(candidate: Select[Any], found: Select[Any]) -> Condition:
    """Whether something is `found`, which takes longer to see than that there is no candidate.

    The candidate is a value: as an EXISTS the planner might look all of them up beforehand.
    """
    return case((candidate.limit(1).scalar_subquery(), found.exists()), else_=false())
