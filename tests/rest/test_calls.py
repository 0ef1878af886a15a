"""What a route reads of a call, how flows run, and how answers are sent."""

import gzip
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import httpx

from commerce.rest.dialects import DIALECTS
from commerce.rest.errors import RefusedError
from commerce.rest.fields import Field
from commerce.rest.kinds import flag, listing, number, record, text, whole
from commerce.rest.litestore.routes import LITESTORE
from commerce.rest.route import Ask, Call, Json, Reply, Route
from commerce.rest.router import Gateway, RestOptions
from tests.support.rest import BEARER, PaperShop, client_of

LIST, ONE = "LitestoreProducts", "LitestoreProduct"
KEY = BEARER["litestore"]


def told(_node: Any, call: Call) -> Json:
    """What the functions of a row get to see."""
    return {"args": call.args, "body": call.body, "sent": call.sent}


def thrice(call: Call) -> Generator[Ask, Any, Json | Reply]:
    first = yield Ask(ONE, {"id": 1})
    try:
        yield Ask(LIST, {"after": first["id"]})
    except RefusedError as error:
        return {"refused": error.refusal.kind.value}
    yield Ask(LIST, {"after": "again"})
    return Reply({"first": first}, 201)


ROUTES = (
    Route(
        "POST",
        "/echo",
        ONE,
        shape=told,
        query=(Field("limit", whole(1, 50, clamped=True), default=25),),
        body=record(
            Field("price", number(above=0), required=True),
            Field("name", text(10)),
            Field("on", flag()),
        ),
        headers=("X-Cart-Token",),
        cookies=("cart",),
    ),
    Route("PUT", "/many", ONE, shape=told, body=listing(whole(1), 2)),
    Route("PUT", "/flow", ONE, flow=thrice, further=(LIST,)),
    Route("GET", "/long", ONE, shape=lambda node, _call: [node] * 200),
    Route("DELETE", "/gone", ONE, shape=lambda _node, _call: Reply(None, 204)),
)


def client(shop: PaperShop) -> httpx.AsyncClient:
    dialect = replace(LITESTORE, routes=ROUTES)
    dialects = [dialect if each is LITESTORE else each for each in DIALECTS]
    return client_of(Gateway(shop.doors(), RestOptions(), dialects))


async def test_fields_are_read_before_anything_runs() -> None:
    shop = PaperShop(result={})
    headers = {**KEY, "X-Cart-Token": "t", "Cookie": "cart=c; other=o"}
    body = b'{"price": 12345678901234567.123456, "name": 7, "on": "true", "more": 1}'
    response = await client(shop).post("/api/echo?limit=99", content=body, headers=headers)
    assert response.json() == {
        "args": {"limit": 50},
        "body": {"price": 12345678901234567.123456, "name": "7", "on": True},
        "sent": {"X-Cart-Token": "t", "cart": "c"},
    }
    assert b'"price":12345678901234567.123456' in response.content


async def test_a_body_that_does_not_fit_runs_nothing() -> None:
    shop = PaperShop(result={})
    for body in (b"{", b"[]", b"", b'{"price": "x"}', b"\xff", b'{"price": 1e999999999}'):
        response = await client(shop).post("/api/echo", content=body, headers=KEY)
        assert response.status_code == 400
        assert response.json()["error"]["code"] == "VALIDATION_ERROR"
    assert shop.executed == []


async def test_a_body_may_be_a_list() -> None:
    shop = PaperShop(result={})
    response = await client(shop).put("/api/many", json=[1, 2], headers=KEY)
    assert response.json()["body"] == [1, 2]
    refused = await client(shop).put("/api/many", json=[1, 0], headers=KEY)
    assert refused.json()["error"]["details"] == {"field": "1", "issue": "must be greater than 0"}


async def test_a_flow_asks_step_by_step_with_a_key_for_each() -> None:
    shop = PaperShop(result={"id": 4})
    keys: list[str | None] = []

    async def execute(operation: Any, variables: Any, *, viewer: Any, key: str | None) -> Any:
        keys.append(key)
        return await PaperShop.execute(shop, operation, variables, viewer=viewer, key=key)

    shop.execute = execute  # type: ignore[method-assign]
    response = await client(shop).put("/api/flow", headers={**KEY, "Idempotency-Key": "k"})
    assert (response.status_code, response.json()) == (201, {"first": {"id": 4}})
    asked = [(name, variables.get("after")) for name, variables, _viewer in shop.executed]
    assert asked == [(ONE, None), (LIST, 4), (LIST, "again")]
    assert len({key for key in keys if key}) == 3
    again = await client(shop).put("/api/flow", headers={**KEY, "Idempotency-Key": "k"})
    assert again.status_code == 201
    assert keys[:3] == keys[3:]


async def test_a_flow_may_catch_what_a_step_is_refused() -> None:
    shop = PaperShop(result={"id": 4})
    asked = 0

    async def execute(operation: Any, variables: Any, *, viewer: Any, key: str | None) -> Any:
        nonlocal asked
        asked += 1
        shop.result = {"id": 4} if asked == 1 else None
        return await PaperShop.execute(shop, operation, variables, viewer=viewer, key=key)

    shop.execute = execute  # type: ignore[method-assign]
    response = await client(shop).put("/api/flow", headers=KEY)
    assert response.json() == {"refused": "not found"}


async def test_reads_have_a_tag_that_spares_the_body() -> None:
    http = client(PaperShop(result={"id": 1}))
    first = await http.get("/api/long", headers=KEY)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    for known in (tag, f'"x", {tag}', "*", tag.removeprefix("W/")):
        again = await http.get("/api/long", headers={**KEY, "If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    other = await http.get("/api/long", headers={**KEY, "If-None-Match": '"x"'})
    assert other.status_code == 200


async def test_long_answers_are_compressed_for_those_who_take_it() -> None:
    http = client(PaperShop(result={"id": 1}))
    async with http.stream(
        "GET", "/api/long", headers={**KEY, "Accept-Encoding": "gzip"}
    ) as zipped:
        raw = b"".join([part async for part in zipped.aiter_raw()])
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(raw)) > 1000 > len(raw)
    for unwilling in ("identity", "gzip;q=0, br"):
        plain = await http.get("/api/long", headers={**KEY, "Accept-Encoding": unwilling})
        assert "Content-Encoding" not in plain.headers
    head = await http.head("/api/long", headers={**KEY, "Accept-Encoding": "identity"})
    assert head.headers["Content-Length"] == str(len(plain.content))


async def test_what_changes_something_is_kept_by_nobody() -> None:
    response = await client(PaperShop(result={})).delete("/api/gone", headers=KEY)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
