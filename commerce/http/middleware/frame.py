"""Around every request: its id, its headers, its log line, its metrics."""

import re
from collections.abc import Iterable
from secrets import token_hex
from time import perf_counter
from typing import Any, Final

import structlog
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commerce.http.errors import header_names
from commerce.http.metrics import Metrics
from commerce.http.record import RequestRecord, reset_record, set_record

log: Final = structlog.get_logger("commerce.access")

# What a client may call its request: enough for every tracing format, harmless in a log.
SANE_ID: Final = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
UNMATCHED: Final = "unmatched"
ABORTED: Final = 499  # the client left, or the process is going down: nothing was answered
CREDENTIALS: Final = frozenset({b"authorization", b"x-api-key", b"x-guest-token"})
MAX_USER_AGENT: Final = 300
KEY_PARAMETER: Final = b"x-api-key="
SESSION_COOKIE: Final = b"cartino_session="

ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Accept, Authorization, X-API-Key, X-Guest-Token"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
PRIVATE: Final = (b"cache-control", b"no-store")
ONLY_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")


class Frame:
    """Outermost. Writes exactly one line per request, and never what was asked with it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._templates: dict[int, str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = record_of(scope)
        token = set_record(record)
        started = perf_counter()

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message = {**message, "headers": framed(scope, record, message.get("headers", ()))}
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, send_framed)
        finally:
            self._metrics.in_flight.dec()
            self._tell(scope, record, perf_counter() - started)
            reset_record(token)

    def _tell(self, scope: Scope, record: RequestRecord, seconds: float) -> None:
        route = self._route(scope)
        status = record.status or ABORTED
        # Anybody can make up names; ours are few.
        named = (record.operation or "") if record.stored else ""
        self._metrics.observe(scope["method"], route, status, named, seconds)
        self._metrics.observe_statements(route, named, record.statements)
        if record.refused:
            self._metrics.count_refused(record.refused)
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            route=route,
            operation=record.operation,
            status=status,
            ms=round(seconds * 1000, 2),
            statements=record.statements,
            viewer=record.viewer,
            **({"refused": record.refused} if record.refused else {}),
        )

    def _route(self, scope: Scope) -> str:
        """The template of the path that matched, which says no id and no slug."""
        if self._templates is None and "app" in scope:
            self._templates = dict(_templates(scope["app"].routes, ""))
        return (self._templates or {}).get(id(scope.get("endpoint")), UNMATCHED)


def record_of(scope: Scope) -> RequestRecord:
    request_id = None
    user_agent = ""
    has_credentials = KEY_PARAMETER in scope["query_string"].lower()
    for name, value in scope["headers"]:
        if name == b"x-request-id" and SANE_ID.fullmatch(value):
            request_id = value.decode()
        elif name in CREDENTIALS:
            has_credentials = True
        elif name == b"user-agent":
            user_agent = _readable(value)
        elif name == b"cookie" and SESSION_COOKIE in value:
            has_credentials = True
    client = scope.get("client")
    address = client[0] if client else ""
    return RequestRecord(request_id or token_hex(16), has_credentials, address, user_agent)


def _readable(value: bytes) -> str:
    """What a client calls itself, as far as it can be printed."""
    text = value[:MAX_USER_AGENT].decode(errors="replace")
    return "".join(letter for letter in text if letter.isprintable())


def framed(scope: Scope, record: RequestRecord, headers: Any) -> list[tuple[bytes, bytes]]:
    """The answer's own headers, and ours where it has none of the name."""
    own = header_names(headers)
    added = [pair for pair in ALWAYS if pair[0] not in own]
    if record.has_credentials and PRIVATE[0] not in own:
        added.append(PRIVATE)
    if scope["scheme"] == "https":
        added.append(ONLY_HTTPS)
    return [*headers, (b"x-request-id", record.request_id.encode()), *added]


def _templates(routes: Iterable[BaseRoute], prefix: str) -> Iterable[tuple[int, str]]:
    for route in routes:
        if isinstance(route, Route):
            yield id(route.endpoint), prefix + route.path
        elif isinstance(route, Mount):
            yield id(route.app), prefix + route.path
            yield from _templates(route.routes, prefix + route.path)
