"""How fast one caller may ask, and what those are told who ask faster."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from commerce.core.limiter import Allowance, Bucket, Rate, RateLimitedError
from commerce.core.viewer import Viewer, ViewerKind
from commerce.http.graphql.throttle import CallerThrottle, Pace, Paces, paces
from commerce.settings import Settings
from tests.support.limiters import Counted
from tests.support.shop_app import BEARER, client_of, shop_app

PACES = Paces(
    storefront=Pace(Rate("some.requests", 5, 60), Bucket("some.points", 100, 10)),
    keyed=Pace(Rate("other.requests", 8, 60), Bucket("other.points", 200, 20)),
)
CHEAP = "{ viewer }"
DEAR = "{ goods(first: 40) { nodes { name } } }"
DEAR_COST = 42  # a connection and 40 rows


@pytest.fixture
def counted() -> Counted:
    return Counted()


def client_at(counted: Counted, address: str = "192.0.2.1", of: Paces = PACES) -> httpx.AsyncClient:
    throttle = CallerThrottle(counted.limiter, of)
    settings = Settings(environment="production")
    app = shop_app(settings, throttle=throttle)
    return client_of(app, client=(address, 50_000))


async def test_a_keys_own_rate_holds_in_place_of_everybodys(counted: Counted) -> None:
    throttle, key = CallerThrottle(counted.limiter, PACES), Viewer(ViewerKind.API_KEY, 1)
    slow, fast = replace(key, calls_per_minute=2), replace(key, id=2, calls_per_minute=20)
    for viewer, amount in ((slow, 2), (fast, 20)):
        for _ in range(amount):
            await throttle.admit(viewer)
        with pytest.raises(RateLimitedError) as refused:
            await throttle.admit(viewer)
        assert refused.value.allowance.limit == amount


async def ask(client: httpx.AsyncClient, query: str, **options: Any) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, **options)


def throttle_of(response: httpx.Response) -> dict[str, Any]:
    return dict(response.json()["extensions"]["cost"]["throttle"])


@pytest.mark.parametrize(("headers", "amount"), [({}, 5), (BEARER, 8)])
async def test_so_many_requests_pass_and_the_next_is_told_when_to_come_back(
    counted: Counted, headers: dict[str, str], amount: int
) -> None:
    client = client_at(counted)
    answers = [await ask(client, CHEAP, headers=headers) for _ in range(amount + 1)]
    assert [answer.status_code for answer in answers] == [200] * amount + [429]
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "60"
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert "data" not in refused.json()
    reset = int(counted.clock().timestamp()) + 60
    assert throttle_of(refused) == {"limit": amount, "remaining": 0, "resetAt": reset}
    counted.clock.pass_(61)
    assert (await ask(client, CHEAP, headers=headers)).status_code == 200


async def test_a_refusal_is_429_in_the_older_media_type_too(counted: Counted) -> None:
    client = client_at(counted)
    for _ in range(5):
        await ask(client, CHEAP)
    for accept in ("application/json", "application/graphql-response+json"):
        assert (await ask(client, CHEAP, headers={"Accept": accept})).status_code == 429
    assert (await client.get("/graphql", params={"query": CHEAP})).status_code == 429


async def test_the_cost_is_taken_and_told_and_refills(counted: Counted) -> None:
    client = client_at(counted)
    first = await ask(client, DEAR)
    reset = int(counted.clock().timestamp() + DEAR_COST / 10)
    assert first.json()["extensions"]["cost"] == {
        "requested": DEAR_COST,
        "limit": 2_000,
        "throttle": {"limit": 100, "remaining": 58, "resetAt": reset},
    }
    assert throttle_of(await ask(client, DEAR))["remaining"] == 16
    refused = await ask(client, DEAR)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3")
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert throttle_of(refused)["remaining"] == 16
    counted.clock.pass_(2.7)
    assert (await ask(client, DEAR)).status_code == 200


async def test_what_costs_nothing_takes_a_point(counted: Counted) -> None:
    assert throttle_of(await ask(client_at(counted), CHEAP))["remaining"] == 99


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{ nothing }", 400),
        ("{", 400),
        ("{ good { items { nodes { stock } } } }", 401),
        ("query ($id: ID!) { good(id: $id) { name } }", 400),
        ("{ away }", 503),
    ],
)
async def test_operations_that_are_not_run_cost_a_request_and_no_points(
    counted: Counted, query: str, status: int
) -> None:
    modern = {"Accept": "application/graphql-response+json"}
    client = client_at(counted)
    assert (await ask(client, query, headers=modern)).status_code == status
    assert throttle_of(await ask(client, CHEAP))["remaining"] == 99
    for _ in range(3):
        await ask(client, query)
    assert (await ask(client, CHEAP)).status_code == 429


async def test_operations_that_run_and_fail_cost_what_they_cost(counted: Counted) -> None:
    client = client_at(counted)
    query = "{ broken goods(first: 40) { nodes { name } } }"
    assert throttle_of(await ask(client, query))["remaining"] == 100 - DEAR_COST


async def test_addresses_are_counted_apart_and_keys_wherever_they_are(counted: Counted) -> None:
    here, there = client_at(counted), client_at(counted, "192.0.2.2")
    for _ in range(5):
        assert (await ask(here, CHEAP)).status_code == 200
    assert (await ask(here, CHEAP)).status_code == 429
    assert (await ask(there, CHEAP)).status_code == 200
    for client in (here, there) * 4:
        assert (await ask(client, CHEAP, headers=BEARER)).status_code == 200
    assert (await ask(there, CHEAP, headers=BEARER)).status_code == 429


async def test_more_than_the_bucket_holds_needs_a_full_one(counted: Counted) -> None:
    client = client_at(counted)
    dearest = "{ goods(first: 100) { nodes { same { name } } } }"
    assert throttle_of(await ask(client, dearest))["remaining"] == 0
    counted.clock.pass_(9)
    assert (await ask(client, dearest)).status_code == 429
    counted.clock.pass_(1)
    assert (await ask(client, dearest)).status_code == 200


def test_the_figures_are_those_of_the_settings() -> None:
    assert paces(Settings()) == Paces(
        Pace(Rate("graphql.storefront", 300, 60), Bucket("cost.storefront", 2_000, 100)),
        Pace(Rate("graphql.keyed", 3_000, 60), Bucket("cost.keyed", 10_000, 500)),
    )
    other = paces(
        Settings(storefront_requests=1, keyed_requests=2, storefront_points=3, keyed_points=4)
    )
    assert (other.storefront.requests.amount, other.keyed.requests.amount) == (1, 2)
    assert (other.storefront.points.per_second, other.keyed.points.per_second) == (3, 4)


@pytest.mark.parametrize(("wait", "told"), [(0, 1), (0.2, 1), (1.01, 2), (60, 60)])
def test_waits_are_told_in_whole_seconds_and_never_too_short(wait: float, told: int) -> None:
    assert Allowance(False, 1, 0, 0, wait).retry_seconds == told
