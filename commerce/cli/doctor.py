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
from commerce.integrations.rate_limits import redis_version
from commerce.invariants import Broken, broken
from commerce.migrate import require_ready, schema_state
from commerce.runtime import database_url
from commerce.settings import Settings, settings_from_process

GRAPHIQL = Path(__file__).parent.parent / "http" / "graphiql" / "static" / "index.html"
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
    return [*await _database(settings), *await _redis(settings)]


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
            server = await _server_version(url)
    except Exception as error:  # whatever it is, it is the finding
        return [Finding("database", False, " ".join(str(error).split()))]
    kind = "embedded" if settings.database_url is None else "given"
    advice = "run `commerce migrate`" if state.known else "upgrade this installation"
    revision = f"revision {state.current or 'none'}"
    return [
        Finding("database", True, f"{kind}, PostgreSQL {server}"),
        Finding("schema", state.ready, revision if state.ready else f"{revision}; {advice}"),
    ]


async def _server_version(url: str) -> str:
    database = Database(url)
    try:
        async with database.reader() as connection:
            return str(await connection.scalar(text("SHOW server_version")))
    finally:
        await database.close()


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
