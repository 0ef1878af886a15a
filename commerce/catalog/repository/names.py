"""Slugs and skus: who has them, and holding them while they are given."""

from collections.abc import Collection as Keys
from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, and_, func, select, true, union_all
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
        holder = (
            select(col(Variant.product_id))
            .where(col(Variant.sku) == given.c.sku, col(Variant.archived_at).is_(None))
            .limit(1)
            .lateral("holder")
        )
        # A look into the index for each: of a table just filled the planner would guess wrong.
        statement = select(given.c.sku, holder.c.product_id).join(holder, true())
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
    """The products with one of these ids or slugs, each found by a look into an index."""
    given_ids = table_of("given_ids", {"id": BigInteger()}, [(id_,) for id_ in ids])
    given_slugs = table_of("given_slugs", {"slug": Text()}, [(slug,) for slug in slugs])
    same = Product.__table__.alias("same")  # type: ignore[attr-defined]  # SQLModel sets it
    found = select(same.c.id).where(same.c.slug == given_slugs.c.slug).limit(1).lateral("found")
    by_slug = select(found.c.id).select_from(given_slugs).join(found, true())
    return col(Product.id).in_(union_all(select(given_ids.c.id), by_slug))
