"""Slugs and skus: who has them, and holding them while they are given."""

from collections.abc import Collection as Keys
from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

from sqlalchemy import ColumnElement, Integer, Text, and_, func, or_, select, union_all
from sqlmodel import col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import Product, SlugRedirect, Variant
from commerce.core.arrays import table_of
from commerce.core.db import UnitOfWork, among

# Advisory locks on names: (this, one of the buckets), taken in the order of the buckets.
NAMES: Final = 0x6E616D65
BUCKETS: Final = 512


class NameRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self, slugs: Iterable[str] = (), skus: Iterable[str] = ()) -> None:
        """Until this transaction ends nobody else gives or takes these slugs and skus.

        Names share a fixed number of locks: a large import must not fill the lock table.
        """
        names = [*(f"slug {slug}" for slug in slugs), *(f"sku {sku}" for sku in skus)]
        buckets = sorted({crc32(name.encode()) % BUCKETS for name in names})
        if not buckets:
            return
        given = table_of("given", {"bucket": Integer()}, [(bucket,) for bucket in buckets])
        await self._uow.rows(select(func.pg_advisory_xact_lock(NAMES, given.c.bucket)))

    async def sku_owners(self, skus: Keys[str]) -> dict[str, int]:
        """The product of each sku that a live variant has."""
        if not skus:
            return {}
        given = table_of("given", {"sku": Text()}, [(sku,) for sku in skus])
        # A join, as long lists are compared one by one while the planner knows little of a table.
        statement = (
            select(col(Variant.sku), col(Variant.product_id))
            .join(given, given.c.sku == col(Variant.sku))
            .where(col(Variant.archived_at).is_(None))
        )
        return {row.sku: row.product_id for row in await self._uow.rows(statement)}

    async def slug_owners(self, slugs: Keys[str]) -> dict[str, int]:
        if not slugs:
            return {}
        statement = select(col(Product.slug), col(Product.id)).where(
            among(col(Product.slug), slugs, Text())
        )
        return {row.slug: row.id for row in await self._uow.rows(statement)}

    async def slugs_in_use(self, slugs: Keys[str]) -> frozenset[str]:
        """Those that a product has, or had: its old links shall go on leading to it."""
        former = select(col(SlugRedirect.slug)).where(
            col(SlugRedirect.kind) == Sluggable.PRODUCT,
            among(col(SlugRedirect.slug), slugs, Text()),
        )
        present = select(col(Product.slug)).where(among(col(Product.slug), slugs, Text()))
        return frozenset(await self._uow.scalars(union_all(present, former)))

    async def skus_to_return(self, ids: Keys[int], slugs: Keys[str]) -> Sequence[str]:
        """The skus of what was archived together with these products."""
        statement = (
            select(col(Variant.sku))
            .join(Product, lives_with_product())
            .where(named(ids, slugs), col(Product.archived_at).is_not(None))
            .where(col(Variant.sku).is_not(None))
        )
        return await self._uow.scalars(statement)


def lives_with_product() -> ColumnElement[bool]:
    """A variant lives as long as its product: an archived one's were archived with it."""
    return and_(
        col(Product.id) == col(Variant.product_id),
        col(Variant.archived_at).is_not_distinct_from(col(Product.archived_at)),
    )


def named(ids: Keys[int], slugs: Keys[str]) -> ColumnElement[bool]:
    return or_(among(col(Product.id), ids), among(col(Product.slug), slugs, Text()))
