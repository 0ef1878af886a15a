"""Whole products for export, some of them at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from commerce.catalog.models import (
    Media,
    OptionGroup,
    OptionValue,
    Variant,
    VariantOption,
)
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.inventory.models import StockLevel, StockLocation
from commerce.pricing.models import Price, PriceList


@dataclass(frozen=True, slots=True)
class ExportedProduct:
    """A product with its live variants (price, stock and option values beside each)."""

    row: Row[Any]
    option_names: Sequence[str]
    variants: Sequence[Row[Any]]
    media: Sequence[Row[Any]]


class WholeProductRepository:
    """Reads everything, for those who may: its callers have found the products before."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def described(self, rows: Sequence[Row[Any]]) -> list[ExportedProduct]:
        """Rows of products with all that belongs to them, in the same order: three statements."""
        ids = [row.id for row in rows]
        options, variants, media = (
            await self._options(ids),
            await self._variants(ids),
            await self._media(ids),
        )
        return [
            ExportedProduct(
                row,
                [option.name for option in options[row.id]],
                variants[row.id],
                media[row.id],
            )
            for row in rows
        ]

    async def _options(self, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
        statement = (
            select(col(OptionGroup.product_id), col(OptionGroup.name))
            .where(among(col(OptionGroup.product_id), ids))
            .order_by(col(OptionGroup.position), col(OptionGroup.id))
        )
        return _by_product(await self._uow.rows(statement))

    async def _media(self, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
        statement = (
            select(*columns_of(Media))
            .where(among(col(Media.product_id), ids))
            .order_by(col(Media.position), col(Media.id))
        )
        return _by_product(await self._uow.rows(statement))

    async def _variants(self, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
        """Prices of the default list for one unit, stock of the default location."""
        in_order = aggregate_order_by(
            col(OptionValue.name), col(OptionGroup.position), col(OptionGroup.id)
        )
        chosen = (
            select(func.array_agg(in_order))
            .select_from(VariantOption)
            .join(OptionGroup, col(OptionGroup.id) == col(VariantOption.group_id))
            .join(OptionValue, col(OptionValue.id) == col(VariantOption.value_id))
            .where(col(VariantOption.variant_id) == col(Variant.id))
            .correlate(Variant)
            .scalar_subquery()
        )
        statement = (
            select(
                *columns_of(Variant),
                chosen.label("option_values"),
                col(Price.amount),
                col(Price.compare_at),
                col(Price.cost),
                col(PriceList.currency),
                col(StockLevel.on_hand),
                col(Media.url).label("media_url"),
            )
            .outerjoin_from(Variant, PriceList, col(PriceList.is_default).is_(True))
            .outerjoin(
                Price,
                and_(
                    col(Price.price_list_id) == col(PriceList.id),
                    col(Price.variant_id) == col(Variant.id),
                    col(Price.min_quantity) == 1,
                ),
            )
            .outerjoin(StockLocation, col(StockLocation.is_default).is_(True))
            .outerjoin(
                StockLevel,
                and_(
                    col(StockLevel.location_id) == col(StockLocation.id),
                    col(StockLevel.variant_id) == col(Variant.id),
                ),
            )
            .outerjoin(Media, col(Media.id) == col(Variant.media_id))
            .where(among(col(Variant.product_id), ids), col(Variant.archived_at).is_(None))
            .order_by(col(Variant.position), col(Variant.id))
        )
        return _by_product(await self._uow.rows(statement))


def _by_product(rows: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.product_id].append(row)
    return found
