"""Each dialect's documented figures, headers and answers to calls that come too fast."""

from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from commerce.core.limiter import Allowance, Rate, RateLimitedError
from commerce.core.problems import UnavailableError
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.rest.limits import DialectRates
from commerce.rest.litestore.routes import GENERATION, LITESTORE
from commerce.rest.route import Credential, Route
from commerce.rest.router import Gateway, RestOptions
from tests.support.limiters import Counted
from tests.support.rest import (
    ANY_KEY,
    CARTINO_KEY,
    LITESTORE_KEY,
    SHOPKIT_KEY,
    PaperShop,
    client_of,
    empty_list,
)

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
MINUTE, HOUR = 60, 3_600


@dataclass(frozen=True)
class Spoken:
    """A call of a dialect, and what its documents promise of rates."""

    path: str
    credentials: dict[str, str]
    amount: int
    seconds: int
    tells: bool = True


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


SPOKEN = {
    "litekart": Spoken(
        "/api/products", bearer("lk_good") | {"X-Api-Dialect": "litekart"}, 1_000, HOUR
    ),
    "litestore": Spoken("/api/products", bearer(LITESTORE_KEY), 100, MINUTE),
    "cartino": Spoken("/api/v1/products", bearer(CARTINO_KEY), 60, MINUTE),
    "ecwid": Spoken("/api/v3/1/products", bearer("secret_good"), 600, MINUTE, tells=False),
    "shopkit": Spoken("/v1/product", {"X-API-KEY": SHOPKIT_KEY}, 3_600, HOUR),
}
BODIES: dict[str, Any] = {
    "litekart": {
        "error": {"code": "RATE_LIMITED", "message": "Too many requests", "details": {}},
        "message": "Too many requests",
    },
    "litestore": {"error": {"code": "RATE_LIMITED", "message": "Too many requests", "details": {}}},
    "cartino": {"message": "Too Many Requests", "retry_after": 60},
    "ecwid": {"errorMessage": "Too many requests", "errorCode": "RATE_LIMITED"},
    "shopkit": {"message": "Too many requests."},
}
EACH = pytest.mark.parametrize("dialect", SPOKEN)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def shop(counted: Counted) -> PaperShop:
    shop = PaperShop(result=empty_list())
    shop.limiter = counted.limiter
    return shop


async def call(client: httpx.AsyncClient, dialect: str, **other: Any) -> httpx.Response:
    spoken = SPOKEN[dialect]
    return await client.get(spoken.path, headers=spoken.credentials, **other)


async def spend(counted: Counted, dialect: str, but: int = 0, caller: str = "api_key:1") -> None:
    """Use a dialect's rate up, except for `but` calls."""
    spoken = SPOKEN[dialect]
    for _ in range(spoken.amount - but):
        found = await counted.limiter.hit(Rate(dialect, spoken.amount, spoken.seconds), caller)
        assert found.allowed


def told(response: httpx.Response) -> list[int]:
    return [int(response.headers[name]) for name in HEADERS]


@EACH
async def test_the_documented_number_of_calls_passes_and_not_one_more(
    shop: PaperShop, counted: Counted, dialect: str
) -> None:
    client = shop.client()
    await spend(counted, dialect, but=2)
    assert (await call(client, dialect)).status_code != 429
    assert (await call(client, dialect)).status_code != 429
    executed = len(shop.executed)
    refused = await call(client, dialect)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(SPOKEN[dialect].seconds)
    assert refused.json() == BODIES[dialect]
    assert refused.headers["X-Api-Dialect"] == dialect
    assert len(shop.executed) == executed
    counted.clock.pass_(SPOKEN[dialect].seconds + 1)
    assert (await call(client, dialect)).status_code != 429


@EACH
async def test_every_answer_tells_what_is_left_where_the_documents_say_so(
    shop: PaperShop, counted: Counted, dialect: str
) -> None:
    client, spoken = shop.client(), SPOKEN[dialect]
    answer = await call(client, dialect)
    if not spoken.tells:
        assert not any(name in answer.headers for name in HEADERS)
        return
    reset = int(counted.clock().timestamp()) + spoken.seconds
    assert told(answer) == [spoken.amount, spoken.amount - 1, reset]
    assert told(await call(client, dialect)) == [spoken.amount, spoken.amount - 2, reset]
    await spend(counted, dialect, but=2)
    assert told(await call(client, dialect)) == [spoken.amount, 0, reset]


FAILURES: dict[str, tuple[int, dict[str, Any]]] = {
    "not found": (404, {"url": "/api/nothing"}),
    "method": (405, {"method": "DELETE"}),
    "options": (204, {"method": "OPTIONS"}),
    "no key": (401, {"headers": {"X-Api-Dialect": "litestore"}}),
    "bad key": (401, {"headers": bearer("ls_revoked")}),
    "bad input": (400, {"params": {"limit": "x"}}),
    "no such dialect": (400, {"headers": bearer(LITESTORE_KEY) | {"X-Api-Dialect": "x"}}),
    "head": (200, {"method": "HEAD"}),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_failures_count_and_tell_too(shop: PaperShop, name: str) -> None:
    status, changes = FAILURES[name]
    request: dict[str, Any] = {"method": "GET", "url": "/api/products"}
    request |= {"headers": bearer(LITESTORE_KEY)} | changes
    async with shop.client() as client:
        first, second = [await client.request(**request) for _ in range(2)]
    assert first.status_code == status
    assert [told(first)[:2], told(second)[:2]] == [[100, 99], [100, 98]]


@pytest.mark.parametrize("error", [ValueError("a bug"), UnavailableError("away")])
async def test_broken_answers_tell_too(shop: PaperShop, error: Exception) -> None:
    shop.raises = error
    answer = await call(shop.client(), "litestore")
    assert answer.status_code in (500, 503)
    assert told(answer)[:2] == [100, 99]


async def test_a_store_of_keys_that_is_away_is_told_with_headers(shop: PaperShop) -> None:
    shop.raises_on_key = UnavailableError("away")
    answer = await shop.client().get("/v1/product", headers={"X-API-KEY": SHOPKIT_KEY})
    assert answer.status_code == 503
    assert told(answer)[:2] == [3_600, 3_599]


async def test_callers_without_a_good_key_count_for_their_network(
    shop: PaperShop, counted: Counted
) -> None:
    gateway = shop.gateway()
    one, near, far = (client_of(gateway, f"2001:db8:0:{n}::1") for n in ("1", "1:5", "2"))
    bad = {"headers": bearer("ls_revoked")}
    none = {"headers": {"X-Api-Dialect": "litestore"}}
    assert told(await one.get("/api/products", **bad))[1] == 99
    assert told(await near.get("/api/products", **none))[1] == 98
    assert told(await far.get("/api/products", **none))[1] == 99
    good = await one.get("/api/products", headers=bearer(LITESTORE_KEY))
    assert told(good)[1] == 99


async def test_a_key_counts_in_each_dialect_for_itself(shop: PaperShop) -> None:
    client = shop.client()
    await client.get("/api/v1/products", headers=bearer(ANY_KEY))
    answer = await client.get("/v1/product", headers={"X-API-KEY": ANY_KEY})
    assert told(answer)[:2] == [3_600, 3_599]


async def test_litekart_calls_without_a_key_are_held_to_their_figure_if_the_operator_says_so(
    shop: PaperShop,
) -> None:
    litekart = {"X-Api-Dialect": "litekart"}
    for documented, limit in ((False, 300), (True, 100)):
        client = shop.client(rates=DialectRates(documented=documented))
        assert told(await client.get("/api/products", headers=litekart))[0] == limit
        keyed = await client.get("/api/products", headers=litekart | bearer("lk_good"))
        assert told(keyed)[0] == 1_000


async def test_a_route_can_have_a_rate_of_its_own(shop: PaperShop) -> None:
    generate = Route(
        "POST", "/ai/x", "LitestoreProducts", lambda _call: {}, lambda node, _call: {},
        rate=GENERATION,
    )  # fmt: skip
    dialect = replace(LITESTORE, routes=(*LITESTORE.routes, generate))
    client = client_of(Gateway(shop.doors(), RestOptions("litestore"), (dialect,)))
    for left in range(9, -1, -1):
        answer = await client.post("/api/ai/x", headers=bearer(LITESTORE_KEY))
        assert told(answer)[:2] == [10, left]
    assert (await client.post("/api/ai/x", headers=bearer(LITESTORE_KEY))).status_code == 429
    other = await client.get("/api/products", headers=bearer(LITESTORE_KEY))
    assert (other.status_code, told(other)[:2]) == (200, [100, 99])


async def test_the_operator_may_set_other_figures(shop: PaperShop) -> None:
    rates = DialectRates.read(["litestore=2/minute", "shopkit=7200/hour"], 300, False)
    client = shop.client(rates=rates)
    assert told(await call(client, "shopkit"))[:2] == [7_200, 7_199]
    assert [(await call(client, "litestore")).status_code for _ in range(3)] == [200, 200, 429]
    assert told(await call(client, "cartino"))[0] == 60


@pytest.mark.parametrize(
    "entry", ["litestore", "litestore=", "litestore=x", "shop=1/minute", "=1/minute", "litestore=5"]
)
def test_other_figures_of_another_form_stop_the_start(entry: str) -> None:
    with pytest.raises(ValueError, match="must"):
        DialectRates.read([entry], 300, False)


async def test_a_key_can_have_a_tier_of_its_own(shop: PaperShop) -> None:
    async def authenticate(_credential: Credential, _dialect: str) -> Viewer | None:
        return Viewer(ViewerKind.API_KEY, 1, frozenset(Scope), calls_per_minute=3)

    shop.authenticate = authenticate  # type: ignore[method-assign]  # a door of this test
    client = shop.client()
    answers = [await call(client, "cartino") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert told(answers[0])[:2] == [3, 2]


async def test_without_a_limiter_nothing_is_counted_nor_told() -> None:
    client = PaperShop(result=empty_list()).client()
    for _ in range(150):
        answer = await call(client, "litestore")
        assert answer.status_code == 200
    assert not any(name in answer.headers for name in HEADERS)


async def test_a_refused_credential_is_told_with_its_own_figures(shop: PaperShop) -> None:
    async def refuse(_credential: Credential, _dialect: str) -> Viewer | None:
        raise RateLimitedError(Allowance(False, 20, 0, 1_767_225_600, 12.5))

    shop.authenticate = refuse  # type: ignore[method-assign]  # a door of this test
    answer = await call(shop.client(), "litestore")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "13")
    assert told(answer) == [20, 0, 1_767_225_600]
    missing = await shop.client().get("/api/nothing", headers=bearer(LITESTORE_KEY))
    assert missing.status_code == 429
