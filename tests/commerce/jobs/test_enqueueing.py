"""Jobs are asked for in the transaction that needs them, and are there when it commits."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope, Viewer, ViewerKind
from commerce.jobs.kinds import JobKind, JobState
from commerce.jobs.repository.jobs import JobRow
from commerce.wiring import Services
from tests.support.services import PORTS

OWNER = Viewer(ViewerKind.API_KEY, 7, frozenset({Scope.READ_PRODUCTS}))
OTHER = Viewer(ViewerKind.API_KEY, 8, frozenset({Scope.READ_PRODUCTS}))
QUEUED = text("SELECT count(*) FROM pgqueuer")
EVENTS = text("SELECT data FROM event_outbox WHERE type = 'job.updated' ORDER BY id")


def services_of(uow: UnitOfWork, viewer: Viewer = OWNER) -> Services:
    return Services(uow, viewer, system_clock, PORTS)


async def asked(uow: UnitOfWork, viewer: Viewer = OWNER, **options: object) -> JobRow:
    jobs = services_of(uow, viewer).jobs
    return await uow.transact(lambda: jobs.enqueue(JobKind.BATCH, {"n": 1}, **options))  # type: ignore[arg-type]  # options of the call


async def test_a_job_is_queued_with_what_asks_for_it(uow: UnitOfWork) -> None:
    job = await asked(uow)
    assert (job.state, job.owner, job.input) == (JobState.QUEUED, "api_key:7", {"n": 1})
    queued = await uow.rows(text("SELECT id, entrypoint, payload, status::text FROM pgqueuer"))
    assert [tuple(row) for row in queued] == [
        (job.queue_id, "batch", str(job.id).encode(), "queued")
    ]
    told = {"kind": "batch", "state": "queued", "done": 0, "total": None}
    assert await uow.scalars(EVENTS) == [told]


async def test_a_transaction_that_is_rolled_back_leaves_no_job(database: Database) -> None:
    async with units_on(database)() as uow:
        with pytest.raises(ZeroDivisionError):
            await uow.transact(lambda: _failing(uow))
        assert await uow.scalar(QUEUED) == 0
        assert await uow.scalar(text("SELECT count(*) FROM jobs")) == 0


async def _failing(uow: UnitOfWork) -> None:
    await services_of(uow).jobs.enqueue(JobKind.BATCH, {})
    raise ZeroDivisionError


async def test_it_takes_a_transaction(uow: UnitOfWork) -> None:
    with pytest.raises(RuntimeError, match="take part in transactions only"):
        await services_of(uow).repositories.job_queue.add(JobKind.BATCH, 1, None)


async def test_the_same_key_is_the_same_job_until_that_is_over(uow: UnitOfWork) -> None:
    first = await asked(uow, deduplicate="a")
    assert (await asked(uow, deduplicate="a")).id == first.id
    assert (await asked(uow, OTHER, deduplicate="a")).id != first.id
    assert (await asked(uow, deduplicate="b")).id != first.id
    await uow.transact(lambda: services_of(uow).jobs.cancel(first.id))
    assert (await asked(uow, deduplicate="a")).id != first.id


async def test_a_key_can_be_remembered_for_longer(uow: UnitOfWork) -> None:
    first = await asked(uow, deduplicate="a", remember=timedelta(hours=1))
    await uow.transact(lambda: services_of(uow).jobs.cancel(first.id))
    assert (await asked(uow, deduplicate="a", remember=timedelta(hours=1))).id == first.id
    await uow.change(text("UPDATE jobs SET deduplicated_until = now() - interval '1 second'"))
    assert (await asked(uow, deduplicate="a", remember=timedelta(hours=1))).id != first.id


async def test_a_job_that_waits_is_canceled_at_once_and_can_be_repeated(uow: UnitOfWork) -> None:
    job = await asked(uow)
    jobs = services_of(uow).jobs
    canceled = await uow.transact(lambda: jobs.cancel(job.id))
    assert canceled.state is JobState.CANCELED  # type: ignore[union-attr]  # no problem
    assert await uow.scalar(QUEUED) == 0
    assert (await uow.transact(lambda: jobs.cancel(job.id))).code == "JOB_OVER"  # type: ignore[union-attr]
    again = await uow.transact(lambda: jobs.retry(job.id))
    assert (again.state, again.finished_at) == (JobState.QUEUED, None)  # type: ignore[union-attr]
    assert await uow.scalar(QUEUED) == 1
    assert (await uow.transact(lambda: jobs.retry(job.id))).code == "JOB_NOT_OVER"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("viewer", "sees", "changes"),
    [
        (OWNER, True, True),
        (OTHER, False, False),
        (ANONYMOUS, False, False),
        (Viewer(ViewerKind.STAFF, 7), False, False),
        (Viewer(ViewerKind.STAFF, 7, frozenset({Scope.READ_JOBS})), True, False),
        (Viewer(ViewerKind.STAFF, 7, frozenset({Scope.WRITE_JOBS})), False, True),
        (SYSTEM, True, True),
    ],
)
async def test_jobs_are_their_owners_alone(
    uow: UnitOfWork, viewer: Viewer, sees: bool, changes: bool
) -> None:
    job = await asked(uow)
    repository = services_of(uow, viewer).repositories.jobs
    assert (await repository.by_id(job.id) is not None) is sees
    assert (await repository.to_change(job.id) is not None) is changes
