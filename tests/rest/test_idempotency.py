"""The header `Idempotency-Key` in the dialects: handed on, and answered in their own forms."""

from dataclasses import replace
from typing import Any

import pytest

from commerce.rest.dialects import DIALECTS
from commerce.rest.errors import KINDS, Kind, Refusal
from commerce.rest.litestore.routes import LITESTORE
from commerce.rest.route import Route
from commerce.rest.router import Gateway, RestOptions
from tests.support.rest import BEARER, PaperShop, client_of

ADD = Route("POST", "/products", "LitestoreProducts", lambda _call: {}, lambda node, _call: node)


def shop_that(**told: Any) -> PaperShop:
    return PaperShop(result={"id": 1}, **told)


def gateway(shop: PaperShop) -> Gateway:
    """With an endpoint that changes something, however its operation is called."""
    writing = replace(LITESTORE, routes=(*LITESTORE.routes, ADD))
    dialects = [writing if each is LITESTORE else each for each in DIALECTS]
    return Gateway(shop.doors(), RestOptions(), dialects)


async def post(shop: PaperShop, *keys: str) -> Any:
    sent = [*BEARER["litestore"].items(), *(("Idempotency-Key", key) for key in keys)]
    headers = [(name.encode(), value.encode("latin-1")) for name, value in sent]
    return await client_of(gateway(shop)).post("/api/products", headers=headers)


async def test_the_key_is_handed_on() -> None:
    shop = shop_that()
    answer = await post(shop, '"order-17"')
    assert (answer.status_code, shop.key) == (200, "order-17")
    assert "Idempotent-Replayed" not in answer.headers


async def test_no_call_needs_a_key() -> None:
    shop = shop_that()
    assert (await post(shop)).status_code == 200
    assert shop.key is None


async def test_reading_takes_no_notice_of_it() -> None:
    shop = shop_that()
    headers = {**BEARER["litestore"], "Idempotency-Key": "k"}
    await client_of(gateway(shop)).get("/api/products", headers=headers)
    assert shop.key is None


async def test_a_replay_says_so() -> None:
    answer = await post(shop_that(replayed=True), "k")
    assert answer.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("keys", [("",), ("k" * 256,), ("one", "two"), ("\xa0k",)])
async def test_what_is_no_key_is_refused(keys: tuple[str, ...]) -> None:
    shop = shop_that()
    answer = await post(shop, *keys)
    assert (answer.status_code, shop.executed) == (400, [])


@pytest.mark.parametrize(
    ("code", "status", "retry"),
    [("IDEMPOTENCY_IN_FLIGHT", 409, "1"), ("IDEMPOTENCY_KEY_REUSED", 422, None)],
)
async def test_conflicts_have_the_dialects_form(code: str, status: int, retry: str | None) -> None:
    answer = await post(shop_that(errors=[{"message": "", "extensions": {"code": code}}]), "k")
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "details"}
    assert answer.headers.get("Retry-After") == retry


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_dialect_has_words_for_them(dialect: Any) -> None:
    statuses = {kind: dialect.refusal(Refusal(kind))[0] for kind in KINDS.values()}
    assert (statuses[Kind.IN_FLIGHT], statuses[Kind.KEY_REUSED]) == (409, 422)
