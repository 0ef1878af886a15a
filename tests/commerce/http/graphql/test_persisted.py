"""Documents by their hash, as clients send them: Apollo's protocol, and the specification's."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from commerce.core.db import OpenUnit
from commerce.http.graphql.manifest import Manifest, hash_of
from commerce.http.metrics import Metrics
from commerce.settings import Settings
from tests.support.shop_app import BEARER, MODERN, client_of, shop_app

QUERY = "query Good($id: ID!) { good(id: $id) { id } }"
MUTATION = "mutation Change { change { id } }"
SECRET = "query Stock { thing { ... on Item { stock } } }"
ONE = "query One { one }"
MODERN_ACCEPT = {"Accept": MODERN["Accept"]}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(shop_app(Settings(environment="production"))) as client:
        yield client


def persisted(text: str, **others: Any) -> dict[str, Any]:
    hashed = {"version": 1, "sha256Hash": hash_of(text)}
    return {"extensions": {"persistedQuery": hashed | others}}


def address(**parameters: Any) -> str:
    texts = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in parameters.items()
    }
    return "/graphql?" + "&".join(f"{name}={quote(text)}" for name, text in texts.items())


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_a_client_sends_a_text_once_and_its_hash_from_then_on(
    client: httpx.AsyncClient,
) -> None:
    asked = {**persisted(QUERY), "variables": {"id": "7"}}
    unknown = await client.post("/graphql", json=asked)
    assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    registered = await client.post("/graphql", json={**asked, "query": QUERY})
    assert registered.json()["data"] == {"good": {"id": "7"}}
    assert (await client.post("/graphql", json=asked)).json()["data"] == {"good": {"id": "7"}}
    got = await client.get(address(**asked))
    assert got.json()["data"] == {"good": {"id": "7"}}
    named = await client.get(address(documentId=f"sha256:{hash_of(QUERY)}", variables={"id": "8"}))
    assert named.json()["data"] == {"good": {"id": "8"}}


async def test_the_modern_media_type_has_a_status_for_an_unknown_hash(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get(address(**persisted(QUERY)), headers=MODERN_ACCEPT)
    assert (response.status_code, code(response)) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_get_registers_too(client: httpx.AsyncClient) -> None:
    asked = {**persisted(QUERY), "variables": {"id": "7"}}
    assert (await client.get(address(**asked, query=QUERY))).status_code == 200
    assert "data" in (await client.get(address(**asked))).json()


async def test_a_hash_of_a_mutation_is_not_for_get(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": MUTATION, **persisted(MUTATION)})
    assert response.status_code == 200
    assert (await client.get(address(**persisted(MUTATION)))).status_code == 405


async def test_a_hash_gives_no_rights(client: httpx.AsyncClient) -> None:
    asked = persisted(SECRET)
    known = await client.post("/graphql", json={**asked, "query": SECRET}, headers=BEARER)
    assert known.json()["data"] == {"thing": {"stock": 1}}
    assert (await client.post("/graphql", json=asked)).status_code == 401


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": None},
        {"documentId": 1},
        {"documentId": ""},
        {"documentId": "md5:" + "0" * 64},
        {"documentId": "sha256:" + "0" * 63},
        {"documentId": "sha256:" + "A" * 64},
        {"documentId": "0" * 64, "query": QUERY},
        {"extensions": {"persistedQuery": 1}},
        {"extensions": {"persistedQuery": {}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ["0" * 64]}}},
        {"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}},
        {**persisted(QUERY, version=2)},
        {**persisted(QUERY), "query": 1},
        {"extensions": {"persistedQuery": None}},
    ],
)
async def test_a_hash_that_is_none_is_refused(
    client: httpx.AsyncClient, asked: dict[str, Any]
) -> None:
    response = await client.post("/graphql", json=asked)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


async def test_a_wrong_hash_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={**persisted(MUTATION), "query": QUERY})
    assert (response.status_code, code(response)) == (400, "PERSISTED_QUERY_HASH_MISMATCH")


async def test_extensions_of_others_are_left_alone(client: httpx.AsyncClient) -> None:
    body = {"query": "{ viewer }", "extensions": {"clientLibrary": {"name": "x"}}}
    assert (await client.post("/graphql", json=body)).json()["data"] == {"viewer": "anonymous"}


async def test_a_browser_that_asks_by_hash_gets_an_answer(client: httpx.AsyncClient) -> None:
    for asked in (persisted(QUERY), {"documentId": hash_of(QUERY)}):
        response = await client.get(address(**asked), headers={"Accept": "text/html, */*;q=0.8"})
        assert code(response) == "PERSISTED_QUERY_NOT_FOUND"


async def test_caches_keep_neither_failures_nor_what_a_key_sees(client: httpx.AsyncClient) -> None:
    asked = {**persisted(QUERY), "variables": {"id": "7"}}
    unknown = await client.get(address(**asked))
    assert unknown.headers["cache-control"] == "no-store"
    await client.post("/graphql", json={**asked, "query": QUERY})
    assert "cache-control" not in (await client.get(address(**asked))).headers
    keyed = await client.get(address(**asked), headers=BEARER)
    assert keyed.headers["cache-control"] == "no-store"


def trusted(*texts: str, required: bool = True) -> Manifest:
    return Manifest({hash_of(text): text for text in texts}, required, "documents.json")


async def test_required_documents_are_answered_and_nothing_else(
    open_unit: OpenUnit, statements: list[str]
) -> None:
    app = shop_app(open_unit=open_unit, manifest=trusted(ONE, MUTATION))
    async with client_of(app) as client:
        known = [
            await client.post("/graphql", json={"documentId": f"sha256:{hash_of(ONE)}"}),
            await client.get(address(documentId=hash_of(ONE))),
            await client.get(address(**persisted(ONE))),
            await client.post("/graphql", json={"query": ONE}),
        ]
        assert [response.json()["data"] for response in known] == [{"one": 1}] * 4
        assert len(statements) == 4
        unknown = [
            {"query": "query Two { one }"},
            {"query": "{ __schema { types { name } } }"},
            {"query": "query Two { one }", **persisted("query Two { one }")},
            {"documentId": "0" * 64},
            persisted("query Two { one }"),
        ]
        for asked in unknown:
            for headers in ({}, BEARER):
                response = await client.post("/graphql", json=asked, headers=headers)
                assert (response.status_code, code(response)) == (400, "UNTRUSTED_DOCUMENT")
        assert len(statements) == 4
        assert (await client.get(address(documentId=hash_of(MUTATION)))).status_code == 405


async def test_trusted_documents_keep_the_policies(client: httpx.AsyncClient) -> None:
    async with client_of(shop_app(manifest=trusted(SECRET))) as client:
        asked = {"documentId": hash_of(SECRET)}
        assert (await client.post("/graphql", json=asked)).status_code == 401
        assert (await client.post("/graphql", json=asked, headers=BEARER)).status_code == 200


async def test_trusted_documents_are_counted_by_name() -> None:
    metrics = Metrics()
    async with client_of(
        shop_app(metrics=metrics, manifest=trusted(ONE, required=False))
    ) as client:
        await client.post("/graphql", json={"documentId": hash_of(ONE)})
        await client.post("/graphql", json={"query": "query Invented { viewer }"})
    text = metrics.text().decode()
    assert 'storegraph_request_statements_count{operation="One",route="/graphql"} 1.0' in text
    assert "Invented" not in text
