"""Pictures and films of products."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import col

from commerce.catalog.models import Media, Product
from commerce.catalog.visibility import visible_products
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

MediaRow = Row[Any]

BY_POSITION = (SortKey(col(Media.position)), SortKey(col(Media.id)))
FIRST = PageArgs(1)


class MediaRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, MediaRow]:
        statement = self._visible().where(among(col(Media.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def first_by_product(self, ids: Keys[int]) -> dict[int, MediaRow]:
        """Each product's first picture; products without any are left out."""
        statement = paged_by(ids, col(Media.product_id), self._every(), BY_POSITION, FIRST)
        found: dict[int, MediaRow] = {}
        for row in await self._uow.rows(statement):
            found.setdefault(row.owner_id, row)
        return found

    async def pages_by_product(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[MediaRow]]:
        statement = paged_by(ids, col(Media.product_id), self._every(), BY_POSITION, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_POSITION), args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Media.product_id), self._every(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    def _every(self) -> Select[Any]:
        """For walks that start at products the viewer has already been shown."""
        return select(*columns_of(Media))

    def _visible(self) -> Select[Any]:
        product = col(Product.id) == col(Media.product_id)
        return self._every().join(Product, product).where(visible_products(self._viewer))
