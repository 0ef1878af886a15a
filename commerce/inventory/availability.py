"""How much of a variant can be sold: the one rule, as SQL to build on."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select
from sqlmodel import col

from commerce.catalog.kinds import BackorderPolicy
from commerce.catalog.models import Variant
from commerce.inventory.models import StockLevel, StockLocation, StockReservation


def sellable_stock(*columns: Any) -> Select[Any]:
    """`columns` of the levels at active locations; the others sell nothing."""
    return (
        select(*columns)
        .join_from(StockLevel, StockLocation, col(StockLocation.id) == col(StockLevel.location_id))
        .where(col(StockLocation.active))
    )


def available(at: datetime) -> ColumnElement[Any]:
    """Of a level: on hand, not reserved for orders, and not held by carts then."""
    return col(StockLevel.on_hand) - col(StockLevel.reserved) - held(at)


def held(at: datetime) -> ColumnElement[Any]:
    """Of a level: what carts hold then."""
    live = (
        col(StockReservation.variant_id) == col(StockLevel.variant_id),
        col(StockReservation.location_id) == col(StockLevel.location_id),
        col(StockReservation.expires_at) > at,
    )
    units = func.coalesce(func.sum(col(StockReservation.quantity)), 0)
    return select(cast(units, Integer)).where(*live).correlate(StockLevel).scalar_subquery()


def variant_in_stock(at: datetime) -> ColumnElement[bool]:
    """Whether the variant of a row is sold, and in stock then: `rules.in_stock` in SQL."""
    left = (
        sellable_stock(func.coalesce(func.sum(available(at)), 0))
        .where(col(StockLevel.variant_id) == col(Variant.id))
        .correlate(Variant)
        .scalar_subquery()
    )
    return and_(
        col(Variant.active),
        or_(
            col(Variant.track_stock).is_(False),
            col(Variant.backorder) == BackorderPolicy.ALLOW,
            left > 0,
        ),
    )
