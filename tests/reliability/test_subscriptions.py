"""Who listens hears all that happens, once and in order, whatever happens in between."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
import psutil
import pytest
from sqlalchemy import text

from commerce.core.db import OpenUnit, units_on
from commerce.core.pool import Database
from commerce.event_feed import EventFeed, event_feed, feeding
from commerce.event_relay import relaying
from commerce.events.rules import EventFilter
from commerce.runtime import Resources
from tests.support.live import EVENTS, Client, connected, happen, sent_events
from tests.support.servers import commerce, serving

SUBSCRIBERS: Final = int(os.environ.get("COMMERCE_TEST_SUBSCRIBERS", "100"))  # noqa: TID251  # the suite's own switch
WAVES: Final = 4
IN_A_WAVE: Final = 20
PATIENCE: Final = 60
KILL: Final = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')"
    " AND pid <> pg_backend_pid()"
)


@dataclass
class Shop:
    """Two processes over one database, and a key that may listen."""

    urls: tuple[str, str]
    pids: list[int]
    key: str
    open_unit: OpenUnit


@pytest.fixture
async def shop(committed_url: str, database: Database) -> AsyncIterator[Shop]:
    create = ("keys", "create", "--name", "listener", "--scope", "read_events")
    _, key, _ = await commerce(*create, DATABASE_URL=committed_url)
    pids: list[int] = []
    async with (
        serving(DATABASE_URL=committed_url, pid=pids) as one,
        serving(DATABASE_URL=committed_url, pid=pids) as other,
    ):
        yield Shop((one, other), pids, key.strip(), units_on(database))


async def heard(client: Client, most: int) -> list[tuple[int, str]]:
    """The positions and cursors of what comes next."""
    told = [await client.told() for _ in range(most)]
    return [(update["event"]["databaseId"], update["cursor"]) for update in told]


async def listener(shop: Shop, number: int, total: int) -> list[int]:
    """Every position that a consumer sees who leaves and comes back, to the other process.

    Some say that they leave, some are cut off.
    """
    seen: list[int] = []
    after = None
    while len(seen) < total:
        url = shop.urls[(number + len(seen)) % 2]
        async with connected(url, shop.key, max_queue=None) as client:
            await client.subscribe(EVENTS, after=after)
            if after is None:
                await client.subscribe("{ __typename }", "2")
                assert (await client.hear())["id"] == "2"  # listening before anything happens
                assert (await client.hear())["type"] == "complete"
                started.release()
            some = await heard(client, min(total - len(seen), 20 + number % 7))
            seen += [position for position, _ in some]
            after = some[-1][1]
            if number % 2:
                client.socket.transport.abort()
    return seen


started = asyncio.Semaphore(0)


async def test_consumers_who_come_and_go_see_the_same_sequence(shop: Shop) -> None:
    total = WAVES * IN_A_WAVE
    async with asyncio.timeout(PATIENCE * 2), asyncio.TaskGroup() as group:
        tasks = [group.create_task(listener(shop, number, total)) for number in range(SUBSCRIBERS)]
        for _ in range(SUBSCRIBERS):
            await started.acquire()
        for wave in range(WAVES):
            await happen(shop.open_unit, *range(wave * IN_A_WAVE + 1, (wave + 1) * IN_A_WAVE + 1))
            await deafen(shop)
    (sequence,) = {tuple(task.result()) for task in tasks}
    assert sequence == tuple(range(sequence[0], sequence[0] + total))


async def deafen(shop: Shop) -> None:
    """What listens in either process has to begin anew."""
    ended = 0
    async with shop.open_unit() as uow:
        while ended < len(shop.urls):
            ended += len(await uow.rows(KILL))
            await asyncio.sleep(0.02)


async def test_streams_go_on_behind_the_last_event_a_browser_has_seen(shop: Shop) -> None:
    headers = {"Authorization": f"Bearer {shop.key}", "Accept": "text/event-stream"}
    query = {"query": "subscription { events { cursor event { resourceDatabaseId } } }"}
    seen: list[int] = []
    last: dict[str, str] = {}
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE) as client:
        for url in (*shop.urls, shop.urls[0]):
            path = f"{url}/graphql/stream"
            async with client.stream("GET", path, params=query, headers=last) as answer:
                assert answer.status_code == 200
                if not last:
                    await happen(shop.open_unit, 1, 2, 3, 4, 5, 6)
                events = sent_events(answer)
                for _ in range(2):
                    event = await anext(events)
                    assert event["event"] == "next"
                    told = json.loads(event["data"])["data"]["events"]
                    seen.append(told["event"]["resourceDatabaseId"])
                last = {"Last-Event-ID": event["id"]}
    assert seen == [1, 2, 3, 4, 5, 6]


async def test_a_subscriber_that_never_reads_stays_bounded_and_is_cut_off(shop: Shop) -> None:
    big = (
        "subscription { events { "
        + " ".join(
            f"c{n}: cursor e{n}: event {{ databaseId eventId requestId data }}" for n in range(14)
        )
        + " } }"
    )
    process = psutil.Process(shop.pids[0])
    async with connected(shop.urls[0], shop.key, max_queue=1) as mute:
        await mute.subscribe(big)
        mute.socket.transport.pause_reading()
        narrow(mute.socket.transport.get_extra_info("socket"))
        before = process.memory_info().rss
        for wave in range(30):
            await happen(shop.open_unit, *range(wave * 500, wave * 500 + 500))
        async with asyncio.timeout(PATIENCE):
            while has_peer(process, mute):  # noqa: ASYNC110  # another process's doing
                await asyncio.sleep(0.1)
        assert process.memory_info().rss - before < 50_000_000


def narrow(raw: Any) -> None:
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)


def has_peer(process: psutil.Process, client: Client) -> bool:
    """Whether the server still holds its end of the connection."""
    port = client.socket.local_address[1]
    return any(
        connection.raddr and connection.raddr.port == port
        for connection in process.net_connections("tcp")
    )


@pytest.fixture
def process(resources: Resources, database: Database, committed_url: str) -> Resources:
    """What a server process has, over a database in which transactions are committed."""
    written = asyncio.Event()
    return replace(
        resources,
        open_unit=units_on(database, written.set),
        database=database,
        database_url=committed_url,
        events_written=written,
    )


class TrustingFeed(EventFeed):
    """With the guard removed: it reads what notifications tell of, when they tell of it."""

    async def _follow(self) -> None:
        while True:
            self._news.clear()
            if self._told > self._newest.end:
                await self._read()
            await self._news.wait()


@asynccontextmanager
async def deaf_for_a_while(feed: EventFeed, process: Resources) -> AsyncIterator[None]:
    """What is told in here, the feed's connection does not hear."""
    hearing = feed._hearing
    heals = asyncio.Event()

    @asynccontextmanager
    async def later(heard: Any) -> AsyncIterator[Any]:
        await heals.wait()
        async with hearing(heard) as line:
            yield line

    feed._hearing = later
    async with process.open_unit() as uow:
        assert await uow.rows(KILL)
    yield
    heals.set()


async def heard_across_an_interruption(feed: EventFeed, process: Resources) -> list[int]:
    """The things that a listener hears of, waiting for as long as a feed may take."""
    found: list[int] = []

    async def listen() -> None:
        async for row in await feed.listen(EventFilter()):
            found.append(row.resource_id)  # noqa: PERF401  # looked at meanwhile

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(relaying(process, ()))
        await stack.enter_async_context(feeding(feed))
        listening = asyncio.create_task(listen())
        stack.callback(listening.cancel)
        await until(lambda: bool(feed._listeners))
        await happen(process.open_unit, 1)
        await until(lambda: found == [1])
        async with deaf_for_a_while(feed, process):
            await happen(process.open_unit, 2, 3)
            async with process.open_unit() as uow:
                await until_logged(uow, 3)
        await until(lambda: len(found) == 3, 8)
    return found


async def until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not true() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110  # there is nothing to wait for
        await asyncio.sleep(0.02)


async def until_logged(uow: Any, most: int) -> None:
    while await uow.scalar(text("SELECT count(*) FROM events")) < most:  # noqa: ASYNC110  # the database's doing
        await asyncio.sleep(0.02)


async def test_an_interrupted_connection_loses_nothing(process: Resources) -> None:
    assert await heard_across_an_interruption(event_feed(process), process) == [1, 2, 3]


async def test_a_feed_that_trusts_notifications_loses_what_was_not_heard(
    process: Resources,
) -> None:
    trusting = event_feed(process)
    trusting.__class__ = TrustingFeed
    assert await heard_across_an_interruption(trusting, process) == [1]
