"""What may end a request before its answer: size, slowness, overload, a bug."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commerce.http.errors import Envelope, Headers, error_response, header, plain_envelope
from commerce.http.protocol import STREAMS
from commerce.http.record import RequestRecord, current_record

log: Final = structlog.get_logger("commerce.http")

# Answered however busy the server is: how else would one know that it is.
ALWAYS_SERVED: Final = frozenset({"/livez", "/readyz", "/metrics"})
# Those that stay open are counted apart, and have no deadline.
FREE: Final = ALWAYS_SERVED | STREAMS
ANONYMOUS_BODY: Final = 128 * 1024
IDENTITY: Final = frozenset({b"", b"identity"})
# Their bodies or answers are files: read and written bit by bit, by clients however slow.
UPLOADS: Final = "/files/uploads/"
TRANSFERS: Final = (UPLOADS, "/media/", "/downloads/")


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Sizes in bytes, times in seconds. `places` are requests answered side by side; `transfers`
    those of them that send or take a file, each for as long as `transferring`.
    """

    anonymous_body: int = ANONYMOUS_BODY
    keyed_body: int = 1024 * 1024
    idle: float = 10
    receiving: float = 30
    deadline: float = 16
    places: int = 400
    upload: int = 20 * 1024 * 1024
    transferring: float = 120
    transfers: int = 100


class _Refused(Exception):
    def __init__(self, status: int, message: str, reason: str) -> None:
        self.status = status
        self.message = message
        self.reason = reason


class _ClientLeft(Exception):
    pass


class Gate:
    """Innermost before the routes.

    The body is read here, whole, before the request takes a place: slow senders hold none. Those
    that transfer files have places of their own.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: GateLimits = GateLimits(),
        envelope: Envelope = plain_envelope,
    ) -> None:
        self._app = app
        self._limits = limits
        self._envelope = envelope
        self._taken = 0
        self._transferring = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = current_record() or RequestRecord("")
        try:
            await self._pass(scope, receive, send, record)
        except _ClientLeft:
            return
        except _Refused as refusal:
            record.refused = refusal.reason
            await self._answer(scope, receive, send, refusal.status, refusal.message)
        except TimeoutError:
            record.refused = "deadline"
            message = "The request took too long."
            await self._fail(scope, receive, send, 503, message, record)
        except Exception as error:
            log.error("request_failed", exc_info=error, path=scope["path"])
            await self._fail(scope, receive, send, 500, "Something went wrong.", record)

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord
    ) -> None:
        has_some = has_body(scope)
        if has_some and (header(scope, b"content-encoding") or b"").lower() not in IDENTITY:
            # A few compressed bytes can be a body of any size.
            raise _Refused(415, "Send the body uncompressed.", "encoding")
        if scope["path"].startswith(TRANSFERS):
            await self._transfer(scope, receive, send)
            return
        if has_some:
            receive = replay(await self._body(scope, receive, record), receive)
        if scope["path"] in FREE:
            await self._app(scope, receive, send)
            return
        if self._taken >= self._limits.places:
            raise _Refused(503, "The server is overloaded.", "overload")
        self._taken += 1
        try:
            async with asyncio.timeout(self._limits.deadline):
                await self._app(scope, receive, send)
        finally:
            self._taken -= 1

    async def _transfer(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self._limits
        if self._transferring >= limits.transfers:
            raise _Refused(503, "Too many files are on their way.", "overload")
        if scope["path"].startswith(UPLOADS):
            receive = streamed(receive, limits)
        self._transferring += 1
        try:
            async with asyncio.timeout(limits.transferring):
                await self._app(scope, receive, send)
        finally:
            self._transferring -= 1

    async def _body(self, scope: Scope, receive: Receive, record: RequestRecord) -> bytes:
        limits = self._limits
        most = limits.keyed_body if record.has_credentials else limits.anonymous_body
        too_large = _Refused(413, f"The body may have at most {most} bytes.", "body")
        declared = header(scope, b"content-length")
        if declared is not None and declared.isdigit() and int(declared[:20]) > most:
            raise too_large
        parts: list[bytes] = []
        size = 0
        async for part in received(receive, limits):
            size += len(part)
            if size > most:
                raise too_large
            parts.append(part)
        return b"".join(parts)

    async def _fail(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        status: int,
        message: str,
        record: RequestRecord,
    ) -> None:
        """Half an answer cannot be taken back: left unfinished, the connection is cut."""
        if not record.status:
            await self._answer(scope, receive, send, status, message)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, status: int, message: str
    ) -> None:
        headers: Headers = {"Connection": "close"} if status == 408 else {}
        response = error_response(scope, status, message, headers, self._envelope)
        await response(scope, receive, send)


def has_body(scope: Scope) -> bool:
    """Whether bytes may follow the headers; requests without pay nothing for reading them."""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            return True
    return False


async def received(receive: Receive, limits: GateLimits) -> AsyncIterator[bytes]:
    """The body's parts as they arrive, each in time and all in time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + limits.receiving
    more = True
    while more:
        try:
            async with asyncio.timeout_at(min(end, loop.time() + limits.idle)):
                message = await receive()
        except TimeoutError:
            raise _Refused(408, "The body did not arrive in time.", "slow_body") from None
        if message["type"] == "http.disconnect":
            raise _ClientLeft
        yield message.get("body", b"")
        more = message.get("more_body", False)


def streamed(receive: Receive, limits: GateLimits) -> Receive:
    """A `receive` that refuses what is too large or too slow as soon as it is."""
    size = 0

    async def receive_part() -> Message:
        nonlocal size
        try:
            async with asyncio.timeout(limits.idle):
                message = await receive()
        except TimeoutError:
            raise _Refused(408, "The body did not arrive in time.", "slow_body") from None
        size += len(message.get("body", b""))
        if size > limits.upload:
            raise _Refused(413, f"A file may have at most {limits.upload} bytes.", "body")
        return message

    return receive_part


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands out the whole body first."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return messages.pop() if messages else await receive()

    return receive_again
