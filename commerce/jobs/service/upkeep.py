"""Looking after jobs, old and lost ones."""

from datetime import timedelta
from typing import Final

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.jobs.repository.jobs import JobRepository
from commerce.jobs.repository.queue import JobQueue
from commerce.jobs.service.jobs import JobService

AT_ONCE: Final = 1_000


class JobUpkeepService:
    def __init__(
        self,
        uow: UnitOfWork,
        jobs: JobRepository,
        queue: JobQueue,
        asking: JobService,
        clock: Clock,
        kept: timedelta,
    ) -> None:
        self._uow = uow
        self._jobs = jobs
        self._queue = queue
        self._asking = asking
        self._clock = clock
        self._kept = kept

    async def forget(self) -> int:
        """Delete some jobs that were over for long enough, and old lines of the queue's log."""
        gone = await self._jobs.forget(self._clock() - self._kept, AT_ONCE)
        return gone + await self._queue.forget_log()

    async def requeue(self) -> int:
        """Put jobs back that are to be done, and are not in the queue: whatever happened to it."""

        async def work() -> int:
            lost = await self._jobs.by_ids(await self._queue.lost())
            for job in lost.values():
                await self._asking.queued(job)
            return len(lost)

        return await self._uow.transact(work)
