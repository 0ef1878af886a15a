"""Files of the web are fetched by jobs: one for each that was asked for, whatever happens to it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anyio import Path as File
from sqlalchemy import text

from commerce.core.db import units_on
from commerce.core.ids import global_id
from commerce.core.pool import Database
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM, Viewer, ViewerKind
from commerce.fetching.handlers import fetch_file
from commerce.fetching.service import FetchingService
from commerce.files.kinds import FileKind
from commerce.files.ports import FetchRefusedError
from commerce.job_runner import doing_jobs
from commerce.jobs import rules
from commerce.jobs.kinds import JobKind, JobState
from commerce.jobs.repository.jobs import JobRow
from commerce.jobs.run import Handler, JobRun
from commerce.runtime import Resources
from commerce.wiring import Services
from tests.support.files import picture
from tests.support.jobs import SOON, everything_over, job_of, resources_on, scalar, until

URL = "https://elsewhere.test/a%20b.png"
FILES = "SELECT count(*) FROM files"
UNUSED = "SELECT count(*) FROM staged_uploads WHERE file_id IS NULL"
TAKEN_OVER = text("UPDATE jobs SET attempts = attempts + 1")


class Web:
    """A double of the web; its last answer is given from then on."""

    def __init__(self, *answers: bytes | FetchRefusedError) -> None:
        self.answers = list(answers)
        self.fetched = 0

    async def fetch(self, url: str, target: Path, most: int) -> None:
        self.fetched += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, FetchRefusedError):
            raise answer
        await File(target).write_bytes(answer)


def process(database: Database, web: Any) -> Resources:
    """A server's, with that web."""
    resources = resources_on(database)
    return replace(resources, ports=replace(resources.ports, file_fetch=web))


async def asked(resources: Resources, url: str = URL) -> int:
    async with resources.open_unit() as uow:
        services = Services(uow, SYSTEM, resources.clock, resources.ports)
        job = await services.fetching.ask(url, FileKind.IMAGE, None)
    assert not isinstance(job, Problem)
    return int(job.id)


async def done(
    database: Database, web: Any, handler: Handler[Services] = fetch_file, **options: Any
) -> JobRow:
    """The job, after a worker has done all it could."""
    resources = process(database, web)
    id_ = await asked(resources, **options)
    async with doing_jobs(resources, {JobKind.FILE: handler}, SOON, ()):
        await until(lambda: everything_over(database))
    return await job_of(database, id_)


async def test_a_job_makes_the_file(database: Database) -> None:
    job = await done(database, Web(picture(60, 30)))
    id_ = await scalar(database, "SELECT id FROM files WHERE filename = 'a b.png' AND width = 60")
    assert (job.state, job.result) == (JobState.SUCCEEDED, {"fileId": global_id("File", id_)})


@pytest.mark.parametrize(
    ("answer", "url", "said"),
    [
        (FetchRefusedError("The address answers with status 404."), URL, "status 404"),
        (b"<svg/>", URL, "Pictures are JPEG"),
        (FetchRefusedError("This is no public address."), "http://10.0.0.1/x", "no public address"),
    ],
)
async def test_what_cannot_be_made_is_said_at_once(
    database: Database, answer: Any, url: str, said: str
) -> None:
    job = await done(database, Web(answer), url=url)
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert said in (job.error or "")
    assert await scalar(database, FILES) == 0


async def test_what_may_pass_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FIRST_PAUSE", rules.FIRST_PAUSE / 100)
    away = FetchRefusedError("There was no answer in time.", passing=True)
    job = await done(database, Web(away, away, picture(60, 30)))
    assert (job.state, job.attempts) == (JobState.SUCCEEDED, 3)
    monkeypatch.setattr(rules, "MOST_ATTEMPTS", 2)
    job = await done(database, Web(away))
    assert (job.state, job.attempts, job.error) == (
        JobState.FAILED,
        2,
        "There was no answer in time.",
    )


async def test_it_takes_the_right_to_make_files_also_later(database: Database) -> None:
    web = Web(picture(60, 30))
    nobody = Viewer(ViewerKind.API_KEY, 7)

    async def later(run: JobRun[Services]) -> Mapping[str, Any]:
        async with run.services() as own:
            fetching = FetchingService(own.uow, own.files, own.jobs, nobody)
            return await fetching.fetch(run.input, _nothing)

    job = await done(database, web, later)
    assert (job.state, web.fetched) == (JobState.FAILED, 0)
    assert "may not make files" in (job.error or "")


async def forgetful(run: JobRun[Services]) -> Mapping[str, Any]:
    """With the guard removed: what it makes is not written down with the file."""
    async with run.services() as own:
        return await own.fetching.fetch(run.input, _nothing)


async def _nothing(_result: Mapping[str, Any]) -> None:
    return None


async def made_before_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch, handler: Handler[Services]
) -> tuple[JobRow, int]:
    """The job and how many files there are when the first attempt dies once it has made one."""
    monkeypatch.setattr(rules, "FIRST_PAUSE", rules.FIRST_PAUSE / 100)

    async def dies(run: JobRun[Services]) -> Mapping[str, Any] | None:
        result = await handler(run)
        if run.attempt == 1:
            raise RuntimeError("the process is gone")
        return result

    return await done(database, Web(picture(60, 30)), dies), await scalar(database, FILES)


async def test_a_file_that_was_made_is_not_made_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, files = await made_before_the_end(database, monkeypatch, fetch_file)
    id_ = await scalar(database, "SELECT min(id) FROM files")
    assert (job.state, job.attempts, files) == (JobState.SUCCEEDED, 2, 1)
    assert job.result == {"fileId": global_id("File", id_)}


async def test_a_forgetful_job_makes_it_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, files = await made_before_the_end(database, monkeypatch, forgetful)
    assert files == 2


class SlowWeb(Web):
    """Fetches for the first time for so long that another worker goes on with the job."""

    def __init__(self, database: Database) -> None:
        super().__init__(picture(60, 30))
        self._open_unit = units_on(database)

    async def fetch(self, url: str, target: Path, most: int) -> None:
        await super().fetch(url, target, most)
        if self.fetched == 1:
            async with self._open_unit() as uow:
                await uow.change(TAKEN_OVER)


async def taken_over(database: Database, handler: Handler[Services]) -> int:
    """How many files there are when both have come to their end."""
    job = await done(database, SlowWeb(database), handler)
    assert job.state is JobState.SUCCEEDED
    return int(await scalar(database, FILES))


async def test_who_was_taken_for_dead_makes_nothing(database: Database) -> None:
    assert await taken_over(database, fetch_file) == 1
    assert await scalar(database, UNUSED) == 1  # it goes like any other upload


async def test_a_forgetful_one_does(database: Database) -> None:
    assert await taken_over(database, forgetful) == 2
