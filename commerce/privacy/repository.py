"""What is held about one customer, over all tables: reading it, and making it gone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Row, and_, delete, false, select, true, update

from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.viewer import Scope, Viewer
from commerce.privacy.kinds import Erased
from commerce.privacy.tables import CUSTOMERS, HeldTable, held_tables


class HeldDataRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer, metadata: MetaData) -> None:
        self._uow = uow
        self._viewer = viewer
        self._customers = metadata.tables[CUSTOMERS]
        self.tables: Sequence[HeldTable] = held_tables(metadata)

    async def locked(self, customer_id: int) -> Row[Any] | None:
        """`id` and `erased_at`; None when there is no such customer for this viewer.

        Until the transaction ends nobody else can add anything that is theirs: each such row
        locks the customer's for sharing.
        """
        columns = self._customers.columns
        statement = select(columns.id, columns.erased_at).where(
            columns.id == customer_id, self._may_handle(columns.id)
        )
        return await self._uow.row(statement.with_for_update())

    async def rows(self, held: HeldTable, customer_id: int) -> Sequence[Row[Any]]:
        """A table's rows of this customer, without secrets."""
        key = held.table.primary_key.columns
        statement = select(*held.exported).where(held.belongs_to(customer_id)).order_by(*key)
        return await self._uow.rows(statement)

    async def erase(self, customer_id: int, at: datetime, kept_since: datetime | None) -> None:
        """Delete or blank everything, what refers to other rows first. One statement a table.

        What the law has kept since then stays for now; with None there is nothing.
        """
        for held in reversed(self.tables):
            own = held.belongs_to(customer_id)
            if held.kept_since is not None and kept_since is not None:
                own = and_(own, held.kept_since < kept_since)
            if held.erased is Erased.DELETED:
                await self._uow.change(delete(held.table).where(own))
            elif held.name != CUSTOMERS and held.blanks():
                await self._uow.change(update(held.table).where(own).values(held.blanks()))
        await self._forget(customer_id, at)

    async def blank_kept(self, held: HeldTable, kept_since: datetime | None, limit: int) -> int:
        """Blank at most `limit` rows of the erased that have to be kept no more: how many it were.

        Rows that another process is just blanking are left to it.
        """
        key, over = held.table.columns.id, and_(held.belongs_to_erased(), held.tells())
        if held.kept_since is not None and kept_since is not None:
            over = and_(over, held.kept_since < kept_since)
        which = (
            select(key)
            .where(over)
            .order_by(key)
            .limit(limit)
            .with_for_update(of=held.table, skip_locked=True)
        )
        return await self._uow.change(
            update(held.table).where(key.in_(which)).values(held.blanks())
        )

    async def _forget(self, customer_id: int, at: datetime) -> None:
        """The row stays, for what refers to it."""
        columns = self._customers.columns
        own = next(held for held in self.tables if held.name == CUSTOMERS)
        await self._uow.change(
            update(self._customers)
            .where(columns.id == customer_id)
            .values(own.blanks() | {"erased_at": at, "updated_at": at})
            .values(version=columns.version + 1)
        )
        self._uow.record(Event(EventType.CUSTOMER_ERASED, "Customer", customer_id))

    def _may_handle(self, id_: ColumnElement[Any]) -> ColumnElement[bool]:
        if self._viewer.may(Scope.ERASE_CUSTOMERS):
            return true()
        own = self._viewer.customer_id
        return false() if own is None else id_ == own
