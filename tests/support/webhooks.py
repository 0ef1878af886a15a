"""Endpoints, a receiver on a socket, and a dispatcher whose clock is moved by hand."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_network
from typing import Any

from sqlalchemy import text
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.events import Event, EventType
from commerce.core.network import CallingRules
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.event_relay import EventRelay
from commerce.integrations.safe_http import SafeHttp
from commerce.rest.dialect_hooks import HOOKS
from commerce.rest.hooks import DialectFormat
from commerce.runtime import Resources
from commerce.webhook_delivery import fanning_out, webhook_deliverer, webhook_formats
from commerce.webhooks.deliverer import Deliverer, Pace
from commerce.webhooks.kinds import WebhookFormat
from commerce.webhooks.service.endpoints import WithSecret
from commerce.wiring import Services


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = tuple[int, Mapping[str, str]]


@dataclass
class Receiver:
    """Answers by path; `slow` paths never do."""

    port: int = 0
    sent: list[Sent] = field(default_factory=list)
    answers: dict[str, Callable[[Sent], Reply]] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    open_now: dict[str, int] = field(default_factory=dict)
    most_open: dict[str, int] = field(default_factory=dict)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                first, *lines = head.decode().split("\r\n")
                kept = dict(line.split(": ", 1) for line in lines if ": " in line)
                headers = {name.lower(): value for name, value in kept.items()}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                path = first.split(" ")[1]
                now = asyncio.get_running_loop().time()
                await self._answer(Sent(path, headers, body, now), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, sent: Sent, writer: asyncio.StreamWriter) -> None:
        self.open_now[sent.path] = self.open_now.get(sent.path, 0) + 1
        self.most_open[sent.path] = max(self.most_open.get(sent.path, 0), self.open_now[sent.path])
        try:
            status, headers = self.answers.get(sent.path, _ok)(sent)
            self.sent.append(sent)
            self.came.set()
            if sent.path in self.slow:
                await asyncio.sleep(60)
            lines = [f"HTTP/1.1 {status} Said", "content-length: 2"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write(("\r\n".join(lines) + "\r\n\r\nok").encode())
            await writer.drain()
        finally:
            self.open_now[sent.path] -= 1

    async def has(self, count: int) -> None:
        """Until so many requests have come in."""
        await self.has_of(None, count)

    async def has_of(self, path: str | None, count: int) -> None:
        while len(self.sent if path is None else self.to(path)) < count:
            self.came.clear()
            await self.came.wait()

    def to(self, path: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.path == path]


def _ok(_sent: Sent) -> Reply:
    return 200, {}


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await receiver.serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**20)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime | None = None) -> None:
        self.now = system_clock() if start is None else start

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Verifier(Webhook):
    """The library's, by another clock than the machine's."""

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        super().__init__(secret)
        self._clock = clock

    def _Webhook__verify_timestamp(self, header: str) -> datetime:  # noqa: N802  # the library's name for it
        at = datetime.fromtimestamp(float(header), tz=self._clock().tzinfo)
        if abs(at - self._clock()) > timedelta(minutes=5):
            raise WebhookVerificationError("too old or too new")
        return at


def litestore_accepts(sent: Sent, secret: str) -> bool:
    """The recipe that Litestore's documents print, word for word."""
    signature = sent.headers["x-litestore-signature"]
    expected = hmac.new(secret.encode(), sent.body, sha256).hexdigest()
    return signature == expected


@dataclass
class Shop:
    """Real transactions, and the parts of a server process that make deliveries of events."""

    resources: Resources
    database: Database
    clock: Clock
    formats: Mapping[WebhookFormat, Any]

    @property
    def relay(self) -> EventRelay:
        return EventRelay(self.resources, [fanning_out(self.formats)])

    def deliverer(self, pace: Pace = Pace()) -> Deliverer:
        return webhook_deliverer(self.resources, self.formats, pace)

    async def happen(self, *events: Event) -> None:
        async def work() -> None:
            for event in events:
                uow.record(event)

        async with units_on(self.database)() as uow:
            await uow.transact(work)
        while await self.relay.move():
            pass

    async def endpoint(self, url: str, secret: str | None = None, **values: Any) -> WithSecret:
        values["url"] = url
        made = await self.services(lambda own: own.webhook_endpoints.create(values, secret))
        assert isinstance(made, WithSecret), made
        return made

    async def services(self, work: Callable[[Services], Any]) -> Any:
        async with units_on(self.database)() as uow:
            own = Services(uow, SYSTEM, self.clock, self.resources.ports)
            return await uow.transact(lambda: work(own))

    async def rows(self, statement: str) -> list[Any]:
        async with units_on(self.database)() as uow:
            return list(await uow.rows(text(statement)))

    async def settle(self) -> int:
        """Send what is due now, and what becomes due by that."""
        count, deliverer = 0, self.deliverer()
        while sent := await deliverer.deliver_due():
            count += sent
        return count


async def _no_operation(*_args: Any, **_more: Any) -> Any:
    raise AssertionError("nothing is read in these tests")


def shop_on(resources: Resources, database: Database) -> Shop:
    clock = Clock()
    ports = replace(resources.ports, outgoing=SafeHttp(calling_rules()))
    own = replace(
        resources,
        open_unit=units_on(database),
        database=database,
        clock=clock,
        ports=ports,
    )
    hooks = [each for each in HOOKS if each.dialect == "litestore"]
    dialects = {
        each.dialect: DialectFormat(each, lambda _text: None, _no_operation, "") for each in hooks
    }
    return Shop(own, database, clock, webhook_formats(dialects))


def calling_rules() -> CallingRules:
    """Loopback is called in tests alone."""
    return CallingRules(
        ports=(range(1, 65_536),), plain_http=True, allowed=(ip_network("127.0.0.0/8"),)
    )


def changed(id_: int, number: int = 0) -> Event:
    return Event(EventType.ORDER_UPDATED, "Order", id_, {"number": number})


def purchased(id_: int, line: int) -> Event:
    data = {
        "order_id": line,
        "order_line_id": line,
        "variant_id": 1,
        "quantity": 2,
        "revenue": "49.90",
        "currency": "EUR",
    }
    return Event(EventType.PRODUCT_PURCHASED, "Product", id_, data, line)
