"""Asking for jobs, following, stopping and repeating them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound
from commerce.core.viewer import Viewer
from commerce.jobs.kinds import OPEN, JobKind, JobState
from commerce.jobs.problems import JobNotOver, JobOver
from commerce.jobs.repository.jobs import JobRepository, JobRow
from commerce.jobs.repository.queue import JobQueue
from commerce.jobs.rules import JobFilter


class JobService:
    def __init__(
        self, uow: UnitOfWork, jobs: JobRepository, queue: JobQueue, viewer: Viewer, clock: Clock
    ) -> None:
        self._uow = uow
        self._jobs = jobs
        self._queue = queue
        self._viewer = viewer
        self._clock = clock

    async def enqueue(
        self,
        kind: JobKind,
        input: Mapping[str, Any],
        run_at: datetime | None = None,
        deduplicate: str | None = None,
        remember: timedelta | None = None,
    ) -> JobRow:
        """A job of the viewer's, in the caller's transaction: without that it never runs.

        With `deduplicate`, the viewer's job of that kind and key that is not over yet is answered
        instead, and for as long as `remember` says also one that is.
        """
        values = self._asked(kind, input, run_at)
        if deduplicate is not None:
            self._uow.hold(Rank.JOB)
            until = None if remember is None else self._clock() + remember
            values |= {"deduplication_key": deduplicate, "deduplicated_until": until}
        job = await self._jobs.add(values, self._clock())
        if job is None and deduplicate is not None:
            job = await self._jobs.with_key(kind, deduplicate)
            if job is not None:
                return job
        if job is None:
            raise RuntimeError("a job was neither added nor there")
        return await self.queued(job)

    async def page(self, where: JobFilter, args: PageArgs) -> Page[JobRow]:
        return await self._jobs.page(where, args)

    async def count(self, where: JobFilter, limit: int | None) -> Count:
        return await self._jobs.count(where, limit)

    async def cancel(self, id_: int) -> JobRow | NotFound | JobOver:
        """A job that waits is canceled at once; one that runs is asked to stop."""
        job = await self._jobs.to_change(id_)
        if job is None:
            return _missing()
        if job.state not in OPEN:
            return JobOver("The job is over.", ("id",))
        now = self._clock()
        if job.state is JobState.QUEUED:
            await self._queue.drop(job.queue_id)
            values = {"state": JobState.CANCELED, "finished_at": now, "cancel_requested_at": now}
            return self.told(await self._jobs.change(id_, values))
        await self._queue.tell_canceled([job.queue_id])
        return await self._jobs.change(id_, {"cancel_requested_at": now})

    async def retry(self, id_: int) -> JobRow | NotFound | JobNotOver:
        """Put a job that failed or was canceled back into the queue, as if it were new."""
        job = await self._jobs.to_change(id_)
        if job is None:
            return _missing()
        if job.state not in (JobState.FAILED, JobState.CANCELED):
            return JobNotOver("Only a job that failed or was canceled is tried again.", ("id",))
        fresh: dict[str, Any] = {
            "state": JobState.QUEUED,
            "attempts": 0,
            "error": None,
            "finished_at": None,
            "cancel_requested_at": None,
            "run_at": self._clock(),
        }
        return await self.queued(await self._jobs.change(id_, fresh))

    def told(self, job: JobRow) -> JobRow:
        """The job, after whoever listens is told how it is."""
        data = {
            "kind": job.kind.value,
            "state": job.state.value,
            "done": job.done,
            "total": job.total,
        }
        self._uow.record(Event(EventType.JOB_UPDATED, "Job", job.id, data))
        return job

    def _asked(
        self, kind: JobKind, input: Mapping[str, Any], run_at: datetime | None
    ) -> dict[str, Any]:
        viewer, now = self._viewer, self._clock()
        return {
            "kind": kind,
            "input": dict(input),
            "owner": viewer.name,
            "owner_scopes": sorted(scope.value for scope in viewer.scopes),
            "customer_id": viewer.customer_id,
            "run_at": now if run_at is None else max(run_at, now),
            "created_at": now,
        }

    async def queued(self, job: JobRow) -> JobRow:
        """The job, after it was put into the queue."""
        wait = job.run_at - self._clock()
        after = wait if wait > timedelta(0) else None
        queue_id = await self._queue.add(job.kind, job.id, after)
        return self.told(await self._jobs.change(job.id, {"queue_id": queue_id}))


def _missing() -> NotFound:
    return NotFound("There is no Job with this id.", ("id",))
