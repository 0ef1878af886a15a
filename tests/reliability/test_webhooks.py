"""Webhooks that are in trouble: endpoints that are down, gone slow, and servers that are killed.

Full size: COMMERCE_TEST_WEBHOOK_EVENTS=1000 COMMERCE_TEST_WEBHOOK_KILLS=20.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from commerce.core.clock import system_clock
from commerce.core.pool import Database
from commerce.runtime import Resources
from commerce.webhooks.deliverer import Pace
from commerce.webhooks.kinds import WebhookFormat
from tests.support.webhooks import (
    Receiver,
    Sent,
    Shop,
    Verifier,
    changed,
    litestore_accepts,
    purchased,
    receiving,
    shop_on,
)

EVENTS: Final = int(os.environ.get("COMMERCE_TEST_WEBHOOK_EVENTS", "60"))  # noqa: TID251  # the test's own size
KILLS: Final = int(os.environ.get("COMMERCE_TEST_WEBHOOK_KILLS", "2"))  # noqa: TID251  # the test's own size
PER_THING: Final = 10
ROOT: Final = Path(__file__).parents[2]
IN_FLIGHT: Final = 4  # of one endpoint
LEFT: Final = "SELECT count(*) FROM webhook_deliveries WHERE state <> 'delivered'"
FIRST: Final = "SELECT min(due_at) FROM webhook_deliveries WHERE state = 'pending'"


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    yield shop
    await shop.resources.ports.outgoing.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def happen_often(shop: Shop, number: int) -> None:
    """One event of each thing in each transaction."""
    things = max(EVENTS // PER_THING, 1)
    for turn in range(number, number + PER_THING):
        await shop.happen(*(changed(thing, turn) for thing in range(1, things + 1)))


class Books:
    """A receiver that does each message once, and looks whether it may do it now."""

    def __init__(self) -> None:
        self.done: dict[str, bytes] = {}
        self.turns: defaultdict[int, list[int]] = defaultdict(list)

    def take(self, sent: Sent) -> None:
        if sent.id in self.done:
            assert self.done[sent.id] == sent.body
            return
        self.done[sent.id] = sent.body
        data = sent.json["data"]
        self.turns[data["resourceDatabaseId"]].append(data["changes"]["number"])

    def in_order(self) -> bool:
        return all(turns == sorted(turns) for turns in self.turns.values())


@pytest.mark.timeout(600)
async def test_an_endpoint_that_is_down_for_an_hour_misses_nothing(
    shop: Shop, receiver: Receiver
) -> None:
    books, down = Books(), True
    made = await shop.endpoint(receiver.url("/a"))
    verifier = Verifier(made.secret, shop.clock)

    def answer(sent: Sent) -> tuple[int, dict[str, str]]:
        verifier.verify(sent.body, dict(sent.headers))
        if not down:
            books.take(sent)
        return (503 if down else 200), {}

    receiver.answers["/a"] = answer
    await happen_often(shop, 0)
    for _minute in range(0, 60, 10):
        await shop.settle()
        shop.clock.move(minutes=10)
    refused = len(receiver.sent)
    assert refused >= 3 * (EVENTS // PER_THING)
    down = False
    while (await shop.rows(LEFT))[0][0]:
        await shop.settle()
        due = (await shop.rows(FIRST))[0][0]
        shop.clock.now = max(shop.clock.now, due or shop.clock.now)
    assert len(books.done) == len(receiver.sent) - refused == EVENTS
    assert books.in_order()
    assert all(len(turns) == PER_THING for turns in books.turns.values())


async def test_litestores_receivers_miss_nothing_of_a_moment(
    shop: Shop, receiver: Receiver
) -> None:
    """Down for as long as Litestore's own schedule bears."""
    secret, down, seen = "your-webhook-secret", True, Counter[str]()
    await shop.endpoint(receiver.url("/a"), format=WebhookFormat.LITESTORE, secret=secret)

    def answer(sent: Sent) -> tuple[int, dict[str, str]]:
        assert litestore_accepts(sent, secret)
        if not down:
            seen[sent.id] += 1
        return (503 if down else 200), {}

    receiver.answers["/a"] = answer
    await shop.happen(*(purchased(thing, line) for thing in (1, 2) for line in (1, 2, 3)))
    for _second in range(7):
        await shop.settle()
        shop.clock.move(seconds=1)
    down = False
    for _second in range(10):
        await shop.settle()
        shop.clock.move(seconds=1)
    assert set(seen.values()) == {1}
    assert len(seen) == 6


async def test_a_dead_endpoint_holds_up_no_other(shop: Shop, receiver: Receiver) -> None:
    """It takes calls and never answers; others are told within a second all the same."""
    receiver.slow.add("/dead")
    for _ in range(5):
        await shop.endpoint(receiver.url("/dead"))
    await shop.endpoint(receiver.url("/alive"))
    running = asyncio.create_task(shop.deliverer(Pace(grace=0)).run())
    try:
        await shop.happen(*(changed(thing) for thing in range(10)))
        async with asyncio.timeout(30):
            await receiver.has_of("/dead", 5 * IN_FLIGHT)
            await receiver.has_of("/alive", 10)
        # The clock of the shop stands still: what is due is due at once.
        began = asyncio.get_running_loop().time()
        await shop.happen(changed(99))
        numbered = asyncio.get_running_loop().time()
        async with asyncio.timeout(30):
            await receiver.has_of("/alive", 11)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert receiver.to("/alive")[-1].at - numbered <= 1, numbered - began
    assert len(receiver.to("/dead")) == 5 * IN_FLIGHT


async def dispatcher(url: str, *more: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.webhook_process", url, *more),
        cwd=ROOT,
        stdin=DEVNULL,
    )


async def killed_often(
    shop: Shop, receiver: Receiver, kills: int, url: str, killed: Sequence[str] = ()
) -> None:
    """While messages go out, whoever sends them is killed; at last nobody is."""
    for number in range(kills):
        before = len(receiver.sent)
        process = await dispatcher(url, *killed)
        try:
            async with asyncio.timeout(60):
                await receiver.has(before + 1 + number % IN_FLIGHT)
        finally:
            process.kill()
            await process.wait()
    process = await dispatcher(url)
    try:
        async with asyncio.timeout(120):
            while (await shop.rows(LEFT))[0][0]:  # noqa: ASYNC110  # another process works
                await asyncio.sleep(0.05)
    finally:
        process.kill()
        await process.wait()


async def sent_while_killed(
    shop: Shop, receiver: Receiver, kills: int, url: str, *killed: str
) -> tuple[Counter[str], Books]:
    books, received = Books(), Counter[str]()

    def answer(sent: Sent) -> tuple[int, dict[str, str]]:
        received[sent.id] += 1
        books.take(sent)
        return 200, {}

    receiver.answers["/a"] = answer
    shop.clock.now = system_clock()
    await shop.endpoint(receiver.url("/a"))
    await happen_often(shop, 0)
    await killed_often(shop, receiver, kills, url, killed)
    return received, books


@pytest.mark.timeout(600)
async def test_killed_servers_lose_nothing(
    shop: Shop, receiver: Receiver, committed_url: str
) -> None:
    """What was in flight may come twice, with the same id and body."""
    received, books = await sent_while_killed(shop, receiver, KILLS, committed_url)
    twice = sum(received.values()) - len(received)
    assert len(received) == EVENTS
    assert twice <= KILLS * IN_FLIGHT
    assert books.in_order()


@pytest.mark.timeout(600)
async def test_servers_that_forget_what_they_take_lose_some(
    shop: Shop, receiver: Receiver, committed_url: str
) -> None:
    """The guard removed: a delivery counts as sent when it is taken."""
    received, _books = await sent_while_killed(shop, receiver, 1, committed_url, "forgetful")
    assert len(received) < EVENTS
