"""Brands."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Update, delete, func, select, update
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import Brand, Product
from commerce.catalog.repository.slugged import SluggedRepository, SluggedRow
from commerce.catalog.visibility import visible_brands
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs

BrandRow = SluggedRow

BATCH = 5_000
BY_NAME = (SortKey(col(Brand.position)), SortKey(col(Brand.name)), SortKey(col(Brand.id)))


class BrandRepository(SluggedRepository):
    model = Brand
    kind = Sluggable.BRAND

    def seen(self) -> ColumnElement[bool]:
        return visible_brands(self._viewer)

    async def page(self, active: bool | None, args: PageArgs) -> Page[BrandRow]:
        """By position, then name."""
        rows = await self._uow.rows(paged(self._listed(active), BY_NAME, args))
        return page_of(rows, len(BY_NAME), args)

    async def count(self, active: bool | None, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._listed(active), limit)), limit)

    def _listed(self, active: bool | None) -> Select[Any]:
        every = self.visible()
        return every if active is None else every.where(col(Brand.active).is_(active))

    async def remove(self, id_: int) -> None:
        """Its products stay, and are nobody's from then on.

        A statement for every `BATCH` of them: search indexes each anew, and no statement may
        take longer than its time.
        """
        while await self._uow.change(_leaving(id_, BATCH)) == BATCH:
            pass
        await self._uow.change(delete(Brand).where(col(Brand.id) == id_))
        self._gone(id_)


def _leaving(id_: int, batch: int) -> Update:
    some = select(col(Product.id)).where(col(Product.brand_id) == id_).limit(batch)
    return (
        update(Product)
        .where(col(Product.id).in_(some))
        .values(brand_id=None, version=col(Product.version) + 1, updated_at=func.now())
    )
