"""What holds for every row of every table, whatever it does: who may call it and how that is told,
methods, slashes, tags and idempotency keys. The calls are made up of the tables themselves."""

from base64 import b64encode
from typing import Any, Final

import httpx
import pytest

from commerce.core.viewer import Viewer, ViewerKind
from commerce.rest.credentials import SESSION
from commerce.rest.errors import Kind, Refusal
from commerce.rest.openapi.security import WAYS, schemes_of
from commerce.rest.operations import name_of
from commerce.rest.paths import PARAMETER, Table, methods_of
from tests.support.made_up import ROWS, Good, any_calls, asked_of_row, good_calls, stage
from tests.support.rest import BEARER, CARTINO_KEY

WRONG: Final = "sk_live_wrong"
# What nothing made up is answered well: the id belongs in the path.
REFUSED: Final = {"shopkit PUT /v1/order"}
# Answered for what the key may, piece by piece.
PIECEWISE: Final = {
    *("shopkit GET /v1", "shopkit GET /v1/store"),
    *("shopkit PUT /v1/order/bulk", "shopkit PUT /v1/order/bulk/invoice"),
}
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
POOR: Final = Viewer(ViewerKind.API_KEY, 1)


def basic(key: str) -> str:
    return "Basic " + b64encode(f"{key}:".encode()).decode()


def sent(way: str, key: str) -> tuple[dict[str, str], str]:
    """Headers and query that carry a key in one of the ways that documents know."""
    _name, headers, parameter, scheme = next(each for each in WAYS if each[0] == way)
    if parameter:
        return {}, f"{parameter}={key}"
    if way == "basic":
        return {"Authorization": basic(key)}, ""
    if way == "session":
        return {"Cookie": f"{SESSION}={key}"}, ""
    (name,) = headers
    return {name: f"Bearer {key}" if scheme.get("scheme") == "bearer" else key}, ""


def is_refusal(kind: Kind, call: Good, answer: httpx.Response) -> bool:
    """Whether it is the dialect's own, letter by letter."""
    status, body = call.dialect.refusal(Refusal(kind))
    told = answer.headers["X-Api-Dialect"] == call.dialect.name
    return told and (answer.status_code, answer.json()) == (status, body)


async def test_every_row_has_a_call_that_goes_well() -> None:
    """Its variables are what its operations take, and what they answer is shaped."""
    good = {id(call.route) for call in await good_calls()}
    without = {name_of(dialect, route) for dialect, route in ROWS if id(route) not in good}
    assert without == REFUSED


async def test_without_a_key_every_row_says_so() -> None:
    for call in any_calls():
        answer = await call.ask(headers={})
        if call.route.public:
            assert answer.status_code not in (401, 403), call.name
            continue
        assert is_refusal(Kind.UNAUTHENTICATED, call, answer), (call.name, answer.text)
        assert answer.headers.get("WWW-Authenticate") == call.dialect.challenge
        assert not stage()[0].executed


async def test_a_wrong_key_is_refused_however_it_is_sent() -> None:
    for call in any_calls():
        for way in schemes_of(call.dialect).keys() & {name for name, *_ in WAYS}:
            headers, query = sent(way, WRONG)
            answer = await call.ask(headers=headers, query=query)
            assert is_refusal(Kind.UNAUTHENTICATED, call, answer), (call.name, way, answer.text)


async def test_a_key_that_may_do_nothing_is_forbidden_what_asks_for_a_scope() -> None:
    asking = 0
    for call in await good_calls():
        asked = asked_of_row(call.dialect, call.route)
        answer = await call.ask(viewer=POOR)
        name = name_of(call.dialect, call.route)
        if name in PIECEWISE or call.route.public:
            assert answer.is_success, name
        elif asked.own or asked.must:
            asking += 1
            status, body = call.dialect.refusal(Refusal(Kind.FORBIDDEN, "Not yours."))
            assert (answer.status_code, answer.json()) == (status, body), (call.name, answer.text)
        else:
            assert answer.is_success, (call.name, answer.text)
    assert asking > 100


async def test_every_read_has_a_head_a_tag_and_no_other_slash() -> None:
    for call in await good_calls():
        if not call.reads:
            continue
        answer = await call.ask()
        tag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
        known = await call.ask(more={"If-None-Match": tag})
        assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", tag)
        assert (await call.ask(more={"If-None-Match": 'W/"other"'})).status_code == 200
        head = await call.ask(method="HEAD")
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", tag), call.name
        assert head.headers["Content-Length"] == answer.headers["Content-Length"]
        assert (await call.ask(path=call.path + "/")).status_code == 200


async def test_what_changes_something_is_reached_with_a_slash_and_kept_by_nobody() -> None:
    for call in await good_calls():
        if call.reads:
            continue
        answer = await call.ask(path=call.path + "/")
        assert answer.is_success, call.name
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


async def test_every_path_says_what_it_allows_and_refuses_the_rest() -> None:
    for call in any_calls():
        allowed = methods_of(Table(call.dialect).matches(call.path))
        for base in call.dialect.bases:
            path = base + call.path.removeprefix(call.dialect.bases[0])
            options = await call.ask(method="OPTIONS", path=path, headers={})
            assert (options.status_code, options.content) == (204, b"")
            assert options.headers["Allow"] == ", ".join(allowed), path
            for method in set(METHODS) - set(allowed):
                answer = await call.ask(method=method, path=path)
                assert is_refusal(Kind.METHOD_NOT_ALLOWED, call, answer), (method, path)
                assert answer.headers["Allow"] == ", ".join(allowed)


async def test_a_plus_in_a_path_is_a_plus() -> None:
    """As it is written, and as `%2B`; never a space."""
    found = 0
    for call in any_calls():
        path = PARAMETER.sub(lambda part: "1" if part[2] else "{}", call.route.path)
        if "{}" not in path:
            continue
        heard = []
        for text in ("a+b", "a%2Bb"):
            answer = await call.ask(path=call.dialect.bases[0] + path.replace("{}", text))
            heard.append((answer.status_code, answer.text, list(stage()[0].executed)))
        assert heard[0] == heard[1], call.name
        assert "a b" not in str(heard)
        found += "a+b" in str(heard)
    assert found > 5


async def test_an_idempotency_key_reaches_whatever_changes_something() -> None:
    """A flow has a key for each step, the same when it is run again."""
    for call in await good_calls():
        piecewise = name_of(call.dialect, call.route) in PIECEWISE
        if call.reads or piecewise or not call.changes:
            continue
        keys = await keys_of(call, "k-1")
        assert keys, call.name
        assert None not in keys, call.name
        assert len(set(keys)) == len(keys)
        assert keys == await keys_of(call, "k-1")
        assert set(keys).isdisjoint(await keys_of(call, "k-2"))
        assert set(await keys_of(call, None)) == {None}
        again = await call.ask(more={"Idempotency-Key": "k-1"}, replayed=True)
        assert again.headers["Idempotent-Replayed"] == "true"
        refused = await call.ask(more={"Idempotency-Key": "k" * 256})
        assert refused.status_code == 400, call.name


async def keys_of(call: Good, key: str | None) -> list[Any]:
    answer = await call.ask(more={"Idempotency-Key": key} if key else {})
    assert answer.is_success
    return list(stage()[0].keys)


@pytest.mark.parametrize("way", ["bearer", "basic"])
async def test_a_good_key_is_taken_in_every_form(way: str) -> None:
    for call in await good_calls():
        if call.dialect.name == "cartino":
            headers, _ = sent(way, CARTINO_KEY)
            assert (await call.ask(headers=headers)).is_success, call.name
        elif call.dialect.name == "shopkit":
            (key,) = BEARER["shopkit"].values()
            assert (await call.ask(headers={}, query=f"X-API-KEY={key}")).is_success, call.name
