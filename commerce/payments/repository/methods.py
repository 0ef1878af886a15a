"""Payment methods."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.arrays import among_ids
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.nested import KEPT
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import InUse, Taken
from commerce.core.unique import row_or_taken
from commerce.core.viewer import Viewer
from commerce.payments.kinds import OFFLINE, MethodKind
from commerce.payments.models import PaymentMethod
from commerce.payments.visibility import visible_methods

MethodRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(PaymentMethod))
BY_POSITION = (SortKey(col(PaymentMethod.position)), SortKey(col(PaymentMethod.id)))
TAKEN = {"uq_payment_methods_code": Taken("Another payment method has this code.", ("code",))}
FIRST = {
    "code": "manual",
    "name": "Pay later",
    "instructions": "We will tell you how to pay.",
    "kind": MethodKind.OTHER,
    "provider": OFFLINE,
}
IN_USE = InUse("Payments were made with it: deactivate it instead.", ("id",))


class MethodRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, MethodRow]:
        rows = await self._uow.rows(_by_ids(self._viewer.sight), {"ids": list(ids)})
        return {row.id: row for row in rows}

    async def of_payments(self, ids: Keys[int]) -> dict[int, MethodRow]:
        """What payments that the viewer sees were made with, on offer or not."""
        statement = select(*COLUMNS).where(among(col(PaymentMethod.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def all(self) -> Sequence[MethodRow]:
        """In the order in which buyers see them."""
        return await self._uow.rows(_in_order(self._viewer.sight))

    async def page(self, args: PageArgs) -> Page[MethodRow]:
        """In that order, too."""
        rows = await self._uow.rows(paged(self._visible(), BY_POSITION, args))
        return page_of(rows, len(BY_POSITION), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def to_change(self, id_: int | None, code: str | None) -> MethodRow | None:
        """The method with this id, else with this code; locked."""
        which = col(PaymentMethod.code) == code if id_ is None else col(PaymentMethod.id) == id_
        rows = await self._uow.locked(Rank.SETTINGS, select(*COLUMNS).where(which))
        return next(iter(rows), None)

    async def ensure_first(self) -> None:
        """One method for a store without any, so that the first order works without set-up."""
        if await self._uow.scalar(select(exists(select(col(PaymentMethod.id))))):
            return
        await self._uow.change(insert(PaymentMethod).values(**FIRST).on_conflict_do_nothing())

    async def add(self, values: Changes) -> MethodRow | Taken:
        return await row_or_taken(
            self._uow, insert(PaymentMethod).values(**values).returning(*COLUMNS), TAKEN
        )

    async def change(self, id_: int, changes: Changes) -> MethodRow | Taken:
        """The changed row of a method that is locked."""
        version = col(PaymentMethod.version) + 1
        return await row_or_taken(
            self._uow,
            update(PaymentMethod)
            .where(col(PaymentMethod.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS),
            TAKEN,
        )

    async def delete(self, id_: int) -> InUse | None:
        try:
            await self._uow.change(delete(PaymentMethod).where(col(PaymentMethod.id) == id_))
        except IntegrityError as error:
            if (violated_constraint(error) or "").startswith("fk_"):
                return IN_USE
            raise
        return None

    def _visible(self) -> Select[Any]:
        return _visible(self._viewer)


def _visible(viewer: Viewer) -> Select[Any]:
    return select(*COLUMNS).where(visible_methods(viewer))


@lru_cache(KEPT)
def _by_ids(sight: Viewer) -> Select[Any]:
    return _visible(sight).where(among_ids(col(PaymentMethod.id)))


@lru_cache(KEPT)
def _in_order(sight: Viewer) -> Select[Any]:
    return _visible(sight).order_by(*(key.column for key in BY_POSITION))
