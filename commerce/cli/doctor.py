"""`commerce doctor`: is everything here that the server needs?"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import text

from commerce.cli.output import notes, out, quiet
from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import UnavailableError
from commerce.integrations.rate_limits import redis_version
from commerce.integrations.storage import file_storage, reason_of
from commerce.invariants import Broken, broken
from commerce.migrate import require_ready, schema_state
from commerce.runtime import database_url
from commerce.settings import Settings, settings_from_process
from commerce.webhooks.repository.backlog import Backlog, BacklogRepository

GRAPHIQL = Path(__file__).parent.parent / "http" / "graphiql" / "static" / "index.html"
LATE: Final = 60.0  # seconds
LISTENING: Final = 1  # the connection that hears of events
SERVER: Final = text(
    "SELECT current_setting(name) FROM unnest(ARRAY['server_version', 'max_connections',"
    " 'superuser_reserved_connections']) WITH ORDINALITY AS wanted (name, place) ORDER BY place"
)
LONG: Final = 600.0  # seconds: each invariant looks through whole tables


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    good: bool
    detail: str


def doctor(
    invariants: Annotated[
        bool,
        typer.Option(
            "--invariants",
            help="Look through all data for what must not be: stock, orders and money that do "
            "not add up.",
        ),
    ] = False,
) -> None:
    """Check the settings, the database and the installation; exit with 1 if something is wrong."""
    quiet()
    settings = settings_from_process()
    if invariants:
        _check_invariants(asyncio.run(_broken(settings)))
        return
    findings = [*_installation(), *asyncio.run(_services(settings))]
    table = Table("check", "", "detail")
    for finding in findings:
        mark = "[green]ok[/]" if finding.good else "[red]wrong[/]"
        table.add_row(finding.subject, mark, finding.detail)
    out.print(table)
    out.print(_settings_table(settings))
    if not all(finding.good for finding in findings):
        sys.exit(1)


def _check_invariants(found: Sequence[Broken]) -> None:
    """Each one that does not hold, with the rows that break it, on stdout."""
    for each in found:
        table = Table(*each.rows[0], title=f"{each.domain}: not true that {each.invariant.name}")
        for row in each.rows:
            table.add_row(*(escape(str(value)) for value in row.values()))
        out.print(table)
        out.print(each.invariant.means)
    if found:
        sys.exit(1)
    notes.print("All invariants hold.")


async def _broken(settings: Settings) -> list[Broken]:
    async with database_url(settings) as url:
        await require_ready(url)
        database = Database(url, PoolLimits(statement=LONG))
        try:
            async with units_on(database)() as uow:
                return await broken(uow)
        finally:
            await database.close()


def _installation() -> list[Finding]:
    built = GRAPHIQL.exists()
    return [
        Finding("version", True, f"{version('storegraph')} on Python {sys.version.split()[0]}"),
        Finding("GraphiQL", True, "built" if built else "not built; `make graphiql` builds it"),
    ]


async def _services(settings: Settings) -> list[Finding]:
    return [*await _database(settings), *await _redis(settings), *await _bucket(settings)]


async def _bucket(settings: Settings) -> list[Finding]:
    if not settings.storage_url:
        return []
    try:
        await file_storage(settings).get("doctor")  # what is not there is no problem
    except UnavailableError as error:
        return [Finding("bucket", False, reason_of(error.__cause__ or error))]
    return [Finding("bucket", True, settings.storage_url.split("?")[0])]


async def _redis(settings: Settings) -> list[Finding]:
    if settings.redis_url is None:
        return []
    try:
        version_ = await redis_version(settings.redis_url.get_secret_value())
    except Exception as error:  # its message may quote the address, which holds a password
        return [Finding("Redis", False, f"not reachable: {type(error).__name__}")]
    return [Finding("Redis", True, version_)]


async def _database(settings: Settings) -> list[Finding]:
    try:
        async with database_url(settings) as url:
            state = await schema_state(url)
            asked = await _asked(url, settings, ready=state.ready)
    except Exception as error:  # whatever it is, it is the finding
        return [Finding("database", False, " ".join(str(error).split()))]
    kind = "embedded" if settings.database_url is None else "given"
    advice = "run `commerce migrate`" if state.known else "upgrade this installation"
    revision = f"revision {state.current or 'none'}"
    return [
        Finding("database", True, f"{kind}, PostgreSQL {asked.version}"),
        Finding("schema", state.ready, revision if state.ready else f"{revision}; {advice}"),
        *asked.findings,
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    version: str
    findings: Sequence[Finding]


async def _asked(url: str, settings: Settings, *, ready: bool) -> Asked:
    database = Database(url)
    try:
        async with units_on(database)() as uow:
            version_, most, reserved = await uow.rows(SERVER)
            findings = [_connections(settings, int(most[0]) - int(reserved[0]))]
            if ready:
                findings += _backlog(await BacklogRepository(uow).now())
            return Asked(str(version_[0]), findings)
    finally:
        await database.close()


def _connections(settings: Settings, available: int) -> Finding:
    """Of each process the pool, one that hears of events, and one that claims jobs."""
    each = settings.pool_size + settings.pool_overflow + LISTENING + bool(settings.job_slots)
    wanted = settings.workers * each
    detail = f"up to {wanted} of {available}: {settings.workers} x {each}"
    if wanted > available:
        detail += "; lower COMMERCE_POOL_SIZE and COMMERCE_POOL_OVERFLOW, or raise max_connections"
    return Finding("connections", wanted <= available, detail)


def _backlog(seen: Backlog) -> list[Finding]:
    """What was given up is history; what waits for long means that nobody works."""
    events = f"{seen.unnumbered} wait, the oldest for {seen.lag:.0f} s"
    webhooks = (
        f"{seen.due} due, the oldest for {seen.age:.0f} s; {seen.dead} given up;"
        f" {seen.disabled} endpoints switched off by the server"
    )
    return [
        Finding("events", seen.lag < LATE, events),
        Finding("webhooks", seen.age < LATE, webhooks),
    ]


def _settings_table(settings: Settings) -> Table:
    table = Table("setting", "value")
    for name in Settings.model_fields:
        table.add_row(f"COMMERCE_{name.upper()}", escape(_written(getattr(settings, name))))
    return table


def _written(value: object) -> str:
    """As one would write it into the environment."""
    if isinstance(value, tuple):
        return ",".join("=".join(item) if isinstance(item, tuple) else str(item) for item in value)
    return "" if value is None else str(value)
