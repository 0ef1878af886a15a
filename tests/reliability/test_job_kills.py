"""Workers are killed in the middle of jobs: none is lost, and what each does is done once."""

import asyncio
import os
import random
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Final

from sqlalchemy import text

from commerce.core.db import units_on
from commerce.core.pool import Database
from tests.support.jobs import EFFECTS, ask_for, everything_over, scalar, until

ROOT: Final = Path(__file__).parents[2]
KILLS: Final = int(os.environ.get("COMMERCE_TEST_JOB_KILLS", "3"))  # noqa: TID251  # the test's own size
DONE: Final = "SELECT count(*) FROM jobs WHERE state = 'succeeded'"
BEGUN: Final = "SELECT coalesce(sum(attempts), 0) FROM jobs"
IN_THE_MIDDLE: Final = (
    "SELECT count(*) FROM job_effects JOIN jobs ON id = job_id AND attempts = attempt"
    " WHERE state = 'running'"
)


async def in_the_middle(database: Database) -> bool:
    """Whether a job that was just begun has done what it is to do, and goes on."""
    return bool(await scalar(database, IN_THE_MIDDLE))


async def killed(database: Database, *options: str) -> dict[str, int]:
    """What there is after a worker was killed again and again, and the last one could finish."""
    async with units_on(database)() as uow:
        await uow.change(text(EFFECTS))
    asked = await ask_for(database, *({"n": n} for n in range(2 * KILLS + 4)))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.job_worker_process", database.url, *options,
        cwd=ROOT, stdin=PIPE, stdout=PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for _ in range(KILLS):
            await until(lambda: in_the_middle(database), 60)
            await asyncio.sleep(random.uniform(0, 0.1))
            process.stdin.write(b"kill\n")
            assert await process.stdout.readline() == b"killed\n"
        await until(lambda: everything_over(database), 60)
        return {
            "asked": len(asked),
            "done": await scalar(database, DONE),
            "begun": int(await scalar(database, BEGUN)),
            "effects": await scalar(database, "SELECT count(*) FROM job_effects"),
            "affected": await scalar(database, "SELECT count(DISTINCT job_id) FROM job_effects"),
        }
    finally:
        process.stdin.close()
        await process.wait()
        async with units_on(database)() as uow:
            await uow.change(text("DROP TABLE job_effects"))


async def test_jobs_survive_their_workers(database: Database) -> None:
    found = await killed(database)
    asked = found["asked"]
    assert (found["done"], found["affected"], found["effects"]) == (asked, asked, asked)
    assert found["begun"] > asked


async def test_a_careless_job_does_it_twice(database: Database) -> None:
    found = await killed(database, "careless")
    assert found["effects"] > found["affected"] == found["asked"]
