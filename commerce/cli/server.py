"""`commerce serve` and `commerce migrate`."""

import asyncio
import sys
from typing import Annotated

import typer

from commerce import migrate as migrations
from commerce.bootstrap import prepare_store
from commerce.cli.output import notes, quiet
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.http.server import serve as serve_forever
from commerce.runtime import database_url, preflight
from commerce.settings import Settings, settings_from_process

FACTORY = "commerce.app:server_process"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Server processes.")] = None,
    reload: Annotated[
        bool, typer.Option("--reload", help="Restart when the code changes; for development.")
    ] = False,
) -> None:
    """Start the server, and the embedded database if none is configured."""
    options = {"host": host, "port": port, "workers": workers}
    given = {name: value for name, value in options.items() if value is not None}
    settings = settings_from_process().changed(given)
    asyncio.run(preflight(settings))
    sys.exit(serve_forever(settings, FACTORY, reload=reload))


def migrate() -> None:
    """Bring the configured database to this version's schema."""
    quiet()
    before, after = asyncio.run(_migrate(settings_from_process()))
    if before == after:
        notes.print(f"The database is at revision {after} already.")
    else:
        notes.print(f"Migrated from revision {before or 'none'} to {after}.")


async def _migrate(settings: Settings) -> tuple[str | None, str | None]:
    async with database_url(settings) as url:
        before = await migrations.schema_state(url)
        after = await migrations.migrate(url)
        database = Database(url)
        try:
            await prepare_store(
                units_on(database), system_clock, settings.currency, settings.store_name
            )
        finally:
            await database.close()
        return before.current, after.current


def migration(message: Annotated[str, typer.Argument(help="What it does.")]) -> None:
    """Write a migration from the difference between the models and the database."""
    quiet()

    async def write(settings: Settings) -> None:
        async with database_url(settings) as url:
            await migrations.migrate(url)
            await migrations.new_revision(url, message)

    asyncio.run(write(settings_from_process()))
