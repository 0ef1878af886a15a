"""Answers for requests that no endpoint answers: too large, too slow, too many, not there."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, cast

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler, Scope

from commerce.core.exact_json import write_json
from commerce.core.problems import RequestError
from commerce.http.record import current_record

log: Final = structlog.get_logger("commerce.http")

RETRY_SECONDS: Final = 1
CODES: Final = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    408: "REQUEST_TIMEOUT",
    410: "GONE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    416: "RANGE_NOT_SATISFIABLE",
    431: "HEADERS_TOO_LARGE",
    500: "INTERNAL_SERVER_ERROR",
    503: "UNAVAILABLE",
}

# How a failure is printed for the path it happened on: status, code and message to a body. None
# leaves it to the server's own form, the one GraphQL answers have.
Envelope = Callable[[Scope, int, str, str], dict[str, Any] | None]
Headers = dict[str, str]


def plain_envelope(_scope: Scope, _status: int, _code: str, _message: str) -> None:
    return None


def error_response(
    scope: Scope,
    status: int,
    message: str,
    headers: Headers | None = None,
    envelope: Envelope = plain_envelope,
) -> Response:
    code = CODES.get(status, HTTPStatus(status).name)
    body = envelope(scope, status, code, message)
    if body is None:
        record = current_record()
        extensions = {"code": code} | ({"requestId": record.request_id} if record else {})
        body = {"errors": [{"message": message, "extensions": extensions}]}
    retry = {"Retry-After": str(RETRY_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(
        write_json(body),
        status,
        {**retry, **(headers or {})},
        media_type="application/json",
    )


def exception_handlers(envelope: Envelope = plain_envelope) -> dict[Any, ExceptionHandler]:
    """For Starlette, in our form: what the router itself refuses (404, 405), and what routes do.

    Without the database or the bucket that is 503.
    """

    async def refuse(request: Request, error: Exception) -> Response:
        refused = cast(HTTPException, error)  # the only class this is registered for
        message = f"{HTTPStatus(refused.status_code).phrase}."
        headers = dict(refused.headers or {})
        return error_response(request.scope, refused.status_code, message, headers, envelope)

    async def answer(request: Request, error: Exception) -> Response:
        refused = cast(RequestError, error)  # the same
        return error_response(request.scope, refused.status, refused.message, envelope=envelope)

    return {HTTPException: refuse, RequestError: answer}


def header(scope: Scope, name: bytes) -> bytes | None:
    """The last header of that lower-case name."""
    found = None
    for key, value in scope["headers"]:
        if key == name:
            found = value
    return found


def header_names(headers: Iterable[tuple[bytes, bytes]]) -> set[bytes]:
    return {name.lower() for name, _ in headers}
