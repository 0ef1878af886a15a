"""A migrated PostgreSQL database; each test in a transaction of its own that is rolled back."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from commerce.app import create_app
from commerce.authentication import Authenticator
from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork, units_on
from commerce.core.events import Event
from commerce.core.paging import Cursors
from commerce.core.pool import Database, PoolLimits
from commerce.core.stamp import Stamp
from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope, Viewer, ViewerKind
from commerce.http.graphql.compiled import attempts
from commerce.http.server import spare_collector
from commerce.runtime import Resources
from commerce.settings import Settings
from commerce.staff.repository.roles import RoleRepository
from tests.support.databases import empty, migrated_database, test_server
from tests.support.documents import check_once
from tests.support.invariants import Books, assert_invariants
from tests.support.servers import commerce, serving
from tests.support.services import PORTS

CURSORS = Cursors(b"a secret of the tests")
# What happens side by side is tested, not how long a busy machine takes for it.
PATIENT = PoolLimits(wait=30, connect=30, statement=30, lock=20)
# A transaction's beginning and end, and the stamp that it begins with.
STAMPING = text(
    "SELECT set_config('storegraph.actor', :actor, true),"
    " set_config('storegraph.action', :action, true),"
    " set_config('storegraph.request_id', :request_id, true)"
)
FRAMES = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "SELECT set_config('storegraph.actor'")
GENERAL_GROUP = "INSERT INTO customer_groups (id, name) VALUES (0, 'General')"
LOG_END = "INSERT INTO event_log_end (id) VALUES (1)"
STORE = "INSERT INTO store (name, currency) VALUES ('Test Store', 'EUR')"
EVERYTHING = Viewer(ViewerKind.API_KEY, 1, frozenset(Scope))


@pytest.fixture(scope="session", autouse=True)
def collected_as_in_a_server() -> None:
    """Looking for cycles in all that is imported took a fifth of the suite's time."""
    spare_collector()


@pytest.fixture(scope="session", autouse=True)
def compiled_at_once() -> Iterator[None]:
    """Queries are compiled when they are seen first, for tests ask once; or none is, where the
    reference executor is to be tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempts, "WORTH_IT", 1)
        if os.environ.get("COMMERCE_TEST_EXECUTOR") == "reference":  # noqa: TID251  # the suite's own switch
            patch.setattr(attempts, "SETTINGS", 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def stored_documents_checked_once() -> Iterator[None]:
    """Many tests make an application. Its schema is always the same: what each of them checks of
    it, a second's work, is checked once."""
    with pytest.MonkeyPatch.context() as patch:
        check_once(patch)
        yield


@pytest.fixture(scope="session")
async def server_url() -> AsyncIterator[str]:
    """The server the tests run on: the given one, else the embedded one."""
    async with test_server(os.environ.get("COMMERCE_TEST_DATABASE_URL")) as url:  # noqa: TID251  # the suite's own switch
        yield url


@pytest.fixture(scope="session")
async def database_url(server_url: str) -> AsyncIterator[str]:
    """A migrated database of this run alone."""
    async with migrated_database(server_url) as url:
        await _opened(url)
        yield url


async def _opened(url: str) -> None:
    """With the settings that every store has; the audit log stays empty."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE store DISABLE TRIGGER USER"))
        await connection.execute(text(STORE))
        await connection.execute(text("ALTER TABLE store ENABLE TRIGGER USER"))
    await engine.dispose()


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(database_url, poolclass=NullPool)
    yield engine
    await engine.dispose()


class OneConnection:
    """Both lanes on one connection inside a transaction that is never committed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection

    @asynccontextmanager
    async def writer(
        self, stamp: Stamp = Stamp(), *, further: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        async with self._connection.begin_nested():
            await self._connection.execute(STAMPING, stamp.values())
            yield self._connection


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        await connection.begin()
        yield connection
        await connection.rollback()


@pytest.fixture
def open_unit(connection: AsyncConnection) -> OpenUnit:
    return units_on(OneConnection(connection))


class LooseUnit(UnitOfWork):
    """For tests that call what writes without a transaction around it: nobody is told then."""

    def record(self, event: Event) -> None:
        if self._transaction is not None:
            super().record(event)


@pytest.fixture
async def uow(connection: AsyncConnection) -> AsyncIterator[UnitOfWork]:
    unit = LooseUnit(OneConnection(connection))
    yield unit
    await unit.close()


@pytest.fixture
def statements(connection: AsyncConnection) -> Iterator[list[str]]:
    """Every SQL statement sent so far; `clear()` it before what is to be counted.

    What frames each transaction is left out.
    """
    sent: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(FRAMES):
            sent.append(statement)

    target = connection.sync_connection
    event.listen(target, "before_cursor_execute", record)
    yield sent
    event.remove(target, "before_cursor_execute", record)


@pytest.fixture(scope="session")
async def committed_url(server_url: str) -> AsyncIterator[str]:
    """A second migrated database, for tests that commit on several connections."""
    async with migrated_database(server_url, "committed") as url:
        await _opened(url)
        yield url


@pytest.fixture
async def database(committed_url: str) -> AsyncIterator[Database]:
    """A real pool; every table is emptied after the test."""
    database = Database(committed_url, PATIENT)
    yield database
    async with database.writer() as connection:
        await empty(connection)
        await connection.execute(text(GENERAL_GROUP))
        await connection.execute(text(LOG_END))
        await connection.execute(text(STORE))
    async with units_on(database)() as unit:
        await RoleRepository(unit, SYSTEM).ensure_built_in()
    await database.close()


@pytest.fixture
async def books(database: Database) -> AsyncIterator[Books]:
    """Looked through at the end of a test, for whether what must hold between rows does."""
    books = Books()
    yield books
    await assert_invariants(database, books)


@pytest.fixture
def resources(open_unit: OpenUnit, database_url: str, tmp_path: Path) -> Resources:
    """What an application needs, over the test's transaction."""
    return Resources(
        settings=Settings(data_dir=tmp_path, rate_limits=False),
        open_unit=open_unit,
        clock=system_clock,
        cursors=CURSORS,
        authenticator=Authenticator(open_unit, system_clock, PORTS.access_tokens),
        ports=PORTS,
        database_url=database_url,
    )


@pytest.fixture
async def client(resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application, without a socket."""
    transport = httpx.ASGITransport(create_app(resources))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield client


Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ask(open_unit: OpenUnit) -> Ask:
    """Send GraphQL as somebody holding every scope, or as `viewer`; answers `{data, errors}`."""
    from tests.support.graphql import answer

    async def send(
        query: str, variables: dict[str, Any] | None = None, viewer: Viewer = EVERYTHING
    ) -> dict[str, Any]:
        return await answer(open_unit, query, variables, viewer, CURSORS, system_clock)

    return send


@pytest.fixture
def ask_anonymously(ask: Ask) -> Ask:
    async def send(query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        return await ask(query, variables, viewer=ANONYMOUS)

    return send


@pytest.fixture(scope="session")
async def live_url(server_url: str) -> AsyncIterator[str]:
    """A database with the demo catalogue, for the running server."""
    async with migrated_database(server_url, "live") as url:
        code, _, told = await commerce("demo", "--products", "60", DATABASE_URL=url)
        assert code == 0, told
        yield url


@pytest.fixture(scope="session")
async def live_server(live_url: str) -> AsyncIterator[str]:
    """The address of a real server in development mode, with the demo catalogue."""
    async with serving(DATABASE_URL=live_url) as address:
        yield address
