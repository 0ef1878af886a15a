"""What is to be run, handed to pgqueuer on the caller's own transaction."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.types import JobId
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.jobs.kinds import JobKind

Result = TypeVar("Result")

# What was asked for a while ago and is not in the queue any more: its line there got lost.
LOST: Final = text(
    "SELECT id FROM jobs WHERE state IN ('queued', 'running')"
    " AND greatest(run_at, started_at, created_at) < now() - interval '1 minute'"
    " AND NOT EXISTS (SELECT FROM pgqueuer WHERE pgqueuer.id = jobs.queue_id)"
    " ORDER BY id LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED"
)
DROP: Final = text("DELETE FROM pgqueuer WHERE id = :id AND status = 'queued'")
# It only ever grows: pgqueuer writes a line whenever a job begins and ends.
FORGET: Final = text(
    "DELETE FROM pgqueuer_log WHERE id IN"
    " (SELECT id FROM pgqueuer_log WHERE created < now() - interval '7 days' LIMIT 10000)"
)


class JobQueue:
    """Whose rows a process takes, one at a time, and gives back by ending them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, kind: JobKind, job_id: int, after: timedelta | None) -> int:
        """The queue's number for a job that is to run, `after` a while or at once.

        Workers hear of it when the transaction commits, and never if it does not.
        """

        async def enqueue(queries: Queries) -> int:
            payload = str(job_id).encode()
            (queued,) = await queries.enqueue(kind.value, payload, execute_after=after)
            return queued

        return await self._on_queries(enqueue)

    async def lost(self) -> Sequence[int]:
        """Jobs that are to be done, and that no worker would ever hear of; locked."""
        return await self._uow.scalars(LOST)

    async def drop(self, queue_id: int) -> bool:
        """Whether it was still waiting, and is not any more."""
        return await self._uow.change(DROP, {"id": queue_id}) == 1

    async def tell_canceled(self, queue_ids: Collection[int]) -> None:
        """Whoever runs them is told when the transaction commits."""
        ids = [JobId(id_) for id_ in queue_ids]
        await self._on_queries(lambda queries: queries.notify_job_cancellation(ids))

    async def forget_log(self) -> int:
        return await self._uow.change(FORGET)

    async def _on_queries(self, work: Callable[[Queries], Awaitable[Result]]) -> Result:
        async def run(connection: "asyncpg.Connection[Any]") -> Result:
            return await work(Queries(AsyncpgDriver(connection)))

        return await self._uow.driven(run)
