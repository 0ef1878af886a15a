"""Collections."""

from collections.abc import Collection as Keys
from functools import lru_cache

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import Collection, CollectionProduct
from commerce.catalog.repository.slugged import SluggedRepository, SluggedRow
from commerce.catalog.visibility import visible_collections
from commerce.core.columns import columns_of
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    page_of,
    paged,
)
from commerce.core.nested import KEPT, NestedList
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

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
        return await of_products(self._viewer).pages(self._uow, ids, args)

    async def counts_by_product(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await of_products(self._viewer).counts(self._uow, ids, limit)

    async def remove(self, id_: int) -> None:
        """Its products stay where else they are."""
        await self._uow.change(delete(Collection).where(col(Collection.id) == id_))
        self._gone(id_)


@lru_cache(KEPT)
def of_products(viewer: Viewer) -> NestedList:
    own = col(CollectionProduct.collection_id) == col(Collection.id)
    visible = select(*columns_of(Collection)).where(visible_collections(viewer))
    return NestedList(OF_PRODUCT, visible.join(CollectionProduct, own), BY_TITLE)
