"""Jobs are done, by one worker at a time, and each ends one way or another."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text

from commerce.chores import Scheduled
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM, Viewer, ViewerKind
from commerce.job_attempt import Claims
from commerce.job_runner import JobPace, doing_jobs
from commerce.jobs import rules
from commerce.jobs.kinds import JobState
from commerce.jobs.problems import JobFailed
from commerce.jobs.repository.jobs import JobRow
from commerce.jobs.run import Handler, JobRun
from commerce.migrate import SchemaError
from commerce.wiring import Services
from tests.support.jobs import (
    SOON,
    ask_for,
    everything_over,
    handled,
    job_of,
    resources_on,
    scalar,
    until,
)
from tests.support.services import PORTS


async def done(
    database: Database, handler: Handler[Services], *inputs: Mapping[str, Any], **options: Any
) -> list[JobRow]:
    """Jobs after a worker has done all it could."""
    asked = await ask_for(database, *inputs, **options)
    async with doing_jobs(resources_on(database), handled(handler), SOON, ()):
        await until(lambda: everything_over(database))
    return [await job_of(database, job.id) for job in asked]


async def test_a_job_is_done_and_tells_what_came_of_it(database: Database) -> None:
    async def handler(run: JobRun[Services]) -> Mapping[str, Any]:
        await run.progress(1, 2)
        await run.progress(2, 2)
        return {"seen": run.input["n"], "by": run.viewer.name}

    (job,) = await done(database, handler, {"n": 3})
    assert (job.state, job.result, job.done, job.total, job.attempts) == (
        JobState.SUCCEEDED, {"seen": 3, "by": "system"}, 2, 2, 1,
    )  # fmt: skip
    assert await scalar(database, "SELECT count(*) FROM pgqueuer") == 0
    states = "SELECT array_agg(data->>'state' ORDER BY id) FROM event_outbox"
    assert await scalar(database, states) == [
        "queued",
        "running",
        "running",
        "running",
        "succeeded",
    ]


async def test_what_fails_is_tried_again_and_what_cannot_be_done_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_ATTEMPTS", 3)
    monkeypatch.setattr(rules, "FIRST_PAUSE", rules.FIRST_PAUSE / 100)

    async def handler(run: JobRun[Services]) -> None:
        if run.input["how"] == "never":
            raise JobFailed("There is no such thing.")
        if run.input["how"] == "always" or run.attempt < 2:
            raise ValueError("secret words")

    jobs = await done(database, handler, {"how": "always"}, {"how": "once"}, {"how": "never"})
    assert [(job.state, job.attempts, job.error) for job in jobs] == [
        (JobState.FAILED, 3, "The job failed unexpectedly (ValueError)."),
        (JobState.SUCCEEDED, 2, None),
        (JobState.FAILED, 1, "There is no such thing."),
    ]


async def test_a_job_that_runs_can_be_canceled(database: Database) -> None:
    async def handler(run: JobRun[Services]) -> None:
        for step in range(1000):
            await asyncio.sleep(0.02)
            await run.progress(step)

    (job,) = await ask_for(database, {})
    async with doing_jobs(resources_on(database), handled(handler), SOON, ()):

        async def running() -> bool:
            return (await job_of(database, job.id)).state is JobState.RUNNING

        await until(running)
        async with units_on(database)() as uow:
            jobs = Services(uow, SYSTEM, system_clock, PORTS).jobs
            await uow.transact(lambda: jobs.cancel(job.id))
        await until(lambda: everything_over(database))
    assert (await job_of(database, job.id)).state is JobState.CANCELED


async def test_a_worker_that_stops_gives_its_jobs_to_others(database: Database) -> None:
    begun = asyncio.Event()

    async def slow(run: JobRun[Services]) -> None:
        begun.set()
        await asyncio.sleep(60)

    async def quick(run: JobRun[Services]) -> None:
        return None

    (job,) = await ask_for(database, {})
    hasty = JobPace(grace=0.05)
    async with doing_jobs(resources_on(database), handled(slow), hasty, ()):
        await asyncio.wait_for(begun.wait(), 20)
    assert (await job_of(database, job.id)).state is JobState.QUEUED
    async with doing_jobs(resources_on(database), handled(quick), SOON, ()):
        await until(lambda: everything_over(database))
    assert (await job_of(database, job.id)).state is JobState.SUCCEEDED


async def test_a_job_of_somebody_who_may_not_ask_any_more_is_not_done(database: Database) -> None:
    async def handler(run: JobRun[Services]) -> None:
        raise AssertionError("not for a key that is not there")

    (job,) = await done(database, handler, {}, viewer=Viewer(ViewerKind.API_KEY, 99))
    assert (job.state, job.error) == (
        JobState.FAILED,
        "Whoever asked for it may not ask any more.",
    )


async def at_once(database: Database, looks: int) -> int:
    """By how many workers a job was done at once while its worker seemed to be dead."""
    now: Counter[int] = Counter()
    most, released = 0, asyncio.Event()

    async def handler(run: JobRun[Services]) -> None:
        nonlocal most
        now[run.id] += 1
        most = max(most, now[run.id])
        await released.wait()
        now[run.id] -= 1

    first, second = (
        doing_jobs(resources_on(database), handled(handler), SOON, ()) for _ in range(2)
    )
    async with first, second:
        await ask_for(database, {}, {})
        for _ in range(looks):
            await asyncio.sleep(0.05)
            async with units_on(database)() as uow:
                await uow.change(text("UPDATE pgqueuer SET heartbeat = now() - interval '1 hour'"))
            if most > 1:
                break
        released.set()
        await until(lambda: everything_over(database))
    return most


async def test_two_workers_never_do_one_job_at_once(database: Database) -> None:
    assert await at_once(database, 30) == 1


async def test_without_the_claim_they_do(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def take(_self: Claims, _job_id: int) -> bool:
        return True

    monkeypatch.setattr(Claims, "take", take)
    assert await at_once(database, 400) == 2


async def test_a_job_that_the_queue_lost_is_put_back(database: Database) -> None:
    async def handler(run: JobRun[Services]) -> None:
        return None

    (job,) = await ask_for(database, {})
    async with units_on(database)() as uow:
        upkeep = Services(uow, SYSTEM, system_clock, PORTS).job_upkeep
        await uow.change(text("DELETE FROM pgqueuer"))
        assert await upkeep.requeue() == 0
        await uow.change(
            text("UPDATE jobs SET run_at = run_at - interval '1 hour', created_at = run_at")
        )
        await uow.change(text("UPDATE jobs SET created_at = run_at"))
        assert await upkeep.requeue() == 1
        assert await upkeep.requeue() == 0
    async with doing_jobs(resources_on(database), handled(handler), SOON, ()):
        await until(lambda: everything_over(database))
    assert (await job_of(database, job.id)).state is JobState.SUCCEEDED


async def test_what_is_due_by_the_clock_is_done_by_one_of_many(database: Database) -> None:
    times = 0

    async def once(_services: Services) -> int:
        nonlocal times
        times += 1
        return 1

    daily = Scheduled("daily", "0 0 * * *", once)
    workers = [doing_jobs(resources_on(database), {}, SOON, (daily,)) for _ in range(2)]
    async with workers[0]:
        await until(lambda: _scheduled(database))
    async with units_on(database)() as uow:
        await uow.change(text("UPDATE pgqueuer_schedules SET next_run = now()"))
    workers = [doing_jobs(resources_on(database), {}, SOON, (daily,)) for _ in range(2)]
    async with workers[0], workers[1]:
        await until(lambda: _was_run(database))
    assert times == 1


async def _scheduled(database: Database) -> bool:
    return bool(await scalar(database, "SELECT count(*) FROM pgqueuer_schedules"))


async def _was_run(database: Database) -> bool:
    ran = "SELECT count(*) FROM pgqueuer_schedules WHERE last_run IS NOT NULL"
    return bool(await scalar(database, ran))


async def test_a_queue_of_another_release_is_refused(database: Database) -> None:
    column = "ALTER TABLE pgqueuer {} COLUMN slot"
    async with units_on(database)() as uow:
        await uow.change(text(column.format("RENAME") + " TO slots"))
    try:
        with pytest.raises(SchemaError, match="installed pgqueuer"):
            async with doing_jobs(resources_on(database), {}, SOON, ()):
                pass
    finally:
        async with units_on(database)() as uow:
            await uow.change(text("ALTER TABLE pgqueuer RENAME COLUMN slots TO slot"))
