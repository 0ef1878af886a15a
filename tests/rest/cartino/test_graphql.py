"""GraphQL at Cartino's paths: the sample of its document as it is written, and all else."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.exact_json import read_json
from commerce.core.viewer import Scope
from tests.rest.conftest import MakeKey
from tests.support.catalog import make_product, make_variant
from tests.support.store import Store

SAMPLE = """\
query {
  products(first: 10) {
    edges {
      node {
        id
        title
        variants {
          price
          inventory
        }
      }
    }
  }
}"""
PATHS = pytest.mark.parametrize("path", ["/api/graphql", "/api/v1/graphql", "/api/graphql/"])
Headers = Mapping[str, str]


@pytest.fixture
async def store(uow: UnitOfWork) -> Store:
    return await Store.open(uow)


@pytest.fixture
async def key(make_key: MakeKey) -> str:
    return await make_key("cartino")


@pytest.fixture
def bearer(key: str) -> Headers:
    return {"Authorization": f"Bearer {key}"}


async def asked(client: httpx.AsyncClient, query: str, headers: Headers, **more: Any) -> Any:
    response = await client.post("/api/graphql", json={"query": query, **more}, headers=headers)
    assert response.status_code == 200, response.text
    return read_json(response.content)


@PATHS
async def test_the_documents_sample_runs_as_it_is_written(
    store: Store, client: httpx.AsyncClient, key: str, path: str
) -> None:
    await store.sell("Cotton T-Shirt", "19.99", 100)
    basic = b64encode(f"{key}:whatever".encode()).decode()
    answers = [
        await client.post(path, json={"query": SAMPLE}, headers={"Authorization": f"Bearer {key}"}),
        await client.post(
            path, json={"query": SAMPLE}, headers={"Authorization": f"Basic {basic}"}
        ),
        await client.get(
            path, params={"query": SAMPLE}, headers={"Authorization": f"Bearer {key}"}
        ),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        (edge,) = answer.json()["data"]["products"]["edges"]
        assert edge["node"].pop("id")
        assert edge["node"] == {
            "title": "Cotton T-Shirt",
            "variants": [{"price": 19.99, "inventory": 100}],
        }
        assert b'"price":19.99,' in answer.content


async def test_a_price_is_printed_to_its_last_digit(
    store: Store, client: httpx.AsyncClient, bearer: Headers
) -> None:
    for title, amount in (("Long", "123456789012.123456"), ("Round", "50")):
        await store.sell(title, amount)
    response = await client.post("/api/graphql", json={"query": SAMPLE}, headers=bearer)
    assert b'"price":123456789012.123456,' in response.content
    assert b'"price":50.00,' in response.content


async def test_without_price_or_count_there_is_null(
    uow: UnitOfWork, client: httpx.AsyncClient, bearer: Headers
) -> None:
    product = await make_product(uow, "Talk")
    await make_variant(uow, product, track_stock=False)
    answer = await asked(client, SAMPLE, bearer)
    (edge,) = answer["data"]["products"]["edges"]
    assert edge["node"]["variants"] == [{"price": None, "inventory": None}]


@pytest.mark.parametrize("products", [1, 8])
async def test_statements_do_not_grow_with_the_page(
    store: Store,
    client: httpx.AsyncClient,
    bearer: Headers,
    statements: list[str],
    products: int,
) -> None:
    for number in range(products):
        product = await store.sell(f"Shirt {number}")
        for place in range(3):
            variant = await make_variant(store.uow, product, option_key=f"{place}")
            await store.offer(variant, "9.50", 4)
    await asked(client, "{ viewer { kind } }", bearer)  # the key is known from here on
    statements.clear()
    answer = await asked(client, SAMPLE, bearer)
    assert len(answer["data"]["products"]["edges"]) == products
    assert len(statements) == 4  # products, their variants, prices, stock


async def test_connections_work_as_they_do_in_the_schema(
    store: Store, client: httpx.AsyncClient, bearer: Headers
) -> None:
    await store.sell("Mug", "9.50")
    connection = (
        "{ products { edges { node { variants { edges { node { sku } } nodes { title } } } } } }"
    )
    for _ in range(2):
        answer = await asked(client, connection, bearer)
        (edge,) = answer["data"]["products"]["edges"]
        assert len(edge["node"]["variants"]["edges"]) == 1
    mixed = "{ products { nodes { variants { price edges { node { sku } } } } } }"
    refused = await asked(client, mixed, bearer)
    assert refused["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_everything_else_of_the_schema_is_there(
    store: Store, client: httpx.AsyncClient, bearer: Headers
) -> None:
    product = await store.sell("Mug", "9.50", 3)
    query = """query ($id: ID!) {
      node(id: $id) { ... on Product { ...Parts } }
      search(query: "mug") { nodes { variants { inventory product { title } } } }
    }
    fragment Parts on Product { options { name } variants { price selectedOptions { value } } }"""
    shown = await asked(client, "{ products { nodes { id databaseId } } }", bearer)
    (node,) = shown["data"]["products"]["nodes"]
    assert node["databaseId"] == product.id
    answer = await asked(client, query, bearer, variables={"id": node["id"]})
    assert answer["data"]["search"]["nodes"] == [
        {"variants": [{"inventory": 3, "product": {"title": "Mug"}}]}
    ]
    assert answer["data"]["node"]["variants"][0]["price"] == 9.5


async def test_changes_are_answered_in_the_same_view(
    store: Store, client: httpx.AsyncClient, bearer: Headers
) -> None:
    product = await store.sell("Mug", "123456789012.120000")
    shown = await asked(client, "{ products { nodes { id } } }", bearer)
    (node,) = shown["data"]["products"]["nodes"]
    change = """mutation ($id: ID!) {
      productUpdate(input: { id: $id, title: "Cup" }) {
        product { title variants { price } } userErrors { code }
      }
    }"""
    sent = {"query": change, "variables": node}
    keyed = {**bearer, "Idempotency-Key": "once"}
    first = await client.post("/api/graphql", json=sent, headers=keyed)
    again = await client.post("/api/graphql", json=sent, headers=keyed)
    assert first.status_code == 200, first.text
    assert b'"price":123456789012.12}' in first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert read_json(again.content)["data"] == read_json(first.content)["data"]
    assert product.title == "Mug"


async def test_it_tells_its_own_types(client: httpx.AsyncClient, bearer: Headers) -> None:
    query = """{
      product: __type(name: "Product") { fields { name type { kind ofType { kind } } } }
      variant: __type(name: "ProductVariant") { fields { name type { name } } }
    }"""
    answer = (await asked(client, query, bearer))["data"]
    kinds = {field["name"]: field["type"] for field in answer["product"]["fields"]}
    assert kinds["variants"] == {"kind": "NON_NULL", "ofType": {"kind": "LIST"}}
    names = {field["name"]: field["type"]["name"] for field in answer["variant"]["fields"]}
    assert (names["price"], names["inventory"]) == ("Float", "Int")
    elsewhere = await client.post("/graphql", json={"query": query}, headers=bearer)
    fields = elsewhere.json()["data"]["variant"]["fields"]
    assert "inventory" not in {field["name"] for field in fields}


async def test_stock_is_for_keys_that_may_read_it(
    store: Store, client: httpx.AsyncClient, make_key: MakeKey
) -> None:
    await store.sell("Mug")
    headers = {"Authorization": f"Bearer {await make_key('cartino', Scope.READ_PRODUCTS)}"}
    refused = await client.post("/api/graphql", json={"query": SAMPLE}, headers=headers)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["extensions"]["code"]) == (403, "FORBIDDEN")
    assert (
        error["message"] == "ProductVariant.inventory needs an API key with the scope read_stock."
    )
    answer = await asked(client, SAMPLE.replace("inventory", "sku"), headers)
    assert answer["data"]["products"]["edges"]


@pytest.mark.parametrize("size", [1, 10, 98, 99, 100])
async def test_a_key_gets_the_sample_in_pages_of_any_size(
    client: httpx.AsyncClient, bearer: Headers, size: int
) -> None:
    answer = await asked(client, SAMPLE.replace("10", str(size)), bearer)
    assert answer["extensions"]["cost"]["requested"] == 2 + size * (1 + 50)


async def test_lists_within_lists_may_still_cost_too_much(
    client: httpx.AsyncClient, bearer: Headers
) -> None:
    deep = SAMPLE.replace("10", "100").replace("price", "price pricing { price { amount } }")
    dear = await client.post("/api/graphql", json={"query": deep}, headers=bearer)
    assert dear.json()["errors"][0]["extensions"]["limit"]["name"] == "cost"


@PATHS
async def test_what_is_refused_before_wears_cartinos_envelope(
    client: httpx.AsyncClient, bearer: Headers, make_key: MakeKey, path: str
) -> None:
    other = {"Authorization": f"Bearer {await make_key('litestore')}"}
    plain = {**bearer, "Content-Type": "text/plain"}
    newer = {**bearer, "Accept": "application/vnd.cartino.v2+json"}
    calls: list[tuple[httpx.Response, int, Any]] = [
        (await client.post(path, json={"query": SAMPLE}), 401, "Unauthenticated."),
        (await client.post(path, json={"query": SAMPLE}, headers=other), 401, "Unauthenticated."),
        (await client.post(path, content="{}", headers=plain), 415, None),
        (await client.post(path, json={"query": SAMPLE}, headers=newer), 406, None),
        (await client.put(path, json={}, headers=bearer), 405, "Method Not Allowed"),
        (await client.post(path, content=b"x" * 2_000_000, headers=bearer), 413, None),
    ]
    for response, status, message in calls:
        assert response.status_code == status, response.text
        body = response.json()
        assert set(body) == {"message"}
        assert message in (None, body["message"])
