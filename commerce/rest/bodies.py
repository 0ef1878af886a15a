"""From a call's bytes to what its route's fields say: the query, the body, headers and cookies."""

from typing import Any

from starlette.types import Receive

from commerce.core.exact_json import JsonError, read_json
from commerce.rest.credentials import cookies
from commerce.rest.errors import Kind, Refusal, RefusedError, refuse
from commerce.rest.fields import UnfitError, read_fields
from commerce.rest.incoming import Incoming
from commerce.rest.query import Query
from commerce.rest.route import Route


def read_query(route: Route, query: Query) -> dict[str, Any]:
    """Raises `RefusedError` naming each parameter at fault."""
    given = {each.name: query.get(each.name) for each in route.query}
    try:
        return read_fields(route.query, given)
    except UnfitError as error:
        raise RefusedError(Refusal(Kind.INVALID, flaws=error.flaws)) from None


async def read_body(route: Route, receive: Receive) -> Any:
    """The body, as JSON whatever it is called; none at all is an object without members."""
    if route.body is None:
        return None
    raw = await _whole(receive)
    try:
        value = read_json(raw) if raw.strip() else {}
    except JsonError:
        refuse(Kind.BAD_REQUEST, "The body must be JSON.")
    try:
        return route.body.read(value)
    except UnfitError as error:
        raise RefusedError(Refusal(Kind.INVALID, flaws=error.flaws)) from None


def read_sent(route: Route, incoming: Incoming) -> dict[str, str]:
    """The headers and cookies that the route looks at, as far as they were sent."""
    headers = {name: incoming.headers.get(name) for name in route.headers}
    given = cookies(incoming.headers.get("Cookie", "")) if route.cookies else {}
    found = headers | {name: given.get(name) for name in route.cookies}
    return {name: value for name, value in found.items() if value}


async def _whole(receive: Receive) -> bytes:
    """The gate before the routes has seen to its size."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
