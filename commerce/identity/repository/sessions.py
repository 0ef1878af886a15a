"""Sessions in SQL."""

from collections.abc import Collection as Keys
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, select, update
from sqlmodel import col

from commerce.core.clock import Clock
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.identity.kinds import Audience, Holder
from commerce.identity.models import Session
from commerce.identity.visibility import column_of, held_by, visible_sessions

SessionRow = Row[Any]

SECRET = frozenset({"refresh_sha256"})
COLUMNS = tuple(column for column in columns_of(Session) if column.name not in SECRET)
NEWEST = (SortKey(col(Session.id), descending=True),)


def live(at: datetime) -> ColumnElement[bool]:
    """Sessions that are not over."""
    return col(Session.expires_at) > at


class SessionRepository:
    """What a viewer sees is their own sessions; the rest is for proving who they are."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer, clock: Clock) -> None:
        self._uow = uow
        self._viewer = viewer
        self._clock = clock

    async def by_ids(self, ids: Keys[int]) -> dict[int, SessionRow]:
        statement = self._visible().where(among(col(Session.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[SessionRow]:
        """The viewer's own, the newest first."""
        rows = await self._uow.rows(paged(self._visible(), NEWEST, args))
        return page_of(rows, len(NEWEST), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def add(self, holder: Holder, **values: Any) -> int:
        """The id of a new session."""
        owner = {column_of(Session, holder.audience).key: holder.id}
        statement = insert(Session).values(**owner, **values).returning(col(Session.id))
        return int(await self._uow.scalar(statement))

    async def rotate(
        self, id_: int, used: bytes, new: bytes, at: datetime, idle: timedelta, longest: timedelta
    ) -> SessionRow | None:
        """Put the `new` refresh token in place of the `used` one.

        One statement decides: of two who use the same token one gets None.
        """
        created = col(Session.created_at)
        statement = (
            update(Session)
            .where(col(Session.id) == id_, col(Session.refresh_sha256) == used, live(at))
            .values(
                refresh_sha256=new,
                last_used_at=at,
                expires_at=func.least(at + idle, created + longest),
            )
            .returning(*COLUMNS)
        )
        return await self._uow.row(statement)

    async def touch(self, id_: int, at: datetime) -> None:
        """Note that the session was used."""
        await self._uow.change(
            update(Session).where(col(Session.id) == id_).values(last_used_at=at)
        )

    async def end(self, audience: Audience, id_: int) -> Holder | None:
        """End a session, whoever holds it: who held it."""
        owner = column_of(Session, audience)
        ended = delete(Session).where(col(Session.id) == id_, owner.is_not(None)).returning(owner)
        holder_id = await self._uow.scalar(ended)
        return None if holder_id is None else Holder(audience, holder_id)

    async def end_own(self, id_: int) -> int:
        """End one of the viewer's own sessions: how many there were."""
        mine = visible_sessions(self._viewer)
        return await self._uow.change(delete(Session).where(col(Session.id) == id_, mine))

    async def end_all(self, holder: Holder, but: int | None = None) -> int:
        """End every session of a holder, or every other one: how many there were."""
        which = held_by(Session, holder)
        spared = which if but is None else and_(which, col(Session.id) != but)
        return await self._uow.change(delete(Session).where(spared))

    async def forget_expired(self, at: datetime, holder: Holder | None = None) -> int:
        """Delete sessions that are over, all of them or those of a holder: how many."""
        over = [~live(at)] if holder is None else [~live(at), held_by(Session, holder)]
        return await self._uow.change(delete(Session).where(*over))

    def _visible(self) -> Select[Any]:
        current = (col(Session.id) == (self._viewer.session_id or 0)).label("is_current")
        mine = visible_sessions(self._viewer)
        return select(*COLUMNS, current).where(mine, live(self._clock()))
