"""Products by key, by slug and by what they belong to."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import (
    CollectionProduct,
    Product,
    ProductCategory,
    SlugRedirect,
)
from commerce.catalog.visibility import visible_products
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import (
    SortKey,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer

ProductRow = Row[Any]

# Every column but those the database keeps for sorting and search.
PRODUCT_COLUMNS = tuple(
    column
    for column in columns_of(Product)
    if column.computed is None and column.name != "brand_name"
)
NEWEST_FIRST = (
    SortKey(col(Product.created_at), descending=True),
    SortKey(col(Product.id), descending=True),
)
IN_CATEGORY = (SortKey(col(ProductCategory.position)), SortKey(col(Product.id)))
IN_COLLECTION = (SortKey(col(CollectionProduct.position)), SortKey(col(Product.id)))


class ProductRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, ProductRow]:
        statement = self._visible().where(among(col(Product.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_slug(self, slug: str) -> ProductRow | None:
        """By its slug, or by one it had before."""
        former = select(col(SlugRedirect.target_id)).where(
            col(SlugRedirect.kind) == Sluggable.PRODUCT, col(SlugRedirect.slug) == slug
        )
        named = col(Product.slug) == slug
        statement = (
            self._visible()
            .where(named | (col(Product.id) == former.scalar_subquery()))
            .order_by(named.desc())
            .limit(1)
        )
        return await self._uow.row(statement)

    async def any(self) -> bool:
        """Whether there is a product that the viewer sees."""
        statement = select(col(Product.id)).where(visible_products(self._viewer)).limit(1)
        return await self._uow.scalar(statement) is not None

    async def page(self, args: PageArgs) -> Page[ProductRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._visible(), NEWEST_FIRST, args))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def pages_by_category(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[ProductRow]]:
        """In each category's own order."""
        statement = paged_by(
            ids, col(ProductCategory.category_id), self._in_category(), IN_CATEGORY, args
        )
        return pages_of(await self._uow.rows(statement), ids, len(IN_CATEGORY), args)

    async def counts_by_category(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(ProductCategory.category_id), self._in_category(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def pages_by_collection(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[ProductRow]]:
        """In each collection's own order."""
        statement = paged_by(
            ids, col(CollectionProduct.collection_id), self._in_collection(), IN_COLLECTION, args
        )
        return pages_of(await self._uow.rows(statement), ids, len(IN_COLLECTION), args)

    async def counts_by_collection(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(
            ids, col(CollectionProduct.collection_id), self._in_collection(), limit
        )
        return counts_of(await self._uow.rows(statement), limit)

    async def pages_by_brand(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[ProductRow]]:
        """The newest first."""
        statement = paged_by(ids, col(Product.brand_id), self._visible(), NEWEST_FIRST, args)
        return pages_of(await self._uow.rows(statement), ids, len(NEWEST_FIRST), args)

    async def counts_by_brand(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Product.brand_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    def _visible(self) -> Select[Any]:
        return select(*PRODUCT_COLUMNS).where(visible_products(self._viewer))

    def _in_category(self) -> Select[Any]:
        return self._visible().join(
            ProductCategory, col(ProductCategory.product_id) == col(Product.id)
        )

    def _in_collection(self) -> Select[Any]:
        return self._visible().join(
            CollectionProduct, col(CollectionProduct.product_id) == col(Product.id)
        )
