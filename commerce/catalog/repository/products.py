"""Products by key, by slug and by what they belong to."""

from collections.abc import Collection as Keys
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, literal_column, select
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import (
    CollectionProduct,
    Product,
    ProductCategory,
    SlugRedirect,
)
from commerce.catalog.visibility import visible_products
from commerce.core.arrays import among_ids
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.keyset import (
    SortKey,
)
from commerce.core.nested import KEPT, NestedList
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
        rows = await self._uow.rows(by_ids(self._viewer), {"ids": list(ids)})
        return {row.id: row for row in rows}

    async def by_slug(self, slug: str) -> ProductRow | None:
        """By its slug, or by one it had before."""
        rows = await self._uow.rows(by_slug(self._viewer), {"slug": slug})
        return rows[0] if rows else None

    async def any(self) -> bool:
        """Whether there is a product that the viewer sees."""
        statement = select(col(Product.id)).where(visible_products(self._viewer)).limit(1)
        return await self._uow.scalar(statement) is not None

    async def pages_by_category(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[ProductRow]]:
        """In each category's own order."""
        return await in_categories(self._viewer).pages(self._uow, ids, args)

    async def counts_by_category(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await in_categories(self._viewer).counts(self._uow, ids, limit)

    async def pages_by_collection(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[ProductRow]]:
        """In each collection's own order."""
        return await in_collections(self._viewer).pages(self._uow, ids, args)

    async def counts_by_collection(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await in_collections(self._viewer).counts(self._uow, ids, limit)

    async def pages_by_brand(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[ProductRow]]:
        """The newest first."""
        return await of_brands(self._viewer).pages(self._uow, ids, args)

    async def counts_by_brand(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await of_brands(self._viewer).counts(self._uow, ids, limit)

    def _visible(self) -> Select[Any]:
        return visible(self._viewer)


@lru_cache(KEPT)
def visible(viewer: Viewer) -> Select[Any]:
    """Every product that the viewer sees."""
    return select(*PRODUCT_COLUMNS).where(visible_products(viewer))


@lru_cache(KEPT)
def by_ids(viewer: Viewer) -> Select[Any]:
    return visible(viewer).where(among_ids(col(Product.id)))


@lru_cache(KEPT)
def by_slug(viewer: Viewer) -> Select[Any]:
    """The product with `slug`, else the one that had it before."""
    slug: Any = bindparam("slug", type_=Text())
    former = select(col(SlugRedirect.target_id)).where(
        col(SlugRedirect.kind) == Sluggable.PRODUCT, col(SlugRedirect.slug) == slug
    )
    named = col(Product.slug) == slug
    found = named | (col(Product.id) == former.scalar_subquery())
    return visible(viewer).where(found).order_by(named.desc()).limit(literal_column("1"))


@lru_cache(KEPT)
def in_categories(viewer: Viewer) -> NestedList:
    same = col(ProductCategory.product_id) == col(Product.id)
    products = visible(viewer).join(ProductCategory, same)
    return NestedList(col(ProductCategory.category_id), products, IN_CATEGORY)


@lru_cache(KEPT)
def in_collections(viewer: Viewer) -> NestedList:
    same = col(CollectionProduct.product_id) == col(Product.id)
    products = visible(viewer).join(CollectionProduct, same)
    return NestedList(col(CollectionProduct.collection_id), products, IN_COLLECTION)


@lru_cache(KEPT)
def of_brands(viewer: Viewer) -> NestedList:
    return NestedList(col(Product.brand_id), visible(viewer), NEWEST_FIRST)
