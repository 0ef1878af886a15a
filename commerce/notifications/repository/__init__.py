"""The queue in SQL. Rows come back as named tuples."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Insert,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.writes import given, written
from commerce.notifications.models import OutgoingMessage

MessageRow = Row[Any]
COLUMNS = tuple(columns_of(OutgoingMessage))


class OutgoingMessageRepository:
    """Seen by the store itself alone: no viewer reads the queue."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, **values: Any) -> None:
        await self._uow.change(_adding(tuple(values)), written(values))

    async def add_once(self, rows: Sequence[dict[str, Any]]) -> None:
        """Rows with an `event_key`, unless one with the same waits."""
        statement = insert_unless(OutgoingMessage).on_conflict_do_nothing(
            index_elements=["event_key"], index_where=col(OutgoingMessage.event_key).is_not(None)
        )
        await self._uow.change(statement.values(list(rows)))

    async def lease(self, count: int, now: datetime, until: datetime) -> Sequence[MessageRow]:
        """At most `count` due messages, which nobody else is given before `until`."""
        due = (
            select(col(OutgoingMessage.id))
            .where(col(OutgoingMessage.died_at).is_(None), col(OutgoingMessage.due_at) <= now)
            .order_by(col(OutgoingMessage.due_at), col(OutgoingMessage.id))
            .limit(count)
        )
        taken = self._held(due).cte("taken")  # evaluated once, as a plain subquery might not be
        statement = (
            update(OutgoingMessage)
            .where(col(OutgoingMessage.id) == taken.c.id)
            .values(due_at=until, tries=col(OutgoingMessage.tries) + 1)
            .returning(*COLUMNS)
        )
        return await self._uow.rows(statement)

    def _held(self, due: Select[Any]) -> Select[Any]:
        """Rows that another one is just taking are passed over, not waited for."""
        return due.with_for_update(skip_locked=True)

    async def remove(self, id_: int) -> bool:
        """It was sent, by whomever: nothing of it is kept. False when it was gone already."""
        return await self._uow.change(_removing(), {"of_id": id_}) == 1

    async def remove_of_customer(self, customer_id: int) -> None:
        await self._uow.change(
            delete(OutgoingMessage).where(col(OutgoingMessage.customer_id) == customer_id)
        )

    async def postpone(self, row: MessageRow, due_at: datetime, error: str) -> bool:
        """False when somebody else has taken it since."""
        values = {"due_at": due_at, "error": error}
        return (
            await self._uow.change(update(OutgoingMessage).where(_still(row)).values(values)) == 1
        )

    async def bury(self, row: MessageRow, died_at: datetime, error: str) -> bool:
        """Keep that it failed, and nothing of what it said or to whom."""
        values = {"died_at": died_at, "error": error, "data": null(), "customer_id": null()}
        return (
            await self._uow.change(update(OutgoingMessage).where(_still(row)).values(values)) == 1
        )

    async def remove_dead(self, before: datetime) -> int:
        """Delete those that were given up by then: how many."""
        return await self._uow.change(
            delete(OutgoingMessage).where(col(OutgoingMessage.died_at) <= before)
        )

    async def summary(self) -> Sequence[MessageRow]:
        """By state, kind and last error."""
        dead = col(OutgoingMessage.died_at).is_not(None).label("dead")
        statement = (
            select(
                dead,
                col(OutgoingMessage.kind),
                col(OutgoingMessage.error),
                func.count().label("count"),
                func.min(col(OutgoingMessage.created_at)).label("oldest"),
            )
            .group_by(dead, col(OutgoingMessage.kind), col(OutgoingMessage.error))
            .order_by(dead, col(OutgoingMessage.kind), col(OutgoingMessage.error))
        )
        return await self._uow.rows(statement)


@cache
def _adding(names: tuple[str, ...]) -> Insert:
    return insert(OutgoingMessage).values(**given(OutgoingMessage, names))


@cache
def _removing() -> Delete:
    of_id = bindparam("of_id", type_=BigInteger())
    return delete(OutgoingMessage).where(col(OutgoingMessage.id) == of_id)


def _still(row: MessageRow) -> ColumnElement[bool]:
    """The message unless it was taken again since: the later one decides what becomes of it."""
    return and_(col(OutgoingMessage.id) == row.id, col(OutgoingMessage.tries) == row.tries)
