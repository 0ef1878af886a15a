"""What scanners of GraphQL servers look for, and what a foreign page can make a browser send."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import text

from commerce.app import create_app
from commerce.core.db import UnitOfWork
from commerce.runtime import Resources
from tests.conftest import EVERYTHING, Ask

FOREIGN = {"Origin": "https://evil.example"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
CREATE = 'mutation { brandUpsert(input: { name: "Forged" }) { brand { id } userErrors { code } } }'


@pytest.fixture
async def production(resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    settings = resources.settings.changed({"environment": "production", "rate_limits": False})
    transport = httpx.ASGITransport(create_app(replace(resources, settings=settings)))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield client


async def asked(client: httpx.AsyncClient, query: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query})


def refused(response: httpx.Response) -> bool:
    return response.status_code in range(400, 500) and "data" not in response.json()


INTROSPECTION = """{ __schema { queryType { name } types {
  name fields { name type { name ofType { name } } }
} } }"""
OVERLOADS = {
    "aliases": "query cop { " + " ".join(f"a{n}: __typename" for n in range(101)) + " }",
    "one field, again and again": "query cop { " + "__typename " * 500 + "}",
    "directives": "query cop { __typename " + "@include(if: true) " * 50 + "}",
    "unknown directives": "query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }",
    "circles through the schema": "query cop { __schema { types { fields { type { fields { type { "
    "fields { type { fields { name } } } } } } } } } }",
    "the whole schema": INTROSPECTION,
    "one type of it": '{ __type(name: "Product") { fields { name } } }',
}


@pytest.mark.parametrize("name", OVERLOADS)
async def test_overloads_and_introspection_are_refused(
    production: httpx.AsyncClient, statements: list[str], name: str
) -> None:
    statements.clear()
    response = await asked(production, OVERLOADS[name])
    assert response.json()["errors"]
    assert "data" not in response.json()
    assert statements == []


async def test_batches_are_refused(production: httpx.AsyncClient, statements: list[str]) -> None:
    statements.clear()
    for size in (1, 2, 10, 1_000):
        response = await production.post("/graphql", json=[{"query": "{ __typename }"}] * size)
        assert (response.status_code, refused(response)) == (400, True)
    assert statements == []


@pytest.mark.parametrize("query", ["{ product { titel } }", "{ prodcts { nodes { id } } }"])
async def test_no_field_is_suggested(production: httpx.AsyncClient, query: str) -> None:
    response = await asked(production, query)
    assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in response.text


@pytest.mark.parametrize("path", ["/graphql", "/graphiql", "/graphql/", "/playground", "/console"])
async def test_there_is_no_query_editor(production: httpx.AsyncClient, path: str) -> None:
    response = await production.get(path, headers=BROWSER)
    assert response.status_code in {307, 404}
    assert "<script" not in response.text


async def test_no_trace_and_no_insides_are_told(production: httpx.AsyncClient) -> None:
    headers = {"X-Apollo-Tracing": "1", "apollo-federation-include-trace": "ftv1"}
    fine = await production.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert set(fine.json()["extensions"]) == {"cost"}
    for body in (b"qwerty", b'{"query":1}', b'{"query":"query { @@@"}'):
        response = await production.post(
            "/graphql", content=body, headers={"Content-Type": "application/json"}
        )
        assert response.json()["errors"]
        for word in ("Traceback", "exception", "stack", ".py"):
            assert word not in response.text


async def test_get_changes_nothing(production: httpx.AsyncClient, uow: UnitOfWork) -> None:
    response = await production.get(f"/graphql?query={quote(CREATE)}")
    assert response.status_code in {401, 405}
    assert await uow.scalar(text("SELECT count(*) FROM brands")) == 0


async def test_get_answers_to_foreign_pages_cannot_be_read(production: httpx.AsyncClient) -> None:
    response = await production.get("/graphql?query={__typename}", headers=FOREIGN)
    assert response.json()["data"] == {"__typename": "Query"}
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"


# What a page can send across origins without asking first.
SIMPLE: dict[str, Any] = {
    "text": {"content": b'{"query": "%s"}', "headers": {"Content-Type": "text/plain"}},
    "a form": {"data": {"query": CREATE}},
    "a form with a file": {"files": {"query": (None, CREATE)}},
    "a form with an upload": {
        "files": {
            "operations": (None, '{"query": "mutation ($f: Upload) { x }"}'),
            "map": (None, '{"0": ["variables.f"]}'),
            "0": ("a.txt", b"x"),
        }
    },
    "nothing said": {"content": b'{"query": "{ __typename }"}'},
    "JSON called text": {
        "content": b'{"query": "{ __typename }"}',
        "headers": {"Content-Type": "text/plain; application/json"},
    },
    "bytes": {
        "content": b'{"query": "{ __typename }"}',
        "headers": {"Content-Type": "application/octet-stream"},
    },
}


@pytest.mark.parametrize("name", SIMPLE)
async def test_what_a_foreign_page_can_send_unasked_is_refused(
    production: httpx.AsyncClient, uow: UnitOfWork, statements: list[str], name: str
) -> None:
    sent = dict(SIMPLE[name])
    headers = {**FOREIGN, "Cookie": "session=x", **sent.pop("headers", {})}
    statements.clear()
    response = await production.post("/graphql", headers=headers, **sent)
    assert (response.status_code, refused(response)) == (415, True)
    assert "access-control-allow-origin" not in response.headers
    assert statements == []
    assert await uow.scalar(text("SELECT count(*) FROM brands")) == 0


async def test_a_cookie_is_nobody(production: httpx.AsyncClient, ask: Ask) -> None:
    headers = {"Cookie": "session=x; token=y; Authorization=Bearer z"}
    response = await production.post("/graphql", json={"query": CREATE}, headers=headers)
    assert response.status_code == 401
    assert "set-cookie" not in response.headers
    assert (await ask(CREATE, viewer=EVERYTHING))["data"]["brandUpsert"]["userErrors"] == []


@pytest.mark.parametrize("header", ["content-type", "authorization", "x-api-key"])
async def test_a_foreign_page_that_asks_first_is_told_no(
    production: httpx.AsyncClient, header: str
) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": header}
    response = await production.options("/graphql", headers={**FOREIGN, **asking})
    assert not any(name.startswith("access-control-") for name in response.headers)
