"""Keys with networks, passwords and small reach, through the whole application."""

from base64 import b64encode
from typing import Any

import httpx
import pytest

from commerce.app import create_app
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from commerce.runtime import Resources
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.rules.key_terms import KeyTerms
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey

GRAPHQL = {"query": "{ products(first: 1) { nodes { id } } }"}
FORBIDDEN = {"query": "{ stockLocations { nodes { id } } }"}


async def issue(uow: UnitOfWork, *, password: bool = False, **terms: Any) -> IssuedKey:
    service = ApiKeyService(ApiKeyRepository(uow), system_clock)
    terms = {"scopes": frozenset({Scope.READ_PRODUCTS}), **terms}
    issued = await service.issue(KeyTerms("test", **terms), with_password=password)
    assert isinstance(issued, IssuedKey)
    return issued


def calling_from(resources: Resources, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(resources), client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://store.test")


def basic(key: str, password: str | None) -> dict[str, str]:
    text = key if password is None else f"{key}:{password}"
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("address", "status"), [("192.0.2.8", 200), ("192.0.3.8", 401), ("2001:db8::1", 401)]
)
async def test_a_key_is_good_from_its_networks_alone(
    resources: Resources, uow: UnitOfWork, address: str, status: int
) -> None:
    key = (await issue(uow, dialect="cartino", allowed_ips=("192.0.2.0/24",))).text
    bearer = {"Authorization": f"Bearer {key}"}
    async with calling_from(resources, address) as client:
        assert (await client.get("/api/v1/products", headers=bearer)).status_code == status
        assert (await client.post("/graphql", json=GRAPHQL, headers=bearer)).status_code == status


async def test_a_forwarded_address_is_believed_from_no_stranger(
    resources: Resources, uow: UnitOfWork
) -> None:
    key = (await issue(uow, dialect="cartino", allowed_ips=("192.0.2.0/24",))).text
    headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": "192.0.2.8"}
    async with calling_from(resources, "198.51.100.1") as client:
        assert (await client.get("/api/v1/products", headers=headers)).status_code == 401


async def test_a_key_refused_elsewhere_stays_good_at_home(
    resources: Resources, uow: UnitOfWork
) -> None:
    key = (await issue(uow, dialect="cartino", allowed_ips=("192.0.2.0/24",))).text
    bearer, app = {"Authorization": f"Bearer {key}"}, create_app(resources)
    answers = {}
    for address in ("198.51.100.1", "192.0.2.8"):
        transport = httpx.ASGITransport(app, client=(address, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
            for _ in range(25):
                answers[address] = await client.get("/api/v1/products", headers=bearer)
    assert answers["198.51.100.1"].status_code != 200
    assert answers["192.0.2.8"].status_code == 200


async def test_cartino_compares_the_password_of_a_key_that_has_one(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    guarded = await issue(uow, password=True, dialect="cartino")
    plain = await issue(uow, dialect="cartino")
    for key, password, status in (
        (guarded.text, guarded.password, 200),
        (guarded.text, "wrong", 401),
        (guarded.text, None, 401),
        (plain.text, "anything", 200),
        (plain.text, None, 200),
    ):
        answer = await client.get("/api/v1/products", headers=basic(key, password))
        assert answer.status_code == status
    bearer = {"Authorization": f"Bearer {guarded.text}"}
    assert (await client.get("/api/v1/products", headers=bearer)).status_code == 401


async def test_a_public_key_sees_what_visitors_see(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    issued = await issue(uow, dialect="ecwid", is_public=True, scopes=frozenset())
    bearer = {"Authorization": f"Bearer {issued.text}"}
    assert (await client.post("/graphql", json=GRAPHQL, headers=bearer)).status_code == 200
    refused = (await client.post("/graphql", json=FORBIDDEN, headers=bearer)).json()
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
