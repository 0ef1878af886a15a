"""What the storefront is told of stock."""

from collections.abc import Collection as Keys
from functools import cache
from typing import Any

from sqlalchemy import DateTime, Row, Select, bindparam, func, select
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.arrays import among_ids
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.inventory.availability import available, sellable_stock, variant_in_stock
from commerce.inventory.models import StockLevel

AT: Any = bindparam("at", type_=DateTime(timezone=True))


class AvailabilityRepository:
    """For walks that start at products and variants the viewer has been shown."""

    def __init__(self, uow: UnitOfWork, clock: Clock) -> None:
        self._uow = uow
        self._clock = clock

    async def by_variants(self, ids: Keys[int]) -> dict[int, Row[Any]]:
        """`available` and `threshold`, summed over active locations; none without any level."""
        rows = await self._uow.rows(_sums(), {"ids": list(ids), "at": self._clock()})
        return {row.variant_id: row for row in rows}

    async def by_products(self, ids: Keys[int]) -> dict[int, bool]:
        """Whether any live variant can be bought."""
        rows = await self._uow.rows(_in_stock(), {"ids": list(ids), "at": self._clock()})
        return {row.product_id: row.in_stock for row in rows}


# These run on every listing, and building one costs several times what running it does: once.
@cache
def _sums() -> Select[Any]:
    variant_id = col(StockLevel.variant_id)
    return (
        sellable_stock(
            variant_id,
            func.sum(available(AT)).label("available"),
            func.sum(col(StockLevel.low_stock_threshold)).label("threshold"),
        )
        .where(among_ids(variant_id))
        .group_by(variant_id)
    )


@cache
def _in_stock() -> Select[Any]:
    product_id = col(Variant.product_id)
    return (
        select(product_id, func.bool_or(variant_in_stock(AT)).label("in_stock"))
        .where(among_ids(product_id), col(Variant.archived_at).is_(None))
        .group_by(product_id)
    )
