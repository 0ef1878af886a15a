"""uvicorn's HTTP protocol with the time limits it does not have."""

from asyncio import BaseTransport, TimerHandle
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS: Final = 10.0
LINGER_SECONDS: Final = 5.0
MAX_HEADER_BYTES: Final = 64 * 1024

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

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows it too
        self._start(self.header_seconds, self._headers_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing() or not self._waits_for_headers():
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

    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._in_body = True
        self._header_bytes = 0
        self._stop()
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
