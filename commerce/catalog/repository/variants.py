"""Variants and the option values they stand for."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import col

from commerce.catalog.models import OptionGroup, OptionValue, Product, Variant, VariantOption
from commerce.catalog.visibility import visible_variants
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

VariantRow = Row[Any]
SelectedOptionRow = Row[Any]

BY_POSITION = (SortKey(col(Variant.position)), SortKey(col(Variant.id)))


class VariantRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, VariantRow]:
        statement = self._visible().where(among(col(Variant.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_sku(self, sku: str) -> VariantRow | None:
        return await self._uow.row(self._visible().where(col(Variant.sku) == sku))

    async def pages_by_product(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[VariantRow]]:
        """The same page of variants for every product, in one statement."""
        statement = paged_by(ids, col(Variant.product_id), self._visible(), BY_POSITION, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_POSITION), args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Variant.product_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def selected_options(self, ids: Keys[int]) -> dict[int, Sequence[SelectedOptionRow]]:
        """`variant_id`, group `name` and `value` of each variant, in the groups' order."""
        statement: Any = (
            select(
                col(VariantOption.variant_id),
                col(OptionGroup.name),
                col(OptionValue.name).label("value"),
                col(OptionValue.id).label("value_id"),
            )
            .join(OptionGroup, col(OptionGroup.id) == col(VariantOption.group_id))
            .join(OptionValue, col(OptionValue.id) == col(VariantOption.value_id))
            .where(among(col(VariantOption.variant_id), ids))
            .order_by(col(OptionGroup.position), col(OptionGroup.id))
        )
        found: defaultdict[int, list[SelectedOptionRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.variant_id].append(row)
        return dict(found)

    def _visible(self) -> Select[Any]:
        return (
            select(*columns_of(Variant))
            .join(Product, col(Product.id) == col(Variant.product_id))
            .where(visible_variants(self._viewer))
        )
