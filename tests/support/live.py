"""Clients of subscriptions, on real sockets."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from commerce.core.db import OpenUnit
from commerce.core.events import Event, EventType

PROTOCOL: Final = Subprotocol("graphql-transport-ws")
EVENTS: Final = """
subscription Events($after: String, $types: [EventType!]) {
  events(after: $after, types: $types) { cursor event { databaseId resourceDatabaseId } }
}
"""

Json = dict[str, Any]


async def happen(open_unit: OpenUnit, *ids: int, kind: str = "Order") -> None:
    """Something happens to each of these things, in one transaction."""
    types = {"Order": EventType.ORDER_UPDATED, "Cart": EventType.CART_UPDATED}
    async with open_unit() as uow:

        async def work() -> None:
            for id_ in ids:
                uow.record(Event(types[kind], kind, id_))

        await uow.transact(work)


class Client:
    """Of one connection."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, kind: str, **rest: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **rest}))

    async def hear(self) -> Json:
        return dict(json.loads(await self.socket.recv()))

    async def subscribe(self, query: str, id_: str = "1", **variables: Any) -> None:
        await self.say("subscribe", id=id_, payload={"query": query, "variables": variables})

    async def told(self) -> Any:
        """What the next message says of the only root field."""
        message = await self.hear()
        assert message["type"] == "next", message
        (data,) = message["payload"]["data"].values()
        return data

    async def close_code(self) -> int | None:
        """Of a connection that the server ends."""
        await self.socket.wait_closed()
        return self.socket.close_code


@asynccontextmanager
async def connected(
    url: str,
    key: str | None = None,
    protocols: Sequence[Subprotocol] = (PROTOCOL,),
    origin: str | None = None,
    **options: Any,
) -> AsyncIterator[Client]:
    """A connection; with a key, or an empty one, it is introduced already."""
    address = url.replace("http", "ws", 1) + "/graphql"
    options = {"compression": None, "proxy": None, "open_timeout": 60} | options
    from_ = None if origin is None else Origin(origin)
    async with connect(address, subprotocols=protocols, origin=from_, **options) as socket:
        client = Client(socket)
        if key is not None:
            await client.say("connection_init", payload=credentials(key))
            assert await client.hear() == {"type": "connection_ack"}
        yield client


def credentials(key: str) -> Json:
    return {"Authorization": f"Bearer {key}"} if key else {}


async def sent_events(answer: httpx.Response) -> AsyncIterator[Json]:
    """The events of a stream, each with its name, its id and its data."""
    event: Json = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            event[name] = value
        elif not line and "event" in event:
            yield event
            event = {}
