"""Does jobs beside the requests of a server process, and what is due by the clock."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.models import Context, Schedule
from pgqueuer.domain.models import Job as QueuedJob
from sqlalchemy.exc import DBAPIError

from commerce.chores import SCHEDULED, Scheduled, do
from commerce.core.pool import Database, PoolLimits
from commerce.job_attempt import Claims, JobAttempt
from commerce.jobs.kinds import JobKind
from commerce.jobs.run import Handler
from commerce.migrate import SchemaError
from commerce.runtime import Resources
from commerce.wiring import Services

log: Final = structlog.get_logger("commerce.jobs")

PAUSE: Final = 2.0  # seconds, after the connection was lost
FEWEST: Final = 2  # the queue takes jobs one by one, and two may run
Handlers = Mapping[JobKind, Handler[Services]]


@dataclass(frozen=True, slots=True)
class JobPace:
    """`slots` jobs run at once. A worker that gave no sign for `heartbeat` is taken for dead; one
    that stops gives its jobs `grace` to end, and then to others.
    """

    slots: int = 4
    heartbeat: timedelta = timedelta(seconds=30)
    look_every: timedelta = timedelta(seconds=15)
    grace: float = 8


class _Executor(AbstractEntrypointExecutor):
    """Hands what the queue gives out to the attempt."""

    def __init__(self, attempt: JobAttempt) -> None:
        super().__init__(EntrypointExecutorParameters(0, _unused))
        self._attempt = attempt

    async def execute(self, job: QueuedJob, context: Context) -> None:
        await self._attempt.make(int(job.payload or b"0"), context.cancellation)


async def _unused(_job: QueuedJob) -> None:
    raise AssertionError("the executor above is used")


class JobRunner:
    """One for each process. Its own connection hears of new jobs, and holds those it does."""

    def __init__(
        self,
        resources: Resources,
        handlers: Handlers,
        pace: JobPace = JobPace(),
        scheduled: Sequence[Scheduled] = SCHEDULED,
    ) -> None:
        self._resources = resources
        self._handlers = handlers
        self._pace = pace
        self._scheduled = scheduled
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`; a lost connection is replaced."""
        while not self._stopping.is_set():
            try:
                await self._serve()
            except (DBAPIError, OSError) as error:
                log.warning("jobs_wait", reason=type(error).__name__)
            except Exception:
                log.exception("jobs_interrupted")
            if not self._stopping.is_set():
                await self._sleep(PAUSE)

    def stop(self) -> None:
        self._stopping.set()

    async def verify(self) -> None:
        """Raises `SchemaError` when the queue's tables are not those its library expects."""
        async with self._queries() as queries:
            plan = await queries.plan_upgrade()
        if plan.statements:
            raise SchemaError(
                "The tables of the queue are not those of the installed pgqueuer; "
                "run `commerce migrate`, or install the locked version."
            )

    async def _serve(self) -> None:
        async with self._queries() as queries:
            attempt = JobAttempt(
                self._resources, self._handlers, Claims(queries.driver), self._pace.heartbeat
            )
            jobs, schedules = self._jobs(queries, attempt), self._schedules(queries)
            schedules.shutdown = jobs.shutdown
            tasks = {
                asyncio.create_task(
                    jobs.run(
                        dequeue_timeout=self._pace.look_every,
                        batch_size=1,
                        max_concurrent_tasks=max(FEWEST, self._pace.slots),
                        shutdown_on_listener_failure=True,
                        heartbeat_timeout=self._pace.heartbeat,
                        log_aggregation_interval=timedelta(0),
                    )
                ),
                asyncio.create_task(schedules.run()),
            }
            await self._until_over(tasks, jobs, attempt)

    async def _until_over(
        self, tasks: set[asyncio.Task[None]], jobs: QueueManager, attempt: JobAttempt
    ) -> None:
        """When one of them fails, or all is to stop, everything comes to its end in good order."""
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
            jobs.shutdown.set()
            lost = any(task.done() for task in tasks)
            _, left = await asyncio.wait(tasks, timeout=0.1 if lost else self._pace.grace)
            if left:
                attempt.abandon()
                await asyncio.wait(left, timeout=self._pace.grace)
        finally:
            for task in (*tasks, stopping):
                task.cancel()
            ends = await asyncio.gather(*tasks, stopping, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception):
                raise end

    def _jobs(self, queries: Queries, attempt: JobAttempt) -> QueueManager:
        manager = QueueManager(queries)
        for kind in self._handlers:
            manager.register_executor(kind.value, _Executor(attempt))
        return manager

    def _schedules(self, queries: Queries) -> SchedulerManager:
        manager = SchedulerManager(queries)
        for each in self._scheduled:
            manager.schedule(each.name, each.when)(self._doing(each))
        return manager

    def _doing(self, each: Scheduled) -> Any:
        async def run(_schedule: Schedule) -> None:
            await do(self._resources, each)

        return run

    @asynccontextmanager
    async def _queries(self) -> AsyncIterator[Queries]:
        """On a connection of their own, beside the pool."""
        database = Database(self._resources.database_url, PoolLimits(size=1, overflow=0))
        try:
            async with database.reader() as connection:
                raw: Any = await connection.get_raw_connection()
                yield Queries(AsyncpgDriver(raw.driver_connection))
        finally:
            await database.close()

    async def _sleep(self, seconds: float) -> None:
        await asyncio.wait({asyncio.ensure_future(self._stopping.wait())}, timeout=seconds)


@asynccontextmanager
async def doing_jobs(
    resources: Resources,
    handlers: Handlers,
    pace: JobPace = JobPace(),
    scheduled: Sequence[Scheduled] = SCHEDULED,
) -> AsyncIterator[JobRunner]:
    """Jobs are done until this is left; those that run then get a moment to end."""
    runner = JobRunner(resources, handlers, pace, scheduled)
    await runner.verify()
    running = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        runner.stop()
        await running
