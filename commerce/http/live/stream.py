"""Server-sent events: one operation per request, `graphql-sse` with distinct connections."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from commerce.core.exact_json import write_json
from commerce.core.limiter import RateLimitedError
from commerce.core.problems import RequestError, UnauthenticatedError
from commerce.http.errors import CODES, header
from commerce.http.graphql.endpoint import posted, respond
from commerce.http.graphql.errors import RefusedError, refused, refused_by
from commerce.http.graphql.execute import refusal_answer
from commerce.http.graphql.negotiation import MODERN, sends_json
from commerce.http.graphql.requests import GraphQLRequest, from_body, from_query_string
from commerce.http.graphql.subscribe import Update, Who
from commerce.http.graphql.throttle import throttled
from commerce.http.live.visitors import by_headers, with_guest_tokens
from commerce.http.live.websocket import Live
from commerce.http.protocol import CUT
from commerce.http.record import RequestRecord, current_record
from resolvers.context import Listening

SERVES: Final = "GET, POST"
METHODS: Final = frozenset(SERVES.split(", "))
GUEST_TOKEN: Final = "guestToken"  # noqa: S105  # the parameter's name
HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)
BEAT: Final = b":\n\n"
OPENING: Final = b"retry: 1000\n\n"  # milliseconds, until a browser comes back
LAST: Final = b"event: complete\ndata: \n\n"


class _EndError(Exception):
    """Nothing more is sent: the client has left, or takes nothing."""


class GraphQLStream:
    """An ASGI application."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = current_record() or RequestRecord("")
        try:
            with self._live.places.taken(record.address):
                who, updates = await self._opened(scope, receive)
                async with aclosing(updates):
                    await _Stream(self._live, scope, receive, send).run(who, updates)
                return
        except RefusedError as refusal:
            answer = refusal_answer(refusal)
        except RateLimitedError as error:
            answer = throttled(error)
        except RequestError as error:
            answer = refusal_answer(refused_by(error))
        await respond(answer, MODERN, scope["method"], SERVES)(scope, receive, send)

    async def _opened(
        self, scope: Scope, receive: Receive
    ) -> tuple[Who, AsyncGenerator[Update, None]]:
        """Who is asking, and the answers; raises before any of them is sent."""
        live, reading = self._live, scope["method"] == "GET"
        if scope["method"] not in METHODS:
            raise _refused(405, "Use GET, or POST.")
        if not _takes_events(scope):
            raise _refused(406, "Accept text/event-stream.")
        if not reading and not sends_json(scope):
            raise _refused(415, "Send the request as application/json in UTF-8.")
        query_string = scope["query_string"]
        who = by_headers(with_guest_tokens(scope, _tokens(query_string)), live.authenticate)
        request: GraphQLRequest
        if reading:
            request = from_query_string(query_string)
        else:
            request = from_body(await posted(receive, await who()))
        listening = Listening(live.feed, _last_id(scope))
        return who, await live.executor.open(
            request, who, live.throttle, listening, reading=reading
        )


class _Stream:
    """Of one answer; what is sent waits for the client, but not for long."""

    def __init__(self, live: Live, scope: Scope, receive: Receive, send: Send) -> None:
        self._limits = live.limits
        self._cut = scope.get("extensions", {}).get(CUT, {}).get("now")
        self._receive = receive
        self._send_now = send
        self._sending = asyncio.Lock()

    async def run(self, who: Who, updates: AsyncGenerator[Update, None]) -> None:
        await self._send_now(
            {"type": "http.response.start", "status": 200, "headers": list(HEADERS)}
        )
        try:
            async with asyncio.TaskGroup() as group:
                beside = [group.create_task(self._beat(who)), group.create_task(self._until_left())]
                await self._all(updates)
                for task in beside:
                    task.cancel()
        except* UnauthenticatedError as ended:
            await self._end(_next({"errors": refused_by(_first(ended)).errors}) + LAST)
        except* _EndError:
            if self._cut is not None:
                self._cut()
            await asyncio.sleep(0)  # the connection is told before it is asked whether all is sent
        else:
            await self._end(LAST)

    async def _all(self, updates: AsyncGenerator[Update, None]) -> None:
        await self._send(OPENING)
        try:
            async for update in updates:
                await self._send(event_of(update))
        except RefusedError as refusal:
            await self._send(_next({"errors": refusal.errors}))
        except RequestError as error:
            await self._send(_next({"errors": refused_by(error).errors}))

    async def _beat(self, who: Who) -> None:
        """Finds out who has left without a word, and whose credentials have ended."""
        while True:
            await asyncio.sleep(self._limits.check)
            try:
                await who()
            except UnauthenticatedError:
                raise
            except RequestError:
                pass  # that cannot be told just now
            await self._send(BEAT)

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        raise _EndError

    async def _send(self, body: bytes) -> None:
        try:
            async with asyncio.timeout(self._limits.slow), self._sending:
                await self._send_now(
                    {"type": "http.response.body", "body": body, "more_body": True}
                )
        except (TimeoutError, OSError):
            raise _EndError from None

    async def _end(self, body: bytes) -> None:
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(self._limits.closing):
                await self._send_now({"type": "http.response.body", "body": body})


def _first(group: BaseExceptionGroup[RequestError]) -> RequestError:
    found: Any = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found  # type: ignore[no-any-return]  # a group of nothing else


def event_of(update: Update) -> bytes:
    """`id` is what a browser sends back as Last-Event-ID when it comes again."""
    id_ = b"" if update.cursor is None else b"id: %s\n" % update.cursor.encode()
    return id_ + _next(update.answer.body())


def _next(body: dict[str, Any]) -> bytes:
    return b"event: next\ndata: %s\n\n" % write_json(body)


def _takes_events(scope: Scope) -> bool:
    accepted = header(scope, b"accept") or b"*/*"
    return b"text/event-stream" in accepted or b"*/*" in accepted or b"text/*" in accepted


def _last_id(scope: Scope) -> str | None:
    found = header(scope, b"last-event-id")
    return found.decode("latin-1") if found else None


def _tokens(query_string: bytes) -> list[str]:
    with suppress(ValueError):
        pairs = parse_qsl(query_string.decode("ascii"), max_num_fields=20)
        return [value for name, value in pairs if name == GUEST_TOKEN]
    return []


def _refused(status: int, message: str) -> RefusedError:
    return refused(CODES[status], message, status)
