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
from commerce.migrate import metadata, migrate

INSUFFICIENT_PRIVILEGE = "42501"
QUEUE_TABLES = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules")
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
        async with _templates_dropped(given):
            yield given
        return
    server = EmbeddedPostgres(Path(user_cache_path("storegraph-tests", appauthor=False)))
    try:
        url = await server.start()
        async with _templates_dropped(url):
            yield url
    finally:
        await server.stop()


@asynccontextmanager
async def fresh_database(
    server: str, purpose: str = "main", template: str = "template1"
) -> AsyncIterator[str]:
    """An empty database of this process, dropped afterwards.

    Nobody waits for the disk: what is committed survives the end of any process but the server's.
    """
    name = _name(purpose)
    await _drop(server, name)
    await _administer(
        server,
        f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
        f'ALTER DATABASE "{name}" SET synchronous_commit = off',
    )
    try:
        yield _url(server, name)
    finally:
        await _drop(server, name)


@asynccontextmanager
async def migrated_database(server: str, purpose: str = "main") -> AsyncIterator[str]:
    """The same with our tables: a copy of one that this process migrates but once."""
    template = _name("template")
    if server not in _templates:
        await _drop(server, template)
        await _administer(server, f'CREATE DATABASE "{template}"')
        await migrate(_url(server, template))
        _templates.add(server)
    async with fresh_database(server, purpose, template) as url:
        yield url


# Servers on which this process has made its template.
_templates: set[str] = set()


@asynccontextmanager
async def _templates_dropped(server: str) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if server in _templates:
            _templates.remove(server)
            await _drop(server, _name("template"))


def _name(purpose: str) -> str:
    return f"storegraph_test_{purpose}_{os.getpid()}"


def _url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def empty(connection: AsyncConnection) -> None:
    """Delete every row of every table, what refers to others first, and begin counting anew."""
    names = (table.name for table in reversed(metadata().sorted_tables))
    tables = ",".join((*QUEUE_TABLES, *names))
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


async def _administer(server: str, *statements: str) -> None:
    engine = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
