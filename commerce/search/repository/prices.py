"""The prices that lists compare and sort by: those the viewer is shown."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.core.viewer import Viewer
from commerce.pricing.models import Price
from commerce.pricing.resolution import price_of, resolved_prices
from commerce.pricing.rules import PriceTerms
from commerce.pricing.visibility import told_prices

Joined = tuple[FromClause, ColumnElement[bool]]


class Prices:
    """Three ways to the same amounts, for lists that differ in how many they need.

    As a value they are worked out for the rows a page looks at; beside rows, for all that a filter
    leaves; and all in one go. The latter two are a source of `amount` and what joins it to rows.
    """

    def __init__(self, terms: PriceTerms, viewer: Viewer) -> None:
        self._terms = terms
        self._told = told_prices(viewer)

    def lowest(self) -> Any:
        """Of the live variants of the product in a row."""
        return self._lowest().scalar_subquery()

    def lowest_beside(self) -> Joined:
        return self._lowest().lateral("lowest"), true()

    def all_lowest(self) -> Joined:
        prices = self._resolved(col(Variant.product_id)).subquery()
        amount = func.min(prices.c.amount).label("amount")
        lowest = select(prices.c.product_id, amount).group_by(prices.c.product_id)
        source = lowest.subquery("lowest")
        return source, source.c.product_id == col(Product.id)

    def of_variant(self) -> Any:
        """Of the variant in a row, which is joined with its product."""
        same = aliased(Variant)
        price = price_of(col(same.id), self._terms, col(Price.amount))
        amount = (
            select(price.c.amount)
            .join_from(same, price, true())
            .where(col(same.id) == col(Variant.id))
            .correlate(Variant)
        )
        return case((self._told, amount.scalar_subquery()))

    def variant_beside(self) -> Joined:
        return price_of(col(Variant.id), self._terms, col(Price.amount)), self._told

    def all_variants(self) -> Joined:
        source = self._resolved().subquery("price")
        return source, source.c.variant_id == col(Variant.id)

    def _lowest(self) -> Select[Any]:
        price = price_of(col(Variant.id), self._terms, col(Price.amount))
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
