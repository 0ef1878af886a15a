import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from commerce.integrations.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    embedded_postgres,
)
from commerce.integrations.embedded_postgres.postmaster import Postmaster
from tests.support.database_users import User, ask, connect, kill, seconds_until_answer
from tests.support.machine import within

CLIENTS = 4
# The last is what asyncpg says when the server's farewell comes before the query is sent.
BROKEN = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Load:
    """Clients that insert rows as fast as they can, whatever happens to the server."""

    def __init__(self, url: str, commit: str) -> None:
        self._url = url
        self._commit = commit
        self.acknowledged: set[int] = set()

    async def client(self) -> None:
        while True:
            with contextlib.suppress(*BROKEN):
                await self._insert_until_it_fails()
            await asyncio.sleep(0.01)

    async def _insert_until_it_fails(self) -> None:
        connection = await connect(self._url)
        try:
            await connection.execute(f"SET synchronous_commit = {self._commit}")
            while True:
                row = await connection.fetchval("INSERT INTO orders DEFAULT VALUES RETURNING id")
                self.acknowledged.add(row)
        finally:
            connection.terminate()

    async def goes_on(self) -> None:
        """Wait for a hundred more acknowledged rows."""
        enough = len(self.acknowledged) + 100
        async with asyncio.timeout(10):
            while len(self.acknowledged) < enough:  # noqa: ASYNC110  # rows tell nobody
                await asyncio.sleep(0.01)

    async def lost(self) -> set[int]:
        return self.acknowledged - set(
            await ask(self._url, "SELECT coalesce(array_agg(id), '{}') FROM orders")
        )


@asynccontextmanager
async def load(url: str, commit: str = "on") -> AsyncIterator[Load]:
    await ask(url, "CREATE TABLE orders (id bigserial PRIMARY KEY)")
    running = Load(url, commit)
    clients = [asyncio.create_task(running.client()) for _ in range(CLIENTS)]
    await running.goes_on()
    yield running
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)


async def test_killed_under_load_it_is_back_and_no_acknowledged_row_is_lost(
    server: EmbeddedPostgres, url: str
) -> None:
    async with load(url) as orders:
        kill(server.pid)
        assert await seconds_until_answer(url, patience=within(5)) is not None
        await orders.goes_on()
    assert await orders.lost() == set()


async def test_a_commit_that_is_not_waited_for_is_lost(server: EmbeddedPostgres, url: str) -> None:
    async with load(url, commit="off") as orders:
        kill(server.pid)
        assert await seconds_until_answer(url, patience=within(5)) is not None
    assert await orders.lost() != set()


async def test_unsupervised_it_stays_away(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_away(*_: object) -> None: ...

    monkeypatch.setattr(EmbeddedPostgres, "_supervise", look_away)
    server = EmbeddedPostgres(data_dir)
    url = await server.start()
    kill(server.pid)
    assert await seconds_until_answer(url, patience=2) is None
    await server.stop()


async def test_it_comes_back_again_and_again(server: EmbeddedPostgres, url: str) -> None:
    for _ in range(2):
        kill(server.pid)
        assert await seconds_until_answer(url, patience=within(5)) is not None
        await next_pid(server)


async def test_a_busy_survivor_of_a_killed_server_does_not_hold_it_up(
    server: EmbeddedPostgres, url: str
) -> None:
    async with busy_client(url):
        kill(server.pid)
        assert await seconds_until_answer(url, patience=within(5)) is not None


async def test_unless_killed_a_busy_survivor_holds_it_up(
    server: EmbeddedPostgres, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with busy_client(url):
        with monkeypatch.context() as without:
            without.setattr(Postmaster, "kill_survivors", lambda postmaster: None)
            kill(server.pid)
            assert await seconds_until_answer(url, patience=2.5) is None
        assert await seconds_until_answer(url, patience=within(5)) is not None


async def test_a_dead_servers_number_may_belong_to_another_process(data_dir: Path) -> None:
    with number_taken(data_dir):
        async with embedded_postgres(data_dir) as url:
            assert await ask(url, "SELECT 1") == 1


async def test_unless_forgotten_the_taken_number_stops_the_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Postmaster, "forget_dead", lambda postmaster: None)
    with number_taken(data_dir), pytest.raises(EmbeddedPostgresError, match="already exists"):
        await EmbeddedPostgres(data_dir).start()


async def test_killed_while_it_makes_the_database_it_makes_it_again(
    folder: Path, start_user: Callable[..., User]
) -> None:
    user = start_user(folder)
    await until_there(folder / "postgres" / "data.new" / "global")
    user.kill()
    assert not (folder / "postgres" / "data").exists()
    async with embedded_postgres(folder) as url:
        assert await ask(url, "SELECT 1") == 1


async def test_a_start_that_is_cancelled_leaves_nothing_behind(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    starting = asyncio.create_task(server.start())
    await until_there(folder / "postgres" / "data.new" / "global")
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists()
    assert await ask(await server.start(), "SELECT 1") == 1
    await server.stop()


@asynccontextmanager
async def busy_client(url: str) -> AsyncIterator[None]:
    """Its server process computes, and looks at nothing else."""
    connection = await connect(url)
    query = "SELECT sum(n) FROM generate_series(1, 1000000000) n"
    busy = asyncio.create_task(connection.execute(query))
    await asyncio.sleep(0.3)
    yield
    await asyncio.gather(busy, return_exceptions=True)
    connection.terminate()


@contextlib.contextmanager
def number_taken(data_dir: Path) -> Iterator[None]:
    """As after a crash of the machine: the file names a process of the same OS user."""
    data = data_dir / "postgres" / "data"
    other = subprocess.Popen(["sleep", "60"], user=data.stat().st_uid)
    file = data / "postmaster.pid"
    file.write_text(f"{other.pid}\n{data}\n1795319801\n5432\n{data.parent / 'run'}\n\n1 1\nready\n")
    yield
    other.kill()
    other.wait()


async def next_pid(server: EmbeddedPostgres) -> None:
    async with asyncio.timeout(5):
        while server.pid is None:  # noqa: ASYNC110  # it has no event for tests
            await asyncio.sleep(0.02)


async def until_there(path: Path) -> None:
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110  # nor has initdb
            await asyncio.sleep(0.005)
