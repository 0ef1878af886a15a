"""One connection over WebSocket without a socket: what ASGI carries, in two queues."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

from starlette.types import ASGIApp, Message

from commerce.events.rules import EventFilter
from commerce.http.live.messages import PROTOCOL

Json = dict[str, Any]
PATIENCE = 30


class Wire:
    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.serving: asyncio.Task[None]

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.received.put_nowait(message)

    def say_text(self, text: str) -> None:
        self.sent.put_nowait({"type": "websocket.receive", "text": text})

    def say(self, kind: str, **rest: Any) -> None:
        self.say_text(json.dumps({"type": kind, **rest}))

    async def next(self) -> Message:
        async with asyncio.timeout(PATIENCE):
            return await self.received.get()

    async def hear(self) -> Json:
        message = await self.next()
        assert message["type"] == "websocket.send", message
        return dict(json.loads(message["text"]))

    async def closed(self) -> int:
        message = await self.next()
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    async def over(self) -> None:
        """The server has let go of the connection by itself."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([self.serving])

    async def introduce(self, **payload: Any) -> None:
        self.say("connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    def subscribe(self, query: str, id_: str = "1", **variables: Any) -> None:
        self.say("subscribe", id=id_, payload={"query": query, "variables": variables})


@asynccontextmanager
async def wired(
    app: ASGIApp, protocols: tuple[str, ...] = (PROTOCOL,), **headers: str
) -> AsyncIterator[Wire]:
    """A connection up to the server's first word, which is left to be read."""
    wire = Wire()
    scope = {
        "type": "websocket",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": list(protocols),
        "client": ("192.0.2.1", 1234),
    }
    wire.sent.put_nowait({"type": "websocket.connect"})
    task = wire.serving = asyncio.create_task(app(scope, wire.sent.get, wire.send))  # type: ignore[arg-type]
    try:
        yield wire
        wire.sent.put_nowait({"type": "websocket.disconnect", "code": 1000})
        wire.reads.set()
        async with asyncio.timeout(PATIENCE):
            await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class FeedDouble:
    """Hands on what the test says; `ended` are the listeners that are not there any more."""

    def __init__(self) -> None:
        self.asked: list[tuple[EventFilter, int | None]] = []
        self.ended = 0
        self.listens = asyncio.Event()
        self._rows: asyncio.Queue[Any] = asyncio.Queue()

    async def listen(
        self, where: EventFilter, after: int | None = None
    ) -> AsyncGenerator[Any, None]:
        self.asked.append((where, after))

        async def rows() -> AsyncGenerator[Any, None]:
            self.listens.set()
            try:
                while True:
                    yield await self._rows.get()
            finally:
                self.ended += 1

        return rows()

    def happen(self, row: SimpleNamespace) -> None:
        self._rows.put_nowait(row)
