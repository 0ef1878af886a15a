"""Coupons."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.events import Event, EventType
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
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import IdempotencyConflict, Taken
from commerce.core.references import Claimed, claim
from commerce.core.unique import row_or_taken
from commerce.core.viewer import Viewer
from commerce.promotions.criteria import CouponWhere
from commerce.promotions.models import Coupon, CouponBatch
from commerce.promotions.repository.filters import coupons_where
from commerce.promotions.visibility import visible_promotions

CouponRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(Coupon))
NEWEST_FIRST = (
    SortKey(col(Coupon.created_at), descending=True),
    SortKey(col(Coupon.id), descending=True),
)
OLDEST_FIRST = (SortKey(col(Coupon.id)),)
TAKEN = {
    "uq_coupons_code_key": Taken("Another coupon has this code.", ("code",)),
    "uq_coupons_external_id": Taken("Another coupon has this id.", ("external_id",)),
}


class CouponRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, CouponRow]:
        statement = self._visible().where(among(col(Coupon.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_code(self, code_key: str) -> CouponRow | None:
        return await self._uow.row(self._visible().where(col(Coupon.code_key) == code_key))

    async def by_external_id(self, external_id: str) -> CouponRow | None:
        return await self._uow.row(self._visible().where(col(Coupon.external_id) == external_id))

    async def page(self, where: CouponWhere, args: PageArgs) -> Page[CouponRow]:
        """The newest first."""
        found = self._visible().where(*coupons_where(where))
        filtered = where != CouponWhere()
        rows = await self._uow.rows(paged(found, NEWEST_FIRST, args, filtered=filtered))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def count(self, where: CouponWhere, limit: int | None) -> Count:
        found = self._visible().where(*coupons_where(where))
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def pages_by_promotion(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[CouponRow]]:
        """In the order of adding."""
        statement = paged_by(ids, col(Coupon.promotion_id), self._visible(), OLDEST_FIRST, args)
        return pages_of(await self._uow.rows(statement), ids, len(OLDEST_FIRST), args)

    async def counts_by_promotion(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Coupon.promotion_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def to_change(self, id_: int) -> CouponRow | None:
        """Locked."""
        statement = select(*COLUMNS).where(col(Coupon.id) == id_)
        rows = await self._uow.locked(Rank.PROMOTION, statement)
        return rows[0] if rows else None

    async def add(self, values: Changes) -> CouponRow | Taken:
        statement = insert(Coupon).values(**values).returning(*COLUMNS)
        added = await row_or_taken(self._uow, statement, TAKEN)
        if not isinstance(added, Taken):
            self._uow.record(Event(EventType.COUPON_CREATED, "Coupon", added.id))
        return added

    async def add_new(self, coupons: Sequence[Changes]) -> int:
        """How many of them have codes that no other coupon has, and were added."""
        statement = insert(Coupon).values(list(coupons))
        new = statement.on_conflict_do_nothing(index_elements=["code_key"])
        ids = await self._uow.scalars(new.returning(col(Coupon.id)))
        for id_ in ids:
            self._uow.record(Event(EventType.COUPON_CREATED, "Coupon", id_))
        return len(ids)

    async def change(self, id_: int, changes: Changes) -> CouponRow | Taken:
        """The changed row of a coupon that is locked."""
        version = col(Coupon.version) + 1
        changed = await row_or_taken(
            self._uow,
            update(Coupon)
            .where(col(Coupon.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS),
            TAKEN,
        )
        if not isinstance(changed, Taken):
            data = {"changed": sorted(changes.keys() - {"code_key"})}
            self._uow.record(Event(EventType.COUPON_UPDATED, "Coupon", id_, data))
        return changed

    async def remove(self, id_: int) -> None:
        await self._uow.change(delete(Coupon).where(col(Coupon.id) == id_))
        self._uow.record(Event(EventType.COUPON_DELETED, "Coupon", id_))

    async def claim(
        self, actor: str, reference: str, digest: bytes
    ) -> Claimed | IdempotencyConflict:
        """The batch under this reference: made now, unless it was before."""
        return await claim(self._uow, CouponBatch, actor, reference, digest)

    async def of_batch(self, batch_id: int) -> Sequence[CouponRow]:
        statement = select(*COLUMNS).where(col(Coupon.batch_id) == batch_id)
        return await self._uow.rows(statement.order_by(col(Coupon.id)))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_promotions(self._viewer))
