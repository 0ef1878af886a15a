"""GraphQL over HTTP: one path, POST with JSON or GET for queries."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from commerce.core.call import REPLAYED, sent_key
from commerce.core.exact_json import write_json
from commerce.core.limiter import RateLimitedError
from commerce.core.problems import RequestError
from commerce.core.viewer import Viewer
from commerce.http.auth import CHALLENGE
from commerce.http.errors import CODES, RETRY_SECONDS, header
from commerce.http.graphql.errors import RefusedError, refused, refused_by
from commerce.http.graphql.execute import Answer, Executor, refusal_answer
from commerce.http.graphql.negotiation import LEGACY, answer_type, sends_json
from commerce.http.graphql.requests import from_body, from_query_string
from commerce.http.graphql.throttle import FreeRide, Throttle, retry_after, throttled
from commerce.http.middleware.gate import ANONYMOUS_BODY
from commerce.http.pages import prefers_html

ALLOWED: Final = "GET, HEAD, POST, OPTIONS"
READING: Final = frozenset({"GET", "HEAD"})
KEY: Final = b"idempotency-key"
# What passes by itself, soon.
PASSING: Final = frozenset({409, 503})
ASKS: Final = re.compile(rb"(?:^|&)(?:query|documentId|extensions)=")
# A page for a person who opened the path in a browser.
Page = Callable[[], Awaitable[Response]]
# Who sent a request; raises a `RequestError` for credentials that are not good.
Who = Callable[[Scope], Awaitable[Viewer]]


class Envelope(Protocol):
    def __call__(
        self, scope: Scope, status: int, code: str, message: str, retry_after: int | None = None, /
    ) -> Any:
        """The body of a refusal; `retry_after` are seconds."""


class GraphQLEndpoint:
    """An ASGI application; JSON alone is taken, so no foreign page can make a browser write.

    What is refused before there is an operation is printed by `envelope`, where there is one.
    """

    def __init__(
        self,
        executor: Executor,
        who: Who,
        page: Page | None = None,
        throttle: Throttle = FreeRide(),
        envelope: Envelope | None = None,
    ) -> None:
        self._executor = executor
        self._who = who
        self._page = page
        self._throttle = throttle
        self._envelope = envelope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(scope, receive)
        await response(scope, receive, send)

    async def _response(self, scope: Scope, receive: Receive) -> Response:
        method = scope["method"]
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": ALLOWED})
        if method in READING and self._page is not None and opens_page(scope):
            return await self._page()
        media_type = answer_type(scope)
        try:
            answer = await self._answer(scope, receive, media_type)
        except RefusedError as refusal:
            return self._refusal(refusal_answer(refusal), scope, media_type)
        except RateLimitedError as error:
            return self._refusal(throttled(error), scope, media_type)
        except RequestError as error:
            return self._refusal(refusal_answer(refused_by(error)), scope, media_type)
        return respond(answer, media_type or LEGACY, method)

    def _refusal(self, answer: Answer, scope: Scope, media_type: str | None) -> Response:
        if self._envelope is None:
            return respond(answer, media_type or LEGACY, scope["method"])
        headers = _headers(answer, scope["method"])
        wait = headers.get("Retry-After")
        body = self._envelope(
            scope,
            answer.status,
            answer.code or "",
            answer.errors[0]["message"],
            None if wait is None else int(wait),
        )
        return Response(write_json(body), answer.status, headers, media_type=LEGACY)

    async def _answer(self, scope: Scope, receive: Receive, media_type: str | None) -> Answer:
        reading = scope["method"] in READING
        if not reading and scope["method"] != "POST":
            raise _refused(405, "Use POST, or GET for queries.")
        if media_type is None:
            raise _refused(406, "Accept application/graphql-response+json or application/json.")
        if not reading and not sends_json(scope):
            raise _refused(415, "Send the request as application/json in UTF-8.")
        viewer = await self._who(scope)
        meter = await self._throttle.admit(viewer)
        if reading:
            request = from_query_string(scope["query_string"])
        else:
            request = from_body(await posted(receive, viewer))
        answer = await self._executor.execute(
            request.query,
            request.variables,
            request.operation_name,
            viewer=viewer,
            only_queries=reading,
            charge=meter.charge,
            key=None if reading else idempotency_key(scope),
        )
        return await meter.settle(answer)


def idempotency_key(scope: Scope) -> str | None:
    return sent_key([value.decode("latin-1") for name, value in scope["headers"] if name == KEY])


def opens_page(scope: Scope) -> bool:
    """Whether a browser asks for something to look at, rather than for an answer to a query."""
    accept = (header(scope, b"accept") or b"").decode("latin-1")
    return not ASKS.search(scope["query_string"]) and prefers_html(accept)


def respond(answer: Answer, media_type: str, method: str, serves: str = ALLOWED) -> Response:
    """`serves` are the methods of the path, as `Allow` names them."""
    lenient = answer.lenient and media_type == LEGACY
    return Response(
        write_json(answer.body()),
        200 if lenient else answer.status,
        _headers(answer, method, serves),
        media_type=f"{media_type}; charset=utf-8",
    )


def _headers(answer: Answer, method: str, serves: str = ALLOWED) -> dict[str, str]:
    headers = {REPLAYED: "true"} if answer.replayed else {}
    if not answer.errors:
        return headers
    if method in READING:  # what fails now may succeed a moment later, under the same address
        headers["Cache-Control"] = "no-store"
    if answer.status == 401:
        headers |= CHALLENGE
    elif answer.status == 405:  # a mutation sent with GET, or a method nothing here knows
        headers["Allow"] = "POST" if method in READING and method in serves else serves
    elif answer.status == 429:
        headers["Retry-After"] = retry_after()
    elif answer.status in PASSING:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return headers


async def posted(receive: Receive, viewer: Viewer) -> bytes:
    message = await receive()  # the gate hands out the body in one piece
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    # The gate lets through what any credentials may send, before it is known whose they are.
    if viewer.in_storefront and len(body) > ANONYMOUS_BODY:
        raise _refused(413, f"The body may have at most {ANONYMOUS_BODY} bytes.")
    return body


def _refused(status: int, message: str) -> RefusedError:
    return refused(CODES[status], message, status)
