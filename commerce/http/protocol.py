"""uvicorn's protocols with the time limits they do not have."""

from asyncio import BaseTransport, TimerHandle
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEADER_SECONDS: Final = 10.0
LINGER_SECONDS: Final = 5.0
MAX_HEADER_BYTES: Final = 64 * 1024
# Answers without an end: a server that stops does not wait for it.
STREAMS: Final = frozenset({"/graphql/stream"})
# Of a request's scope: `now` ends its connection, whatever the client has not taken.
CUT: Final = "storegraph.cut"

TOO_SLOW: Final = b"408 Request Timeout"
TOO_LARGE: Final = b"431 Request Header Fields Too Large"


class PatientProtocol(HttpToolsProtocol):
    """Gives a client ten seconds for its headers and a few for a body nobody waits for.

    The clock runs from the connection, or from the first byte of a further request, and no byte
    sent in between resets it: that is what keeps slow connections from piling up.
    """

    header_seconds = HEADER_SECONDS
    linger_seconds = LINGER_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: TimerHandle | None = None
        self._in_headers = True
        self._in_body = False
        self._header_bytes = 0
        self._upgraded = False

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows it too
        self._start(self.header_seconds, self._headers_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._upgraded or self.transport.is_closing() or not self._waits_for_headers():
            return
        self._header_bytes += len(data)
        if self._header_bytes > MAX_HEADER_BYTES:
            self._refuse(TOO_LARGE)
        elif self._deadline is None:
            self._start(self.header_seconds, self._headers_late)

    def _waits_for_headers(self) -> bool:
        """Also between requests: an empty line there stops uvicorn's own idle clock for good."""
        return self._in_headers or (self.cycle.response_complete and not self._in_body)

    def on_message_begin(self) -> None:
        self._in_headers = True
        super().on_message_begin()

    def handle_websocket_upgrade(self) -> None:
        """The connection is another protocol's from here on."""
        self._upgraded = True
        self._stop()
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        super().shutdown()
        if self.cycle is None or self.cycle.response_complete:
            return
        if self.cycle.scope["path"] in STREAMS:
            self.transport.close()
            self.loop.call_later(self.linger_seconds, self.transport.abort)

    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._in_body = True
        self._header_bytes = 0
        self._stop()
        self.scope["extensions"] = {CUT: {"now": self.transport.abort}}
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_body and not self.transport.is_closing():
            self._start(self.linger_seconds, self.transport.close)

    def on_message_complete(self) -> None:
        self._in_body = False
        self._stop()
        super().on_message_complete()

    def _start(self, seconds: float, late: Any) -> None:
        self._stop()
        self._deadline = self.loop.call_later(seconds, late)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _headers_late(self) -> None:
        self._refuse(TOO_SLOW)

    def _refuse(self, status: bytes) -> None:
        self._stop()
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.close()


class PatientWebSocket(WebSocketsSansIOProtocol):
    """Cuts connections that were closed, and whose other end takes nothing any more.

    What is written to them would be kept for as long as the other end likes.
    """

    linger_seconds = LINGER_SECONDS

    def shutdown(self) -> None:
        super().shutdown()
        self._cut_soon()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._cut_soon()

    def handle_ping(self) -> None:
        """Pongs are written whether the other end reads or not."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self._cut_soon()

    def _cut_soon(self) -> None:
        self.loop.call_later(self.linger_seconds, self.transport.abort)
