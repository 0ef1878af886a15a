"""`graphql-transport-ws`: many operations at once over one connection."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog
from starlette.types import Receive, Scope, Send

from commerce.core.problems import RequestError, UnauthenticatedError, UnavailableError
from commerce.core.viewer import Viewer
from commerce.event_feed import EventFeed
from commerce.http.auth import Authenticate
from commerce.http.graphql.errors import RefusedError, broken, refused, refused_by
from commerce.http.graphql.requests import from_parameters
from commerce.http.graphql.subscribe import LiveExecutor, Update, Who
from commerce.http.graphql.throttle import Throttle
from commerce.http.live import messages
from commerce.http.live.messages import PROTOCOL, ClosingError, Code, Message, read_message, written
from commerce.http.live.visitors import Places, by_payload, comes_from
from commerce.http.middleware.frame import record_of
from commerce.http.record import RequestRecord, set_record
from resolvers.context import Listening

log: Final = structlog.get_logger("commerce.live")

TOO_MANY: Final = "LIMIT_EXCEEDED"


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """Times in seconds: `first` until the first message, `slow` until a client has taken one.

    `check` is how often it is looked whether the credentials are still good.
    """

    first: float = 5
    slow: float = 10
    check: float = 10
    closing: float = 2
    storefront: int = 10
    keyed: int = 50

    def of(self, viewer: Viewer) -> int:
        """How many operations a connection may run at once."""
        return self.storefront if viewer.in_storefront else self.keyed


@dataclass(frozen=True, slots=True)
class Live:
    """What connections of either kind are served with."""

    executor: LiveExecutor
    authenticate: Authenticate
    throttle: Throttle
    feed: EventFeed
    origins: Collection[str] = ()
    own_url: str = ""
    limits: LiveLimits = LiveLimits()
    places: Places = field(default_factory=Places)


class GraphQLSocket:
    """An ASGI application."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if not comes_from(scope, self._live.origins, self._live.own_url):
            await send({"type": "websocket.close", "code": Code.FORBIDDEN})  # answers 403
            return
        record = record_of(scope)
        set_record(record)
        chosen = PROTOCOL if PROTOCOL in scope["subprotocols"] else None
        await send({"type": "websocket.accept", "subprotocol": chosen})
        connection = Connection(self._live, scope, record, receive, send)
        if chosen is None:
            await connection.close(ClosingError(Code.OTHER_PROTOCOL, f"Speak {PROTOCOL}."))
            return
        try:
            with self._live.places.taken(record.address):
                await connection.run()
        except UnavailableError as error:
            await connection.close(ClosingError(Code.TRY_LATER, error.message))


class _GoneError(Exception):
    """The client has left."""


class Connection:
    def __init__(
        self, live: Live, scope: Scope, record: RequestRecord, receive: Receive, send: Send
    ) -> None:
        self._live = live
        self._scope = scope
        self._record = record
        self._receive = receive
        self._send_now = send
        self._sending = asyncio.Lock()
        self._operations: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                await self._serve(group)
        except* ClosingError as closing:
            await self.close(_first(closing))
        except* _GoneError:
            pass

    async def close(self, closing: ClosingError) -> None:
        """Say why, if the client takes it; the server cuts the connection then."""
        log.info("socket_closed", code=int(closing.code), reason=closing.reason)
        message = {
            "type": "websocket.close",
            "code": int(closing.code),
            "reason": closing.reason,
        }
        with suppress(OSError, RuntimeError):  # it was closed already, or nothing is taken
            async with asyncio.timeout(self._live.limits.closing):
                await self._send_now(message)

    async def _serve(self, group: asyncio.TaskGroup) -> None:
        who = await self._introduced()
        await self._send(written(messages.ACK))
        group.create_task(self._watch(who))
        async for message in self._messages():
            if message.type == messages.INIT:
                raise ClosingError(Code.SECOND_INIT, "Too many initialisation requests.")
            if message.type == messages.PING:
                await self._send(written(messages.PONG, payload=message.payload))
            elif message.type == messages.COMPLETE:
                self._end(message.id)
            elif message.type == messages.SUBSCRIBE:
                await self._begin(group, message, who)

    async def _introduced(self) -> Who:
        try:
            async with asyncio.timeout(self._live.limits.first):
                message = await self._next()
                while message.type in (messages.PING, messages.PONG):
                    if message.type == messages.PING:
                        await self._send(written(messages.PONG, payload=message.payload))
                    message = await self._next()
        except TimeoutError:
            raise ClosingError(Code.NO_INIT, "Connection initialisation timeout.") from None
        if message.type != messages.INIT:
            raise ClosingError(Code.UNAUTHORIZED, "Unauthorized: send connection_init first.")
        try:
            who = by_payload(self._scope, message.payload or {}, self._live.authenticate)
            await who()
        except RequestError as error:
            raise _closing_by(error) from None
        return who

    async def _watch(self, who: Who) -> None:
        """A connection does not outlive the credentials it was opened with."""
        while True:
            await asyncio.sleep(self._live.limits.check)
            try:
                await who()
            except UnauthenticatedError as error:
                raise _closing_by(error) from None
            except RequestError:
                continue  # that cannot be told just now

    async def _messages(self) -> AsyncIterator[Message]:
        while True:
            yield await self._next()

    async def _next(self) -> Message:
        received = await self._receive()
        if received["type"] == "websocket.disconnect":
            raise _GoneError
        return read_message(received.get("text"))

    async def _begin(self, group: asyncio.TaskGroup, message: Message, who: Who) -> None:
        if message.id in self._operations:
            raise ClosingError(Code.ID_IN_USE, "Subscriber already exists")
        try:
            most = self._live.limits.of(await who())
        except RequestError as error:
            raise _closing_by(error) from None
        if len(self._operations) >= most:
            refusal = refused(TOO_MANY, f"At most {most} operations may run at once.")
            await self._send(written(messages.ERROR, message.id, refusal.errors))
            return
        task = group.create_task(self._operate(message, who))
        self._operations[message.id] = task

    def _end(self, id_: str) -> None:
        task = self._operations.pop(id_, None)
        if task is not None:
            task.cancel()

    async def _operate(self, message: Message, who: Who) -> None:
        record = replace(self._record)
        set_record(record)
        try:
            await self._answer(message, who)
            last = written(messages.COMPLETE, message.id)
        except RefusedError as refusal:
            last = written(messages.ERROR, message.id, refusal.errors)
        except UnauthenticatedError as error:
            raise _closing_by(error) from None
        except RequestError as error:
            last = written(messages.ERROR, message.id, refused_by(error).errors)
        except ClosingError:
            raise
        except Exception as error:
            last = written(messages.ERROR, message.id, broken(error, record.request_id).errors)
        # The client may use the name again as soon as it has read this.
        self._operations.pop(message.id, None)
        await self._send(last)

    async def _answer(self, message: Message, who: Who) -> None:
        live = self._live
        request = from_parameters(message.payload)
        updates = await live.executor.open(request, who, live.throttle, Listening(live.feed))
        async with aclosing(updates):
            async for update in updates:
                await self._send(written(messages.NEXT, message.id, _payload(update)))

    async def _send(self, text: str) -> None:
        """Waits for clients that read slowly, but not for long: nothing is piled up for them."""
        try:
            async with asyncio.timeout(self._live.limits.slow), self._sending:
                await self._send_now({"type": "websocket.send", "text": text})
        except TimeoutError:
            raise ClosingError(Code.TOO_SLOW, "You read too slowly: go on by cursor.") from None
        except (OSError, RuntimeError):  # uvicorn's words for a client that has left
            raise _GoneError from None


def _payload(update: Update) -> dict[str, Any]:
    if not update.answer.executed:
        raise RefusedError(update.answer.code or "", update.answer.errors)
    return update.answer.body()


def _closing_by(error: RequestError) -> ClosingError:
    if error.status in (429, 503):
        return ClosingError(Code.TRY_LATER, error.message[:120])
    bad = error.status == 400
    return ClosingError(Code.BAD_MESSAGE if bad else Code.FORBIDDEN, error.message[:120])


def _first(group: BaseExceptionGroup[ClosingError]) -> ClosingError:
    found: Any = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found  # type: ignore[no-any-return]  # a group of nothing else
