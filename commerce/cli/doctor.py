"""`commerce doctor`: is everything here that the server needs?"""

import asyncio
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.markup import escape
from rich.table import Table
from sqlalchemy import text

from commerce.cli.output import out, quiet
from commerce.core.db import Database
from commerce.integrations.rate_limits import redis_version
from commerce.migrate import schema_state
from commerce.runtime import database_url
from commerce.settings import Settings, settings_from_process

GRAPHIQL = Path(__file__).parent.parent / "http" / "graphiql" / "static" / "index.html"


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    good: bool
    detail: str


def doctor() -> None:
    """Check the settings, the database and the installation; exit with 1 if something is wrong."""
    quiet()
    settings = settings_from_process()
    findings = [*_installation(), *asyncio.run(_services(settings))]
    table = Table("check", "", "detail")
    for finding in findings:
        mark = "[green]ok[/]" if finding.good else "[red]wrong[/]"
        table.add_row(finding.subject, mark, finding.detail)
    out.print(table)
    out.print(_settings_table(settings))
    if not all(finding.good for finding in findings):
        sys.exit(1)


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
