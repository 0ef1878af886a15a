"""`commerce jobs` and `commerce worker`."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from commerce.app import working
from commerce.cli.output import fail, notes, out
from commerce.cli.session import change, run, services
from commerce.core.paging import PageArgs
from commerce.core.problems import Problem
from commerce.http.logs import configure_logging
from commerce.jobs.kinds import JobKind, JobState
from commerce.jobs.repository.jobs import JobRow
from commerce.jobs.rules import JobFilter
from commerce.runtime import Resources, preflight
from commerce.settings import Settings, settings_from_process
from commerce.wiring import Services

app = typer.Typer(help="Work that is done beside requests.", no_args_is_help=True)
SHOWN: Final = ("id", "kind", "state", "done", "total", "attempts", "owner", "created_at", "error")
Id = Annotated[int, typer.Argument(help="The job's number.")]


@app.command("list")
def list_jobs(
    state: Annotated[JobState | None, typer.Option(help="Only in this state.")] = None,
    kind: Annotated[JobKind | None, typer.Option(help="Only of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 50,
) -> None:
    """The newest jobs first; `--state failed` shows those that are given up."""
    where = JobFilter(None if kind is None else (kind,), None if state is None else (state,))

    async def work(resources: Resources) -> list[Any]:
        async with services(resources) as session:
            return list((await session.jobs.page(where, PageArgs(limit))).rows)

    table = Table(*SHOWN)
    for job in run(work):
        table.add_row(*(escape(_written(getattr(job, name))) for name in SHOWN))
    out.print(table)


@app.command()
def show(id: Id) -> None:
    """All there is to know of a job, as JSON."""

    async def work(resources: Resources) -> JobRow | None:
        async with services(resources) as session:
            return await session.repositories.jobs.by_id(id)

    job = run(work)
    if job is None:
        fail(f"There is no job {id}.")
    told = {name: _plain(value) for name, value in job._mapping.items()}
    out.print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode(), markup=False)


@app.command()
def retry(id: Id) -> None:
    """Put a job that failed or was canceled back into the queue."""
    _changed(lambda session: session.jobs.retry(id))


@app.command()
def cancel(id: Id) -> None:
    """Stop a job: at once while it waits, soon while it runs."""
    _changed(lambda session: session.jobs.cancel(id))


def worker(
    jobs: Annotated[int | None, typer.Option(min=2, max=100, help="How many at once.")] = None,
) -> None:
    """Do jobs, and nothing else, until told to stop; as many of these as wanted may run."""
    settings = settings_from_process()
    slots = jobs or settings.job_slots or 4
    settings = settings.changed({"job_slots": slots})
    configure_logging(settings)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    await preflight(settings)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with working(settings):
        notes.print(f"Doing up to {settings.job_slots} jobs at once; Ctrl+C stops.")
        await stopped.wait()


def _changed(work: Callable[[Services], Awaitable[JobRow | Problem]]) -> None:
    async def in_transaction(resources: Resources) -> JobRow | Problem:
        return await change(resources, work)

    job = run(in_transaction)
    if isinstance(job, Problem):
        fail(job.message)
    notes.print(f"Job {job.id} is {job.state.value}.")


def _written(value: Any) -> str:
    value = _plain(value)
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, JobKind | JobState) else value
