"""Calls of several operations that are sent again under their key: what is kept of them."""

from typing import Any, Final

from commerce.core.exact_json import read_json
from commerce.rest.printing import to_json
from commerce.rest.route import Call, Reply, Route

STATUS: Final = "status"
HEADERS: Final = "headers"
BODY: Final = "body"


def request_of(route: Route, call: Call) -> bytes:
    """All that was asked for; both forms of a path ask the same."""
    asked = (
        *(route.method, route.path, sorted(call.params.items()), call.query.pairs),
        *(call.body, sorted(call.sent.items())),
    )
    return repr(asked).encode(errors="backslashreplace")


def written(reply: Reply) -> bytes:
    return to_json({STATUS: reply.status, HEADERS: dict(reply.headers), BODY: reply.body})


def read(kept: bytes) -> Reply:
    """With its numbers as they were written."""
    found: dict[str, Any] = read_json(kept)
    return Reply(found[BODY], found[STATUS], found[HEADERS])
