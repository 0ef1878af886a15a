"""Servers and databases for tests."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from platformdirs import user_cache_path
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from commerce.integrations.embedded_postgres import EmbeddedPostgres
from commerce.migrate import metadata

INSUFFICIENT_PRIVILEGE = "42501"
# Deleting the few rows of a test takes milliseconds; truncating a hundred tables, seconds. Ledgers
# refuse to be emptied, and nothing is to be logged.
EMPTY = """
DO $$
DECLARE name text; used boolean;
BEGIN
    FOREACH name IN ARRAY '{{{tables}}}'::text[] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO used;
        IF used THEN
            EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', name);
            EXECUTE format('DELETE FROM %I', name);
            EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', name);
        END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
       FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


@asynccontextmanager
async def test_server(given: str | None) -> AsyncIterator[str]:
    """The URL of a server that may be filled with databases.

    The embedded one lives in the user's cache folder, so that it is initialised once.
    """
    if given:
        yield given
        return
    server = EmbeddedPostgres(Path(user_cache_path("storegraph-tests", appauthor=False)))
    try:
        yield await server.start()
    finally:
        await server.stop()


@asynccontextmanager
async def fresh_database(server: str, purpose: str = "main") -> AsyncIterator[str]:
    """An empty database of this process, dropped afterwards."""
    name = f"storegraph_test_{purpose}_{os.getpid()}"
    await _drop(server, name)
    await _administer(server, f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        await _drop(server, name)


async def empty(connection: AsyncConnection) -> None:
    """Delete every row of every table, what refers to others first, and begin counting anew."""
    tables = ",".join(table.name for table in reversed(metadata().sorted_tables))
    await connection.execute(text(EMPTY.format(tables=tables)))


async def _drop(server: str, name: str) -> None:
    """Whoever is still connected is sent away, unless it is the server's own housekeeping, which
    is not ours to end: for that, dropping by itself waits.
    """
    statement = f'DROP DATABASE IF EXISTS "{name}"'
    try:
        await _administer(server, f"{statement} WITH (FORCE)")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
            raise
        await _administer(server, statement)


async def _administer(server: str, statement: str) -> None:
    engine = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
