"""Workers for tests, on a database where things are committed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from commerce.authentication import Authenticator
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.paging import Cursors
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM, Viewer
from commerce.job_runner import JobPace
from commerce.jobs.kinds import JobKind
from commerce.jobs.repository.jobs import JobRow
from commerce.jobs.run import Handler, JobRun
from commerce.runtime import Resources
from commerce.settings import Settings
from commerce.wiring import Services
from tests.support.machine import within
from tests.support.services import PORTS, SECRET

SOON = JobPace(heartbeat=timedelta(seconds=1), look_every=timedelta(seconds=0.3), grace=1)
# Nothing that only a rule keeps from being there twice.
EFFECTS = "CREATE TABLE IF NOT EXISTS job_effects (job_id bigint, attempt int)"


def resources_on(database: Database) -> Resources:
    open_unit = units_on(database)
    return Resources(
        settings=Settings(data_dir=Path("/nowhere"), rate_limits=False),
        open_unit=open_unit,
        clock=system_clock,
        cursors=Cursors(SECRET),
        authenticator=Authenticator(open_unit, system_clock, PORTS.access_tokens),
        ports=PORTS,
        database_url=database.url,
        database=database,
    )


def handled(handler: Handler[Services]) -> Mapping[JobKind, Handler[Services]]:
    """One handler for the kind that tests ask for."""
    return {JobKind.BATCH: handler}


async def ask_for(
    database: Database, *inputs: Mapping[str, Any], viewer: Viewer = SYSTEM, **options: Any
) -> list[JobRow]:
    """Jobs of the system, committed."""
    async with units_on(database)() as uow:
        jobs = Services(uow, viewer, system_clock, PORTS).jobs

        async def work() -> list[JobRow]:
            return [await jobs.enqueue(JobKind.BATCH, given, **options) for given in inputs]

        return await uow.transact(work)


async def job_of(database: Database, id_: int) -> JobRow:
    async with units_on(database)() as uow:
        job = await Services(uow, SYSTEM, system_clock, PORTS).repositories.jobs.by_id(id_)
    assert job is not None
    return job


async def until(fact: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait for it to be so."""
    async with asyncio.timeout(within(seconds)):
        while not await fact():  # noqa: ASYNC110  # of the database
            await asyncio.sleep(0.02)


async def scalar(database: Database, statement: str) -> Any:
    async with units_on(database)() as uow:
        return await uow.scalar(text(statement))


async def everything_over(database: Database) -> bool:
    return not await scalar(
        database, "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"
    )


async def take_effect_once(run: JobRun[Services], steps: int = 10, guarded: bool = True) -> None:
    """What a job does that may be done again: nothing, if it is done already."""
    async with run.services() as services:

        async def work() -> None:
            await run.hold(services)
            done = text("SELECT count(*) FROM job_effects WHERE job_id = :id")
            if guarded and await services.uow.scalar(done, {"id": run.id}):
                return
            new = text("INSERT INTO job_effects VALUES (:id, :attempt)")
            await services.uow.change(new, {"id": run.id, "attempt": run.attempt})

        await services.uow.transact(work)
    for step in range(steps):
        await asyncio.sleep(0.05)
        await run.progress(step + 1, steps)
