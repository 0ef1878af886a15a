"""Collections."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import ColumnElement, Select, delete
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import Collection, CollectionProduct
from commerce.catalog.repository.slugged import SluggedRepository, SluggedRow
from commerce.catalog.visibility import visible_collections
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs

CollectionRow = SluggedRow

BY_TITLE = (
    SortKey(col(Collection.position)),
    SortKey(col(Collection.title)),
    SortKey(col(Collection.id)),
)
OF_PRODUCT = col(CollectionProduct.product_id)


class CollectionRepository(SluggedRepository):
    model = Collection
    kind = Sluggable.COLLECTION

    def seen(self) -> ColumnElement[bool]:
        return visible_collections(self._viewer)

    async def page(self, args: PageArgs) -> Page[CollectionRow]:
        """By position, then title."""
        rows = await self._uow.rows(paged(self.visible(), BY_TITLE, args))
        return page_of(rows, len(BY_TITLE), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self.visible(), limit)), limit)

    async def pages_by_product(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[CollectionRow]]:
        """What each product is in, in the collections' own order."""
        statement = paged_by(ids, OF_PRODUCT, self._with_products(), BY_TITLE, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_TITLE), args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, OF_PRODUCT, self._with_products(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def remove(self, id_: int) -> None:
        """Its products stay where else they are."""
        await self._uow.change(delete(Collection).where(col(Collection.id) == id_))

    def _with_products(self) -> Select[Any]:
        own = col(CollectionProduct.collection_id) == col(Collection.id)
        return self.visible().join(CollectionProduct, own)
