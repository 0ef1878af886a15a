"""The whole application with its limits on, as the settings have them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from commerce.app import create_app
from commerce.core.attempts import SIGN_IN, Attempts
from commerce.core.callers import caller_of
from commerce.core.viewer import ANONYMOUS
from commerce.runtime import Resources
from tests.rest.conftest import MakeKey, make_key  # noqa: F401  # a fixture
from tests.support.limiters import Counted

CHEAP = {"query": "{ __typename }"}


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def limited(resources: Resources, counted: Counted) -> Resources:
    changes = {"rate_limits": True, "storefront_requests": 3, "keyed_requests": 4}
    return replace(
        resources,
        settings=resources.settings.changed(changes),
        ports=replace(resources.ports, limiter=counted.limiter),
    )


@pytest.fixture
async def client(limited: Resources) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(limited))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield client


async def test_strangers_and_keys_have_their_own_figures(
    client: httpx.AsyncClient,
    make_key: MakeKey,  # noqa: F811  # the fixture
    statements: list[str],
) -> None:
    headers = {"Authorization": f"Bearer {await make_key(None)}"}
    keyed = [await client.post("/graphql", json=CHEAP, headers=headers) for _ in range(5)]
    assert [answer.status_code for answer in keyed] == [200] * 4 + [429]
    strangers = [await client.post("/graphql", json=CHEAP) for _ in range(3)]
    assert [answer.status_code for answer in strangers] == [200] * 3
    statements.clear()
    refused = await client.post("/graphql", json={"query": "{ brands { nodes { id } } }"})
    assert (refused.status_code, statements) == (429, [])


async def test_a_guessed_key_reaches_the_database_twenty_times_at_most(
    client: httpx.AsyncClient,
    make_key: MakeKey,  # noqa: F811  # the fixture
    statements: list[str],
) -> None:
    revoked = {"Authorization": f"Bearer {await make_key('litestore', revoked=True)}"}
    answers = [await client.post("/graphql", json=CHEAP, headers=revoked) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {401}
    statements.clear()
    for path in ("/graphql", "/api/products"):
        answer = await client.get(path, params=CHEAP, headers=revoked)
        assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "RATE_LIMITED"  # the key's form tells the dialect
    assert statements == []
    good = {"Authorization": f"Bearer {await make_key(None)}"}
    assert (await client.post("/graphql", json=CHEAP, headers=good)).status_code == 200


async def test_health_is_answered_whoever_asks_how_often(client: httpx.AsyncClient) -> None:
    for _ in range(50):
        assert (await client.get("/livez")).status_code == 200


async def test_a_refusal_is_counted_and_logged(
    client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(4):
        await client.post("/graphql", json=CHEAP)
    assert "rate_limited" in capfd.readouterr().out
    metrics = (await client.get("/metrics")).text
    assert 'storegraph_requests_refused_total{reason="rate_limited"} 1.0' in metrics


async def test_limits_can_be_turned_off_but_not_those_on_guessing(
    limited: Resources, counted: Counted
) -> None:
    free = replace(limited, settings=limited.settings.changed({"rate_limits": False}))
    transport = httpx.ASGITransport(create_app(free))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        for _ in range(10):
            assert (await client.post("/graphql", json=CHEAP)).status_code == 200
    attempts = Attempts(free.ports.limiter, b"a secret of the tests")
    caller = caller_of(ANONYMOUS, "192.0.2.1")
    found = [await attempts.allow(SIGN_IN, caller, "anna@example.com") for _ in range(6)]
    assert [refusal is None for refusal in found] == [True] * 5 + [False]
