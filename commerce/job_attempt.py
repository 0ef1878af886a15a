"""One go at a job: claimed, begun, handed to its handler, and ended one way or another."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import structlog
from anyio import CancelScope
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.ports.driver import Driver

from commerce.core.origin import Origin
from commerce.core.problems import RequestError, UnavailableError
from commerce.core.viewer import SYSTEM, Viewer
from commerce.job_owners import owner_of
from commerce.jobs.kinds import JobKind
from commerce.jobs.problems import JobCanceled, JobFailed, JobPostponed, JobTaken
from commerce.jobs.repository.jobs import JobRow
from commerce.jobs.rules import told
from commerce.jobs.run import Handler, JobRun
from commerce.runtime import Resources
from commerce.wiring import Services

log: Final = structlog.get_logger("commerce.jobs")

TELL_EVERY: Final = 0.5  # seconds between two notes of how far a job is
AGAIN: Final = timedelta(seconds=5)  # after the database refused to take down what became of one
LOCKS: Final = 0x4A6F6273  # "Jobs": the first half of the locks' numbers
MOST: Final = 2**31  # the second half


class Claims:
    """A job is done by whoever holds its lock, which a process loses only with its connection.

    A worker that is merely slow to give signs is so not mistaken for a dead one.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def take(self, job_id: int) -> bool:
        query = "SELECT pg_try_advisory_lock($1, $2) AS taken"
        (row,) = await self._driver.fetch(query, LOCKS, job_id % MOST)
        return bool(row["taken"])

    async def give_up(self, job_id: int) -> None:
        await self._driver.fetch("SELECT pg_advisory_unlock($1, $2)", LOCKS, job_id % MOST)


class JobAttempt:
    def __init__(
        self,
        resources: Resources,
        handlers: Mapping[JobKind, Handler[Services]],
        claims: Claims,
        heartbeat: timedelta,
    ) -> None:
        self._resources = resources
        self._handlers = handlers
        self._claims = claims
        self._heartbeat = heartbeat
        self._running: set[asyncio.Task[Any]] = set()
        self._abandoned = False

    def abandon(self) -> None:
        """Stop what runs: others go on with it."""
        self._abandoned = True
        for task in self._running:
            task.cancel()

    async def make(self, job_id: int, cancellation: CancelScope) -> None:
        """Raises nothing but `RetryRequested`: anything else would take the job off the queue."""
        try:
            if not await self._claims.take(job_id):
                raise RetryRequested(self._heartbeat, "another worker is at it")
            try:
                pause = await self._make(job_id, cancellation)
            finally:
                await self._claims.give_up(job_id)
        except RetryRequested:
            raise
        except JobTaken:
            log.warning("job_taken_over", job=job_id)
            raise RetryRequested(self._heartbeat) from None
        except (Exception, asyncio.CancelledError) as error:
            log.warning("job_left", job=job_id, reason=type(error).__name__)
            raise RetryRequested(AGAIN) from error
        if pause is not None:
            raise RetryRequested(pause)

    async def _make(self, job_id: int, cancellation: CancelScope) -> timedelta | None:
        """How long the job waits for its next attempt; None when there is to be none."""
        async with self._bookkeeping() as services:
            job = await services.job_runs.begin(job_id)
            if job is None:
                return None
            owner = await owner_of(job, services.repositories, services.clock)
            if owner is None:
                await services.job_runs.fail(job, "Whoever asked for it may not ask any more.")
                return None
        task = asyncio.create_task(self._handled(job, owner, cancellation))
        self._running.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._running.discard(task)
            task.cancel()
        return await self._ended(job, task, cancellation)

    async def _handled(
        self, job: JobRow, owner: Viewer, cancellation: CancelScope
    ) -> Mapping[str, Any] | None:
        report = _Report(self, job, cancellation)
        run = JobRun(
            job.id,
            job.attempts,
            job.input,
            owner,
            lambda: self._services(owner, f"job {job.kind.value}"),
            report,
            job.result,
        )
        return await self._handlers[job.kind](run)

    async def _ended(
        self, job: JobRow, task: "asyncio.Task[Any]", cancellation: CancelScope
    ) -> timedelta | None:
        async with self._bookkeeping() as services:
            runs = services.job_runs
            if task.cancelled() and self._abandoned:
                await runs.give_back(job)
                return timedelta(0)
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            if isinstance(error, JobTaken):
                raise error
            if error is None and not cancellation.cancel_called:
                await runs.succeed(job, task.result())
            elif error is None or isinstance(error, JobCanceled):
                await runs.cancel(job, None if error else task.result())
            elif _is_final(error):
                await runs.fail(job, str(error))
            else:
                return await runs.pause(job, _why(job, error))
        return None

    def _bookkeeping(self) -> AbstractAsyncContextManager[Services]:
        return self._services(SYSTEM, "jobs", aside=True)

    @asynccontextmanager
    async def _services(
        self, viewer: Viewer, action: str, *, aside: bool = False
    ) -> AsyncIterator[Services]:
        own = self._resources
        async with (own.open_unit_aside if aside else own.open_unit)() as uow:
            services = Services(uow, viewer, own.clock, own.ports, Origin())
            uow.stamp = uow.stamp.doing(action)
            yield services


def _why(job: JobRow, error: BaseException) -> str:
    """What the owner is told of a failure that may not be the last word."""
    if isinstance(error, JobPostponed):
        return str(error)
    log.error("job_failed", job=job.id, kind=job.kind.value, exc_info=error)
    return told(error)


def _is_final(error: BaseException) -> bool:
    """Whether the same would come of another attempt."""
    refused = isinstance(error, RequestError) and not isinstance(error, UnavailableError)
    return isinstance(error, JobFailed) or refused


class _Report:
    """What a handler says on its way, written down now and then."""

    def __init__(self, attempt: JobAttempt, job: JobRow, cancellation: CancelScope) -> None:
        self._attempt = attempt
        self._job = job
        self._cancellation = cancellation
        self._next = 0.0

    def canceled(self) -> bool:
        return self._cancellation.cancel_called

    async def hold(self, services: Services) -> None:
        await services.job_runs.hold(self._job)

    async def keep(self, services: Services, result: Mapping[str, Any]) -> None:
        await services.job_runs.keep(self._job, result)

    async def progress(self, done: int, total: int | None) -> None:
        if self.canceled():
            raise JobCanceled
        now = time.monotonic()
        if now < self._next and done != total:
            return
        self._next = now + TELL_EVERY
        async with self._attempt._bookkeeping() as services:
            goes_on = await services.job_runs.progress(self._job, done, total)
        if not goes_on:
            self._cancellation.cancel()
            raise JobCanceled
