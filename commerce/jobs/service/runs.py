"""Doing jobs: what is written down when one begins, goes on and ends."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.jobs.kinds import JobState
from commerce.jobs.problems import JobTaken
from commerce.jobs.repository.jobs import JobRepository, JobRow
from commerce.jobs.rules import pause_after, shortened
from commerce.jobs.service.jobs import JobService


class JobRunService:
    """For workers. Each method is a transaction; `JobTaken` when the job is somebody else's."""

    def __init__(
        self, uow: UnitOfWork, jobs: JobRepository, told: JobService, clock: Clock
    ) -> None:
        self._uow = uow
        self._jobs = jobs
        self._told = told
        self._clock = clock

    async def begin(self, id_: int) -> JobRow | None:
        """The job, to be done; None when it is over, or was to be canceled and is now."""

        async def work() -> JobRow | None:
            job = await self._jobs.begin(id_, self._clock())
            if job is None or job.cancel_requested_at is None:
                return None if job is None else self._told.told(job)
            await self._ended(job, JobState.CANCELED, {})
            return None

        return await self._uow.transact(work)

    async def progress(self, job: JobRow, done: int, total: int | None) -> bool:
        """Whether it is to go on."""

        async def work() -> JobRow:
            values = {"done": done, "total": total}
            return self._told.told(await self._changed(job, values))

        return (await self._uow.transact(work)).cancel_requested_at is None

    async def succeed(self, job: JobRow, result: Mapping[str, Any] | None) -> None:
        await self._end(job, JobState.SUCCEEDED, {"result": result, "error": None})

    async def cancel(self, job: JobRow, result: Mapping[str, Any] | None = None) -> None:
        await self._end(job, JobState.CANCELED, {"result": result})

    async def fail(self, job: JobRow, message: str) -> None:
        await self._end(job, JobState.FAILED, {"error": shortened(message)})

    async def pause(self, job: JobRow, message: str) -> timedelta | None:
        """How long the job waits before it is tried again; None when it has failed for good."""
        pause = pause_after(job.attempts)
        if pause is None:
            await self.fail(job, message)
            return None
        await self._waiting(job, {"error": shortened(message)}, self._clock() + pause)
        return pause

    async def give_back(self, job: JobRow) -> None:
        """Somebody else is to go on with it: this process stops."""
        await self._waiting(job, {"attempts": job.attempts - 1}, self._clock())

    async def hold(self, job: JobRow) -> None:
        """Inside the caller's transaction."""
        if not await self._jobs.hold_attempt(job.id, job.attempts):
            raise JobTaken

    async def keep(self, job: JobRow, result: Mapping[str, Any]) -> None:
        """Inside the caller's transaction, for attempts that come after this one."""
        await self._changed(job, {"result": result})

    async def _waiting(self, job: JobRow, values: Mapping[str, Any], run_at: datetime) -> None:
        async def work() -> None:
            shown = {"state": JobState.QUEUED, "run_at": run_at, **values}
            self._told.told(await self._changed(job, shown))

        await self._uow.transact(work)

    async def _end(self, job: JobRow, state: JobState, values: Mapping[str, Any]) -> None:
        async def work() -> None:
            await self._ended(job, state, values)

        await self._uow.transact(work)

    async def _ended(self, job: JobRow, state: JobState, values: Mapping[str, Any]) -> None:
        shown = {"state": state, "finished_at": self._clock(), **values}
        self._told.told(await self._changed(job, shown))

    async def _changed(self, job: JobRow, values: Mapping[str, Any]) -> JobRow:
        changed = await self._jobs.change_attempt(job.id, job.attempts, values)
        if changed is None:
            raise JobTaken
        return changed
