"""What every endpoint refuses: what is not there, what does not fit, and what it does not speak."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from commerce.core.ids import MAX_ID
from commerce.rest.route import Route
from tests.rest.cartino.everything.conftest import World
from tests.rest.cartino.everything.routes import route_of
from tests.rest.cartino.everything.world import ROWS, Row

# What is not in the cart need not be taken out of it.
GONE = [("DELETE", "/cart/items/{item}"), ("DELETE", "/cart/lines/{item}")]
NOT_FOUND = {"message": "Not Found"}
INVALID = "The given data was invalid."
# Of these kinds no text is one.
ODD: dict[str, Any] = {"string": {}, "integer": "x", "number": "x", "boolean": "x", "array": "x"}


def missing(row: Row, id_: int) -> str:
    """The row's path, about a thing that is not there."""
    return re.sub(r"\{\w+\}", str(id_), row.path)


async def test_what_is_not_there_is_not_found(world: World) -> None:
    """No number is too large to be asked for."""
    for row, id_ in product(ROWS, (MAX_ID, MAX_ID * 100)):
        if "{" in row.path:
            async with world.undone():
                answer = await world.call(
                    Row(row.method, missing(row, id_), row.body, mine=row.mine)
                )
            if (row.method, row.path) in GONE and id_ == MAX_ID:
                assert answer.status_code == 200
            else:
                assert (answer.status_code, answer.json()) == (404, NOT_FOUND), row


def required(route: Route) -> list[str]:
    return list(route.body.schema.get("required", ())) if route.body else []


async def test_what_must_be_given_is_named(world: World) -> None:
    for row in ROWS:
        names = required(route_of(row, world.ids))
        if names:
            answer = await world.call(Row(row.method, row.path, {}, mine=row.mine))
            told = {name: [f"The {name} field is required."] for name in names}
            assert answer.status_code == 422, (row, answer.text)
            assert answer.json() == {"message": INVALID, "errors": told}, row


def misfits(route: Route) -> Iterator[tuple[str, Any]]:
    """A value of another kind for each field of the body."""
    properties = route.body.schema.get("properties", {}) if route.body else {}
    for name, schema in properties.items():
        kinds = schema.get("type", "")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if kind in ODD:
            yield name, ODD[kind]


async def test_a_value_of_another_kind_is_named(world: World) -> None:
    wrong = []
    for row in ROWS:
        for name, odd in misfits(route_of(row, world.ids)):
            body = {**(row.body or {}), name: odd}
            async with world.undone():
                answer = await world.call(Row(row.method, row.path, body, mine=row.mine))
            told = answer.json()
            if (
                answer.status_code != 422
                or told["message"] != INVALID
                or name not in told["errors"]
            ):
                wrong.append((row.method, row.path, name, odd, told))
    assert not wrong, "\n".join(map(str, wrong))


async def test_a_body_that_is_none_is_refused(world: World) -> None:
    for row in ROWS:
        if route_of(row, world.ids).body is not None:
            for text in ("{", "[]", '"text"'):
                path = "/api" + row.path.format_map(world.ids)
                answer = await world.client.request(
                    row.method, path, content=text, headers=world.own(row)
                )
                assert answer.status_code in (400, 422), (row, text, answer.text)
                assert set(answer.json()) <= {"message", "errors"}


ELSEWHERE: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"Accept": "application/vnd.cartino.v2+json"}, 406, "Only version v1 is served."),
    ({"X-Cartino-Sandbox": "true"}, 400, "This is not the sandbox: nothing was done."),
)


async def test_what_is_asked_of_another_server_is_refused_everywhere(world: World) -> None:
    for row, (headers, status, message) in product(ROWS, ELSEWHERE):
        answer = await world.call(row, {**world.own(row), **headers})
        assert (answer.status_code, answer.json()) == (status, {"message": message}), row


async def test_methods_that_are_not_there_are_told_from_those_that_are(world: World) -> None:
    """Below `/api/v2` there is nothing."""
    methods: dict[str, set[str]] = {}
    for row in ROWS:
        methods.setdefault(row.path, set()).add(row.method)
    for row in ROWS:
        path = row.path.format_map(world.ids)
        told = await world.client.options(f"/api{path}", headers={"X-Api-Dialect": "cartino"})
        allowed = set(told.headers["Allow"].split(", "))
        assert allowed >= methods[row.path] | {"OPTIONS"}
        assert ("HEAD" in allowed) is ("GET" in allowed)
        odd = await world.client.request("TRACE", f"/api/v1{path}", headers=world.own(row))
        assert (odd.status_code, odd.json()) == (405, {"message": "Method Not Allowed"})
        other = await world.call(row, base="/api/v2")
        assert (other.status_code, other.json()) == (404, NOT_FOUND), row
