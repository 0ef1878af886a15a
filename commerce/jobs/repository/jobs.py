"""Jobs in SQL."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.jobs.kinds import OPEN, OVER, JobKind, JobState
from commerce.jobs.models import Job
from commerce.jobs.rules import JobFilter
from commerce.jobs.visibility import changeable_jobs, own_jobs, visible_jobs

JobRow = Row[Any]

COLUMNS: Final = tuple(columns_of(Job))
NEWEST: Final = (SortKey(col(Job.id), descending=True),)


class JobRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Collection[int]) -> dict[int, JobRow]:
        statement = self._visible().where(among(col(Job.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_id(self, id_: int) -> JobRow | None:
        return (await self.by_ids([id_])).get(id_)

    async def page(self, where: JobFilter, args: PageArgs) -> Page[JobRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._matching(where), NEWEST, args, filtered=True))
        return page_of(rows, len(NEWEST), args)

    async def count(self, where: JobFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._matching(where), limit)), limit)

    async def add(self, values: Mapping[str, Any], now: datetime) -> JobRow | None:
        """The new job; None when one with the same key is there (`with_key`)."""
        key = values.get("deduplication_key")
        if key is not None:
            await self._give_up_key(values["kind"], key, now)
        statement = insert(Job).values(**values).on_conflict_do_nothing().returning(*COLUMNS)
        return await self._uow.row(statement)

    async def with_key(self, kind: JobKind, key: str) -> JobRow | None:
        return await self._uow.row(select(*COLUMNS).where(self._keyed(kind, key)))

    async def to_change(self, id_: int) -> JobRow | None:
        """One that the viewer may change, locked until the transaction ends."""
        statement = select(*COLUMNS).where(changeable_jobs(self._viewer), col(Job.id) == id_)
        return await self._uow.row(statement.with_for_update(key_share=True))

    async def change(self, id_: int, values: Mapping[str, Any]) -> JobRow:
        """A job that is locked, as it is now."""
        statement = update(Job).where(col(Job.id) == id_).values(**values).returning(*COLUMNS)
        return (await self._uow.rows(statement))[0]

    async def begin(self, id_: int, now: datetime) -> JobRow | None:
        """The job, begun once more; None when it is over."""
        return await self._uow.row(
            update(Job)
            .where(col(Job.id) == id_, col(Job.state).in_(OPEN))
            .values(
                state=JobState.RUNNING,
                attempts=col(Job.attempts) + 1,
                started_at=func.coalesce(col(Job.started_at), now),
            )
            .returning(*COLUMNS)
        )

    async def change_attempt(
        self, id_: int, attempt: int, values: Mapping[str, Any]
    ) -> JobRow | None:
        """The job that was begun for that time, as it is now; None when it was begun since."""
        return await self._uow.row(
            update(Job).where(_attempted(id_, attempt)).values(**values).returning(*COLUMNS)
        )

    async def hold_attempt(self, id_: int, attempt: int) -> bool:
        """Whether nobody begins the job again until the transaction ends."""
        held = select(col(Job.id)).where(_attempted(id_, attempt)).with_for_update(key_share=True)
        return await self._uow.row(held) is not None

    async def forget(self, before: datetime, at_most: int) -> int:
        """How many of those that have been over for long are gone."""
        old = select(col(Job.id)).where(col(Job.finished_at) < before).limit(at_most)
        return await self._uow.change(delete(Job).where(col(Job.id).in_(old)))

    async def _give_up_key(self, kind: JobKind, key: str, now: datetime) -> None:
        until = col(Job.deduplicated_until)
        free = and_(col(Job.state).in_(OVER), or_(until.is_(None), until <= now))
        await self._uow.change(
            update(Job).where(self._keyed(kind, key), free).values(deduplication_key=None)
        )

    def _keyed(self, kind: JobKind, key: str) -> ColumnElement[bool]:
        return and_(
            col(Job.kind) == kind,
            col(Job.owner) == self._viewer.name,
            col(Job.deduplication_key) == key,
        )

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_jobs(self._viewer))

    def _matching(self, where: JobFilter) -> Select[Any]:
        statement = self._visible()
        if where.own:
            statement = statement.where(own_jobs(self._viewer))
        if where.kinds is not None:
            statement = statement.where(col(Job.kind).in_(where.kinds))
        if where.states is not None:
            statement = statement.where(col(Job.state).in_(where.states))
        return statement


def _attempted(id_: int, attempt: int) -> ColumnElement[bool]:
    running = col(Job.state) == JobState.RUNNING
    return and_(col(Job.id) == id_, col(Job.attempts) == attempt, running)
