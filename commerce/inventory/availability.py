"""How much of a variant can be sold: the one rule, as SQL to build on."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import col

from commerce.catalog.kinds import BackorderPolicy
from commerce.catalog.models import Variant
from commerce.inventory.models import StockLevel, StockLocation


def sellable_stock(*columns: Any) -> Select[Any]:
    """`columns` of the levels at active locations; the others sell nothing."""
    return (
        select(*columns)
        .join_from(StockLevel, StockLocation, col(StockLocation.id) == col(StockLevel.location_id))
        .where(col(StockLocation.active))
    )


def available() -> ColumnElement[Any]:
    """Of a level: on hand and not reserved."""
    return col(StockLevel.on_hand) - col(StockLevel.reserved)


def variant_in_stock() -> ColumnElement[bool]:
    """Whether the variant of a statement's row can be bought: `rules.in_stock` in SQL."""
    left = (
        sellable_stock(func.coalesce(func.sum(available()), 0))
        .where(col(StockLevel.variant_id) == col(Variant.id))
        .correlate(Variant)
        .scalar_subquery()
    )
    return or_(
        col(Variant.track_stock).is_(False),
        col(Variant.backorder) == BackorderPolicy.ALLOW,
        left > 0,
    )
