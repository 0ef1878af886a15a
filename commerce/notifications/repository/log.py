"""What was sent, in SQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, Text, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.notifications.models import NotificationLogEntry
from commerce.notifications.rules.logs import LogFilter
from commerce.notifications.visibility import visible_notifications

EntryRow = Row[Any]
NEWEST_FIRST: Final = (
    SortKey(col(NotificationLogEntry.created_at), descending=True),
    SortKey(col(NotificationLogEntry.id), descending=True),
)
# What another try knows better.
NEWS: Final = ("state", "reason", "tries", "tried_at", "sent_at")


class NotificationLogRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def write(self, values: dict[str, Any]) -> None:
        """One row for each message, whatever became of it."""
        statement = insert(NotificationLogEntry).values(values)
        changes: dict[str, Any] = {name: statement.excluded[name] for name in NEWS}
        if values.get("recipient"):  # one that was found once stays known
            changes |= {"recipient": statement.excluded.recipient}
        await self._uow.change(
            statement.on_conflict_do_update(index_elements=["message_id"], set_=changes)
        )

    async def known(self, event_keys: Collection[str]) -> set[str]:
        """Of those, what was sent or tried already."""
        statement = select(col(NotificationLogEntry.event_key)).where(
            among(col(NotificationLogEntry.event_key), event_keys, Text())
        )
        return set(await self._uow.scalars(statement))

    async def page(self, where: LogFilter, args: PageArgs) -> Page[EntryRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._visible(where), NEWEST_FIRST, args, filtered=True))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def count(self, where: LogFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(where), limit)), limit)

    async def remove(self, before: datetime) -> int:
        """How many entries are gone that old."""
        return await self._uow.change(
            delete(NotificationLogEntry).where(col(NotificationLogEntry.created_at) < before)
        )

    def _visible(self, where: LogFilter) -> Select[Any]:
        statement = select(*columns_of(NotificationLogEntry)).where(
            visible_notifications(self._viewer)
        )
        for column, wanted in (
            (NotificationLogEntry.kind, where.kind),
            (NotificationLogEntry.channel, where.channel),
            (NotificationLogEntry.audience, where.audience),
            (NotificationLogEntry.state, where.state),
            (NotificationLogEntry.order_id, where.order_id),
        ):
            if wanted is not None:
                statement = statement.where(col(column) == wanted)
        return statement
