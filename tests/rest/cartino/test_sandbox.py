"""Versions of Cartino's API, and its sandboxes: servers of their own with keys of their own."""

from dataclasses import replace

import httpx
import pytest

from commerce.app import create_app
from commerce.authentication import Authenticator
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.runtime import Resources
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey
from tests.rest.conftest import MakeKey
from tests.support.services import PORTS

REFUSED = {"message": "This is not the sandbox: nothing was done."}


@pytest.fixture
def sandbox(resources: Resources) -> httpx.AsyncClient:
    """A second server, over the same database: as if one had been copied."""
    authenticator = Authenticator(
        resources.open_unit, system_clock, PORTS.access_tokens, sandbox=True
    )
    settings = resources.settings.changed({"sandbox": True})
    other = replace(resources, settings=settings, authenticator=authenticator)
    transport = httpx.ASGITransport(create_app(other))
    return httpx.AsyncClient(transport=transport, base_url="http://store.test")


@pytest.fixture
async def trial_key(uow: UnitOfWork) -> str:
    service = ApiKeyService(ApiKeyRepository(uow), system_clock, sandbox=True)
    issued = await service.create("test", frozenset(Scope), "cartino")
    assert isinstance(issued, IssuedKey)
    rotated = await service.rotate(issued.row.id)
    assert isinstance(rotated, IssuedKey)
    assert rotated.text.startswith("sk_test_")
    return issued.text


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("path", ["/api/products", "/api/v1/products"])
async def test_keys_are_good_for_the_shop_or_for_its_sandbox(
    client: httpx.AsyncClient,
    sandbox: httpx.AsyncClient,
    make_key: MakeKey,
    trial_key: str,
    path: str,
) -> None:
    live = await make_key("cartino")
    assert (live[:8], trial_key[:8]) == ("sk_live_", "sk_test_")
    statuses = [
        (await server.get(path, headers=bearer(key))).status_code
        for server in (client, sandbox)
        for key in (live, trial_key)
    ]
    assert statuses == [200, 401, 401, 200]
    other = await make_key("litestore")
    asked = {**bearer(other), "X-Api-Dialect": "litestore"}
    assert (await sandbox.get("/api/products", headers=asked)).status_code == 200


@pytest.mark.parametrize(
    "marks",
    [{"X-Cartino-Sandbox": "true"}, {"X-Cartino-Sandbox": " 1"}, {"Host": "sandbox.a.test"}],
)
async def test_who_wants_the_sandbox_does_nothing_real(
    client: httpx.AsyncClient,
    sandbox: httpx.AsyncClient,
    make_key: MakeKey,
    trial_key: str,
    marks: dict[str, str],
) -> None:
    headers = {**bearer(await make_key("cartino")), **marks}
    refused = await client.get("/api/v1/products", headers=headers)
    assert (refused.status_code, refused.json()) == (400, REFUSED)
    query = {"query": "{ products { nodes { id } } }"}
    refused = await client.post("/api/graphql", json=query, headers=headers)
    assert (refused.status_code, refused.json()) == (400, REFUSED)
    served = await sandbox.get("/api/v1/products", headers={**bearer(trial_key), **marks})
    assert served.status_code == 200


async def test_not_wanting_it_is_no_mark(client: httpx.AsyncClient, make_key: MakeKey) -> None:
    headers = {**bearer(await make_key("cartino")), "X-Cartino-Sandbox": "false"}
    assert (await client.get("/api/v1/products", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/api/v1/products", "application/json", 200),
        ("/api/products", "application/vnd.cartino.v1+json", 200),
        ("/api/v1/products", "application/vnd.cartino.v1+json, application/json", 200),
        ("/api/products", "application/vnd.cartino.v2+json", 406),
        ("/api/v1/products", "application/vnd.cartino.v2+json", 406),
        ("/api/v2/products", "application/json", 404),
        ("/api/v2/products", "application/vnd.cartino.v1+json", 404),
    ],
)
async def test_there_is_one_version(
    client: httpx.AsyncClient, make_key: MakeKey, path: str, accept: str, status: int
) -> None:
    headers = {**bearer(await make_key("cartino")), "Accept": accept}
    answer = await client.get(path, headers=headers)
    assert (answer.status_code, answer.headers["X-Api-Dialect"]) == (status, "cartino")
    assert answer.headers["Content-Type"] == "application/json"
    if status != 200:
        assert set(answer.json()) == {"message"}
