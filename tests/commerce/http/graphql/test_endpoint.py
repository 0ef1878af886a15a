from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from commerce.http.middleware.gate import ANONYMOUS_BODY
from commerce.settings import Settings
from tests.support.shop_app import (
    AWAY,
    BEARER,
    CUSTOMER_KEY,
    JSON_HEADERS,
    MODERN,
    client_of,
    serving,
    shop_app,
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(shop_app(Settings(environment="production"))) as client:
        yield client


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_answers_a_query(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ viewer }"})
    assert response.status_code == 200
    cost = b'{"cost":{"requested":0,"limit":2000}}'
    assert response.content == b'{"data":{"viewer":"anonymous"},"extensions":%s}' % cost


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a number": b"1",
    "a string": b'"{ viewer }"',
    "true": b"true",
    "a list": b"[]",
    "a batch": b'[{"query":"{ viewer }"},{"query":"{ viewer }"}]',
    "a batch of null": b"[null]",
    "half an object": b'{"query":',
    "text after the object": b'{"query":"{ viewer }"} x',
    "nested too deep": b"[" * 100_000,
    "objects nested too deep": b'{"a":' * 20_000,
    "a number too long": b'{"query":"{ viewer }","variables":{"a":' + b"9" * 5_000 + b"}}",
    "an infinite number": b'{"query":"{ viewer }","variables":{"a":1e999}}',
    "not a number": b'{"query":"{ viewer }","variables":{"a":NaN}}',
    "bytes that are no UTF-8": b'{"query":"{ viewer \xff }"}',
    "UTF-16": '{"query":"{ viewer }"}'.encode("utf-16"),
    "half a surrogate pair": b'{"query":"{ echo(text: \\"\\ud800\\") }"}',
    "half a surrogate pair in a variable": b'{"query":"{ viewer }","variables":{"a":"\\udc00"}}',
    "NUL in a variable": b'{"query":"{ viewer }","variables":{"a":"\\u0000"}}',
    "NUL in the name of a variable": b'{"query":"{ viewer }","variables":{"\\u0000":1}}',
    "NUL in the query": b'{"query":"{ viewer\\u0000 }"}',
    "variables nested too deep": b'{"query":"{ viewer }","variables":'
    + b'{"a":' * 900
    + b"1"
    + b"}" * 901,
    "no query": b"{}",
    "query null": b'{"query":null}',
    "query a list": b'{"query":["{ viewer }"]}',
    "query twice, the last one wrong": b'{"query":"{ viewer }","query":1}',
    "variables a list": b'{"query":"{ viewer }","variables":[]}',
    "variables a string": b'{"query":"{ viewer }","variables":"{}"}',
    "operationName a number": b'{"query":"{ viewer }","operationName":1}',
    "operationName unknown": b'{"query":"{ viewer }","operationName":"X"}',
    "extensions a list": b'{"query":"{ viewer }","extensions":[]}',
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_any_body_is_answered_with_a_400(client: httpx.AsyncClient, name: str) -> None:
    response = await client.post("/graphql", content=MALFORMED[name], headers=MODERN)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("application/graphql-response+json")
    assert list(response.json()) == ["errors"]
    assert code(response) != "INTERNAL_SERVER_ERROR"


async def test_two_equal_keys_are_one(client: httpx.AsyncClient) -> None:
    body = b'{"query":"{ nope }","query":"{ viewer }"}'
    response = await client.post("/graphql", content=body, headers=JSON_HEADERS)
    assert response.json()["data"] == {"viewer": "anonymous"}


async def test_decimals_in_variables_stay_exact(client: httpx.AsyncClient) -> None:
    query = "query ($amount: Decimal!) { exactly(amount: $amount) }"
    body = b'{"query":"%s","variables":{"amount":123456789012.123456}}' % query.encode()
    response = await client.post("/graphql", content=body, headers=JSON_HEADERS)
    assert response.json()["data"] == {"exactly": "123456789012.123456"}


async def test_json_comes_back_as_it_was_sent(client: httpx.AsyncClient) -> None:
    value = {"a": [1, 2.5, 10**30, None, "ü"]}
    query = "query ($value: JSON!) { json(value: $value) }"
    response = await client.post("/graphql", json={"query": query, "variables": {"value": value}})
    assert response.json()["data"] == {"json": value}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/graphql-response+json",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
    ],
)
async def test_only_json_in_utf8_is_taken(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = await client.post("/graphql", content=b'{"query":"{ viewer }"}', headers=headers)
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"']
)
async def test_json_may_say_that_it_is_utf8(client: httpx.AsyncClient, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    response = await client.post("/graphql", content=b'{"query":"{ viewer }"}', headers=headers)
    assert response.status_code == 200


async def test_compressed_bodies_are_refused(client: httpx.AsyncClient) -> None:
    headers = {**JSON_HEADERS, "Content-Encoding": "gzip"}
    response = await client.post("/graphql", content=b"\x1f\x8b\x08", headers=headers)
    assert response.status_code == 415


LEGACY_TYPE = "application/json; charset=utf-8"
MODERN_TYPE = "application/graphql-response+json; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", LEGACY_TYPE),
        ("*/*", LEGACY_TYPE),
        ("application/*", LEGACY_TYPE),
        ("application/graphql-response+json", MODERN_TYPE),
        ("application/graphql-response+json, application/json", MODERN_TYPE),
        ("application/json, application/graphql-response+json", MODERN_TYPE),
        ("application/json, application/graphql-response+json;q=0.5", LEGACY_TYPE),
        ("application/graphql-response+json;charset=utf-8", MODERN_TYPE),
        ("text/html, application/json;q=0.1", LEGACY_TYPE),
        ("application/graphql-response+json;q=0, */*", LEGACY_TYPE),
        ("application/json;q=many", None),
        ("application/json;charset=utf-16", None),
        ("text/plain", None),
        ("text/html", None),
        ("application/json;q=0", None),
    ],
)
async def test_answers_in_the_type_that_is_accepted(
    client: httpx.AsyncClient, accept: str, content_type: str | None
) -> None:
    headers = {"Accept": accept}
    response = await client.post("/graphql", json={"query": "{ viewer }"}, headers=headers)
    if content_type is None:
        assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")
    else:
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)


async def test_without_a_wish_the_answer_is_plain_json(client: httpx.AsyncClient) -> None:
    request = client.build_request("POST", "/graphql", json={"query": "{ viewer }"})
    del request.headers["accept"]
    assert (await client.send(request)).headers["content-type"] == LEGACY_TYPE


@pytest.mark.parametrize(
    ("query", "modern", "legacy"),
    [
        ("{ viewer }", 200, 200),
        ("{ broken }", 200, 200),
        ("{", 400, 200),
        ("{ nope }", 400, 200),
        ("query A { viewer } query B { viewer }", 400, 200),
        ("query ($n: Int!) { goods(first: $n) { nodes { id } } }", 400, 200),
        ("{ good { " + "same { " * 20 + "id" + " }" * 22, 400, 400),
        ("{ thing { ... on Item { stock } } }", 401, 401),
        ("{ __schema { types { name } } }", 401, 401),
        ("{ away }", 503, 503),
    ],
)
async def test_statuses_follow_the_media_type(
    client: httpx.AsyncClient, query: str, modern: int, legacy: int, json_logs: None
) -> None:
    for accept, status in [("application/graphql-response+json", modern), ("*/*", legacy)]:
        headers = {"Accept": accept}
        response = await client.post("/graphql", json={"query": query}, headers=headers)
        assert response.status_code == status
        assert ("data" in response.json()) is (query in {"{ viewer }", "{ broken }"})


async def test_a_503_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ away }"})
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


def url(**parameters: str) -> str:
    return "/graphql?" + "&".join(f"{name}={quote(value)}" for name, value in parameters.items())


async def test_get_answers_queries(client: httpx.AsyncClient) -> None:
    query = "query A($id: ID!) { good(id: $id) { id } } query B { viewer }"
    address = url(query=query, variables='{"id":"7"}', operationName="A")
    assert (await client.get(address)).json()["data"] == {"good": {"id": "7"}}


@pytest.mark.parametrize("variables", ["", "null", "{}"])
async def test_get_needs_no_variables(client: httpx.AsyncClient, variables: str) -> None:
    assert (await client.get(url(query="{ viewer }", variables=variables))).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/graphql",
        "/graphql?query=",
        "/graphql?query=%FF",
        "/graphql?query=%7Bviewer%7D&query=%7Bviewer%7D",
        url(query="{ viewer }", variables="["),
        url(query="{ viewer }", variables="[]"),
        url(query="{ viewer }", variables='"x"'),
        url(query="{ viewer }", extensions="1"),
        "/graphql?" + "&".join(f"a{n}=1" for n in range(50)),
    ],
)
async def test_get_refuses_what_it_cannot_read(client: httpx.AsyncClient, address: str) -> None:
    response = await client.get(address, headers={"Accept": "application/graphql-response+json"})
    assert response.status_code == 400


async def test_get_changes_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get(url(query="mutation { change { id } }"))
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    named = url(query="query A { viewer } mutation B { change { id } }", operationName="B")
    assert (await client.get(named)).status_code == 405


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
async def test_other_methods_are_not_allowed(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", content=b"x")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


async def test_options_lists_the_methods(client: httpx.AsyncClient) -> None:
    response = await client.options("/graphql")
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert "access-control-allow-origin" not in response.headers


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_a_browser_sees_a_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", headers={"Accept": BROWSER})
    assert response.text == "<title>GraphiQL</title>"


async def test_a_browser_that_asks_a_query_gets_its_answer(client: httpx.AsyncClient) -> None:
    response = await client.get(url(query="{ viewer }"), headers={"Accept": BROWSER})
    assert response.json()["data"] == {"viewer": "anonymous"}


async def test_a_key_makes_a_viewer(client: httpx.AsyncClient) -> None:
    body = {"query": "{ viewer thing { ... on Item { stock } } }"}
    response = await client.post("/graphql", json=body, headers=BEARER)
    assert response.json()["data"] == {"viewer": "api_key:7", "thing": {"stock": 1}}


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer nobody",
        "Bearer",
        "Bearer ",
        "Basic a2V5OnB3",
        "ck_live_x",
        "Bearer a b",
        "Bearer \xe4",
    ],
)
async def test_a_bad_key_is_never_nobody(client: httpx.AsyncClient, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("latin-1")}
    response = await client.post("/graphql", json={"query": "{ viewer }"}, headers=headers)
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_customer_sends_no_more_than_a_stranger(client: httpx.AsyncClient) -> None:
    customer = {"Authorization": f"Bearer {CUSTOMER_KEY}"}
    start = b'{"query":"{ viewer }"'
    for headers, size, status in [
        (customer, ANONYMOUS_BODY, 200),
        (customer, ANONYMOUS_BODY + 1, 413),
        (BEARER, ANONYMOUS_BODY + 1, 200),
    ]:
        content = start + b" " * (size - len(start) - 1) + b"}"
        response = await client.post("/graphql", content=content, headers=JSON_HEADERS | headers)
        assert response.status_code == status


async def test_two_keys_are_none(client: httpx.AsyncClient) -> None:
    headers = [("Authorization", BEARER["Authorization"])] * 2
    response = await client.post("/graphql", json={"query": "{ viewer }"}, headers=headers)
    assert response.status_code == 401


async def test_a_key_that_cannot_be_looked_up_is_a_503(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {AWAY}"}
    response = await client.post("/graphql", json={"query": "{ viewer }"}, headers=headers)
    assert (response.status_code, code(response)) == (503, "UNAVAILABLE")


async def test_over_a_real_socket(json_logs: None) -> None:
    body = {"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": "ü" * 1_000}}
    async with serving(shop_app()) as (host, port), httpx.AsyncClient() as client:
        address = f"http://{host}:{port}/graphql"
        for _ in range(3):
            response = await client.post(address, json=body)
            assert response.json()["data"] == {"echo": "ü" * 1_000}
        head = await client.head(address, params={"query": "{ viewer }"})
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) > 20
        assert "server" not in head.headers


@pytest.mark.parametrize(
    "body", [1, "x", None, [1], {"query": {}}, {"query": "{ viewer }", "variables": 1}]
)
async def test_no_value_is_a_server_error(client: httpx.AsyncClient, body: Any) -> None:
    response = await client.post("/graphql", content=orjson.dumps(body), headers=JSON_HEADERS)
    assert response.status_code == 400
