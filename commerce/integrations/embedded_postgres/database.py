"""The database inside the server, and the role that owns it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from commerce.integrations.embedded_postgres.endpoint import Endpoint
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError

NAME = "commerce"
_ADMINISTRATOR = "postgres"
_STATISTICS = "pg_stat_statements"
# The last is what asyncpg says when a dying server's farewell comes before the query is sent.
_BROKEN = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


async def make_database(endpoint: Endpoint, password: str) -> str:
    """Make role and database where they are missing, one caller at a time. The URL for them."""
    try:
        async with _administrator(endpoint, password, _ADMINISTRATOR) as connection:
            await _make_role(connection, password)
            await _make_database(connection)
        async with _administrator(endpoint, password, NAME) as connection:
            await _make_statistics(connection)
    except _BROKEN as error:
        raise EmbeddedPostgresError(f"The embedded database does not answer: {error}") from error
    return endpoint.url(NAME, NAME, password)


@asynccontextmanager
async def _administrator(
    endpoint: Endpoint, password: str, database: str
) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        host=endpoint.host,
        port=endpoint.port,
        user=_ADMINISTRATOR,
        password=password,
        database=database,
        ssl=False,
        timeout=10,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _make_role(connection: asyncpg.Connection, password: str) -> None:
    """No superuser: a hole in a statement must not become a hole in the machine.

    What it may do instead any managed PostgreSQL can offer: monitoring shows the statements of
    all roles, and tests make databases.
    """
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", NAME):
        # The password is ours: letters, digits, dash and underscore.
        await connection.execute(
            f"CREATE ROLE {NAME} LOGIN CREATEDB IN ROLE pg_monitor PASSWORD '{password}'"
        )


async def _make_database(connection: asyncpg.Connection) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", NAME):
        await connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")


async def _make_statistics(connection: asyncpg.Connection) -> None:
    """Here, because only a superuser may."""
    missing = """
        SELECT 1 FROM pg_available_extensions
        WHERE name = $1 AND installed_version IS NULL
          AND current_setting('shared_preload_libraries') = name
    """
    if await connection.fetchval(missing, _STATISTICS):
        await connection.execute(f"CREATE EXTENSION {_STATISTICS}")
