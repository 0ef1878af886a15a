"""Variants and the option values they stand for."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import col

from commerce.catalog.models import OptionGroup, OptionValue, Product, Variant, VariantOption
from commerce.catalog.visibility import visible_variants
from commerce.core.arrays import among_ids
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.keyset import SortKey
from commerce.core.nested import KEPT, NestedList
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
        rows = await self._uow.rows(by_ids(self._viewer), {"ids": list(ids)})
        return {row.id: row for row in rows}

    async def by_sku(self, sku: str) -> VariantRow | None:
        return await self._uow.row(visible(self._viewer).where(col(Variant.sku) == sku))

    async def pages_by_product(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[VariantRow]]:
        """The same page of variants for every product, in one statement."""
        return await of_products(self._viewer).pages(self._uow, ids, args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await of_products(self._viewer).counts(self._uow, ids, limit)

    async def selected_options(self, ids: Keys[int]) -> dict[int, Sequence[SelectedOptionRow]]:
        """`variant_id`, group `name` and `value` of each variant, in the groups' order."""
        found: defaultdict[int, list[SelectedOptionRow]] = defaultdict(list)
        for row in await self._uow.rows(chosen_options(), {"ids": list(ids)}):
            found[row.variant_id].append(row)
        return dict(found)


@lru_cache(KEPT)
def visible(viewer: Viewer) -> Select[Any]:
    """Every variant that the viewer sees."""
    return (
        select(*columns_of(Variant))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .where(visible_variants(viewer))
    )


@lru_cache(KEPT)
def by_ids(viewer: Viewer) -> Select[Any]:
    return visible(viewer).where(among_ids(col(Variant.id)))


@lru_cache(KEPT)
def of_products(viewer: Viewer) -> NestedList:
    return NestedList(col(Variant.product_id), visible(viewer), BY_POSITION)


@cache
def chosen_options() -> Any:
    return (
        select(
            col(VariantOption.variant_id),
            col(OptionGroup.name),
            col(OptionValue.name).label("value"),
            col(OptionValue.id).label("value_id"),
        )
        .join(OptionGroup, col(OptionGroup.id) == col(VariantOption.group_id))
        .join(OptionValue, col(OptionValue.id) == col(VariantOption.value_id))
        .where(among_ids(col(VariantOption.variant_id)))
        .order_by(col(OptionGroup.position), col(OptionGroup.id))
    )
