"""What the storefront is told of stock."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.db import UnitOfWork, among
from commerce.inventory.availability import available, sellable_stock, variant_in_stock
from commerce.inventory.models import StockLevel


class AvailabilityRepository:
    """For walks that start at products and variants the viewer has been shown."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_variants(self, ids: Keys[int]) -> dict[int, Row[Any]]:
        """`available` and `threshold`, summed over active locations; none without any level."""
        variant_id = col(StockLevel.variant_id)
        statement = (
            sellable_stock(
                variant_id,
                func.sum(available()).label("available"),
                func.sum(col(StockLevel.low_stock_threshold)).label("threshold"),
            )
            .where(among(variant_id, ids))
            .group_by(variant_id)
        )
        return {row.variant_id: row for row in await self._uow.rows(statement)}

    async def by_products(self, ids: Keys[int]) -> dict[int, bool]:
        """Whether any live variant can be bought."""
        product_id = col(Variant.product_id)
        statement = (
            select(product_id, func.bool_or(variant_in_stock()).label("in_stock"))
            .where(among(product_id, ids), col(Variant.archived_at).is_(None))
            .group_by(product_id)
        )
        return {row.product_id: row.in_stock for row in await self._uow.rows(statement)}
