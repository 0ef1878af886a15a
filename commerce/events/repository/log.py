"""The log, read in order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, Text, delete, func, select
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import SYSTEM, Scope, Viewer
from commerce.events.models import EventLogEnd, LoggedEvent
from commerce.events.rules import EventFilter, Kept

EventRow = Row[Any]

IN_ORDER: Final = (SortKey(col(LoggedEvent.position)),)


class EventLog:
    """For who may read all of it. Single events are asked for by anybody, and found by those."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer = SYSTEM) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_positions(self, positions: Collection[int]) -> dict[int, EventRow]:
        if not self._viewer.may(Scope.READ_EVENTS):
            return {}
        statement = _selected(EventFilter()).where(among(col(LoggedEvent.position), positions))
        return {row.position: row for row in await self._uow.rows(statement)}

    async def of_types(self, positions: range, types: Collection[str]) -> Sequence[EventRow]:
        """Those of some types, of positions that follow each other; in order."""
        place = col(LoggedEvent.position)
        statement = _selected(EventFilter()).where(
            place.between(positions[0], positions[-1]),
            among(col(LoggedEvent.type), types, Text()),
        )
        return await self._uow.rows(statement.order_by(place))

    async def page(self, where: EventFilter, args: PageArgs) -> Page[EventRow]:
        """The oldest first."""
        rows = await self._uow.rows(paged(_selected(where), IN_ORDER, args, filtered=True))
        return page_of(rows, len(IN_ORDER), args)

    async def count(self, where: EventFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(_selected(where), limit)), limit)

    async def after(self, position: int, at_most: int) -> Sequence[EventRow]:
        """What comes next behind a position."""
        behind = _selected(EventFilter()).where(col(LoggedEvent.position) > position)
        return await self._uow.rows(behind.order_by(col(LoggedEvent.position)).limit(at_most))

    async def last_position(self) -> int:
        """Of the newest event; 0 before the first."""
        return await self._uow.scalar(select(func.max(col(LoggedEvent.position)))) or 0

    async def kept(self) -> Kept:
        """From where on the log is there, and how far it goes."""
        first = select(func.min(col(LoggedEvent.position))).scalar_subquery()
        row = await self._uow.row(select(first.label("first"), col(EventLogEnd.position)))
        if row is None:
            return Kept(0, 0)
        return Kept(row.position if row.first is None else row.first - 1, row.position)

    async def forget(self, before: datetime, at_most: int) -> int:
        """How many of the oldest events are gone."""
        oldest = (
            select(col(LoggedEvent.position))
            .where(col(LoggedEvent.occurred_at) < before)
            .order_by(col(LoggedEvent.position))
            .limit(at_most)
        )
        return await self._uow.change(
            delete(LoggedEvent).where(col(LoggedEvent.position).in_(oldest))
        )


def _selected(where: EventFilter) -> Select[Any]:
    statement = select(*columns_of(LoggedEvent))
    if where.types is not None:
        names = [type_.value for type_ in where.types]
        statement = statement.where(among(col(LoggedEvent.type), names, Text()))
    if where.resource is not None:
        kind, id_ = where.resource
        statement = statement.where(
            col(LoggedEvent.resource_type) == kind, col(LoggedEvent.resource_id) == id_
        )
    return statement
