"""W1: from the commit of what happened to the receiver of its webhook.

First many events at once, to see how many a second are told; then edits at a steady pace, to see
how long after each answer its message arrives. One endpoint, a receiver in this process.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from statistics import quantiles
from time import perf_counter
from typing import Any, Final

from commerce.core.db import UnitOfWork, units_on
from commerce.core.events import Event, EventType
from commerce.core.pool import Database
from tests.bench.journey import asking, new_key

BURST: Final = 2_000  # events, of as many things as follow
THINGS: Final = 100
TOGETHER: Final = 10  # events of one transaction
STEADY: Final = 400  # edits
PER_SECOND: Final = 40
PATIENCE: Final = 120.0  # seconds
Ask = Callable[..., Any]

BRAND: Final = """
mutation ($input: BrandUpsertInput!) { brandUpsert(input: $input) {
  brand { id databaseId } userErrors { message } } }
"""
ENDPOINT: Final = """
mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) {
  webhookEndpoint { id } userErrors { message } } }
"""
REMOVE: Final = """
mutation ($input: WebhookEndpointDeleteInput!) { webhookEndpointDelete(input: $input) {
  deletedId userErrors { message } } }
"""


@dataclass
class Receiver:
    """When messages arrived, in order, by the thing that they are about."""

    expected: int = 0
    arrived: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last(self) -> float:
        return max(times[-1] for times in self.arrived.values())

    def expect(self, messages: int) -> None:
        self.expected = messages
        self.arrived.clear()
        self.complete.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
                message = json.loads(await reader.readexactly(length))
                self.arrive(message["data"]["resourceDatabaseId"])
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def arrive(self, thing: int) -> None:
        self.arrived[thing].append(perf_counter())
        self.count()

    def count(self) -> None:
        self.expected -= 1
        if self.expected == 0:
            self.complete.set()


@dataclass(frozen=True)
class Told:
    """`pace` is what was reached of the steady edits a second, `lags` how late their messages."""

    per_second: float
    pace: float
    lags: list[float]

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return quantiles(self.lags, n=100)[percent - 1] * 1000


@dataclass(frozen=True)
class Shop:
    host: str
    port: int
    key: str

    @asynccontextmanager
    async def asked(self) -> AsyncIterator[Ask]:
        """On a connection of its own: the server closes those that are idle for long."""
        connection = await asyncio.open_connection(self.host, self.port)
        try:
            yield asking(connection, self.host, self.port, self.key)
        finally:
            connection[1].close()


Receiving = Callable[[Shop], AbstractAsyncContextManager[Receiver]]


async def told(
    host: str, port: int, data_dir: str, database_url: str, receiving: Receiving | None = None
) -> Told:
    """`receiving` is who is told; an endpoint of webhooks unless given."""
    shop = Shop(host, port, await asyncio.to_thread(new_key, data_dir))
    run = token_hex(4)
    async with shop.asked() as ask:
        brands = [await _brand(ask, name=f"{run} {number}") for number in range(THINGS)]
    async with (receiving or _endpoint)(shop) as receiver:
        per_second = await _burst(receiver, database_url, [id_ for _, id_ in brands])
        async with shop.asked() as ask:
            return Told(per_second, *await _steady(receiver, ask, brands))


async def _brand(ask: Ask, **values: str) -> tuple[str, int]:
    payload = (await ask(BRAND, input=values))["brandUpsert"]
    if payload["brand"] is None:
        raise RuntimeError(f"no brand: {payload['userErrors']}")
    return payload["brand"]["id"], payload["brand"]["databaseId"]


@asynccontextmanager
async def _endpoint(shop: Shop) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    listening = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    async with shop.asked() as ask:
        made = await ask(ENDPOINT, input={"url": url, "events": ["BRAND_UPDATED"]})
    payload = made["webhookEndpointCreate"]
    if payload["webhookEndpoint"] is None:
        raise RuntimeError(f"no endpoint: {payload['userErrors']}")
    try:
        yield receiver
    finally:
        async with shop.asked() as ask:
            await ask(REMOVE, input={"id": payload["webhookEndpoint"]["id"]})
        listening.close()


async def _burst(receiver: Receiver, database_url: str, things: list[int]) -> float:
    """Events a second, from the first commit to the last message."""
    receiver.expect(BURST)
    database = Database(database_url)
    tickets = count()

    async def record(uow: UnitOfWork) -> None:
        for _ in range(TOGETHER):
            thing = things[next(tickets) % len(things)]
            uow.record(Event(EventType.BRAND_UPDATED, "Brand", thing, {"changed": ["bench"]}))

    start = perf_counter()
    for _ in range(BURST // TOGETHER):
        async with units_on(database)() as uow:
            await uow.transact(lambda uow=uow: record(uow))  # type: ignore[misc]  # of this turn
    await asyncio.wait_for(receiver.complete.wait(), PATIENCE)
    await database.close()
    return BURST / (receiver.last - start)


async def _steady(
    receiver: Receiver, ask: Ask, brands: list[tuple[str, int]]
) -> tuple[float, list[float]]:
    """Edits a second, and the seconds from each answer to its message, which may be quicker."""
    receiver.expect(STEADY)
    answered: defaultdict[int, list[float]] = defaultdict(list)
    start = perf_counter()
    for number in range(STEADY):
        await asyncio.sleep(max(start + number / PER_SECOND - perf_counter(), 0))
        id_, database_id = brands[number % len(brands)]
        await _brand(ask, id=id_, name=f"Edit {number}")
        answered[database_id].append(perf_counter())
    pace = STEADY / (perf_counter() - start)
    await asyncio.wait_for(receiver.complete.wait(), PATIENCE)
    return pace, [
        there - here
        for thing, times in answered.items()
        for here, there in zip(times, receiver.arrived[thing], strict=True)
    ]
