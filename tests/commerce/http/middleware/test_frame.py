import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from commerce.http.metrics import Metrics
from commerce.settings import Settings
from tests.support.shop import CANARY
from tests.support.shop_app import BEARER, KEY, client_of, shop_app


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def client(metrics: Metrics, json_logs: None) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(shop_app(metrics=metrics)) as client:
        yield client


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("given", ["order-17", "0af7651916cd43dd8448eb211c80319c", "a" * 128])
async def test_a_sane_request_id_is_kept(client: httpx.AsyncClient, given: str) -> None:
    response = await client.get("/livez", headers={"X-Request-Id": given})
    assert response.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "x\ty", 'say "hi"', "ü"])
async def test_any_other_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    headers = {"X-Request-Id": given.encode("latin-1")}
    response = await client.get("/livez", headers=headers)
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


async def test_each_request_has_its_own(client: httpx.AsyncClient) -> None:
    ids = {(await client.get("/livez")).headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20


async def test_one_line_per_request(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.post(
        "/graphql",
        json={"query": "query Named { one again: one }", "variables": {"secret": CANARY}},
        headers={**BEARER, "X-Request-Id": "order-17"},
    )
    (line,) = lines(capsys)
    assert line.pop("ms") >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "order-17",
        "method": "POST",
        "path": "/graphql",
        "route": "/graphql",
        "operation": "Named",
        "status": 200,
        "statements": 2,
        "viewer": "api_key:7",
    }


async def test_a_refusal_is_on_the_line(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.post("/graphql", json={"query": "{ goods(first: 100) { nodes { " + "id } } }" * 1})
    await client.post("/graphql", json={"query": "{ " + "viewer " * 40 + "}"})
    await client.get("/nowhere/17")
    first, second, third = lines(capsys)
    assert "refused" not in first
    assert (second["status"], second["refused"]) == (200 + 200, "root_fields")
    assert (third["status"], third["route"], third["path"]) == (404, "unmatched", "/nowhere/17")


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", f"/graphql?query=%7Bviewer%7D&variables=%7B%22a%22%3A%22{CANARY}%22%7D", b""),
        ("GET", f"/graphql?query=%7Becho(text%3A%22{CANARY}%22)%7D", b""),
        ("GET", f"/slow/0?X-API-KEY={CANARY}", b""),
        ("POST", "/graphql", b'{"query":"{ echo(text: \\"%s\\") }"}' % CANARY.encode()),
        ("POST", "/graphql", b'{"query":"{ viewer","variables":{"a":"%s"}}' % CANARY.encode()),
        (
            "POST",
            "/graphql",
            b'{"query":"query($v: Int!) { goods(first: $v) { nodes { id } } }",'
            b'"variables":{"v":"%s"}}' % CANARY.encode(),
        ),
        ("POST", "/graphql", CANARY.encode()),
    ],
)
async def test_what_was_asked_is_never_logged(
    client: httpx.AsyncClient,
    capsys: pytest.CaptureFixture[str],
    method: str,
    path: str,
    content: bytes,
) -> None:
    headers = {
        "Content-Type": "application/json",
        "Cookie": CANARY,
        "Authorization": f"Bearer {KEY}",
    }
    await client.request(method, path, content=content, headers=headers)
    await client.request(
        method, path, content=content, headers={**headers, "Authorization": CANARY}
    )
    logged = capsys.readouterr().err
    assert logged.count('"event":"request"') == 2
    assert CANARY not in logged
    assert KEY not in logged


async def test_every_answer_is_told_how_to_be_treated(client: httpx.AsyncClient) -> None:
    for path in ["/livez", "/nowhere", "/broken"]:
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["vary"] == "Accept, Authorization, X-API-Key, X-Guest-Token"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "strict-transport-security" not in headers


async def test_https_stays_https(metrics: Metrics) -> None:
    transport = httpx.ASGITransport(shop_app(metrics=metrics))
    async with httpx.AsyncClient(transport=transport, base_url="https://shop") as client:
        headers = (await client.get("/livez")).headers
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        (BEARER, ""),
        ({"X-API-Key": "x"}, ""),
        ({"X-Guest-Token": "x"}, ""),
        ({}, "?X-API-KEY=x"),
        ({}, "?a=1&x-api-key=x"),
    ],
)
async def test_answers_to_a_key_are_not_stored(
    client: httpx.AsyncClient, headers: dict[str, str], query: str
) -> None:
    response = await client.get("/slow/0" + query, headers=headers)
    assert response.headers["cache-control"] == "no-store"


async def test_answers_to_strangers_say_nothing_of_storing(client: httpx.AsyncClient) -> None:
    assert "cache-control" not in (await client.get("/slow/0")).headers


async def test_requests_are_counted_by_route_and_not_by_what_clients_invent(
    client: httpx.AsyncClient, metrics: Metrics
) -> None:
    for n in range(30):
        await client.post("/graphql", json={"query": f"query Invented{n} {{ viewer }}"})
        await client.request(f"METHOD{n}", f"/nowhere/{n}")
    await client.get("/slow/0")
    await client.get("/slow/0.0")
    text = metrics.text().decode()
    assert "Invented" not in text
    assert 'route="/slow/{seconds}",status="2xx"} 2.0' in text
    assert 'method="other",operation="",route="unmatched",status="4xx"} 30.0' in text
    assert 'storegraph_request_statements_count{operation="",route="/graphql"} 30.0' in text
    assert "storegraph_requests_in_flight 0.0" in text


async def test_refusals_are_counted_by_reason(client: httpx.AsyncClient, metrics: Metrics) -> None:
    await client.post("/graphql", json={"query": "{ " + "viewer " * 40 + "}"})
    assert 'storegraph_requests_refused_total{reason="root_fields"} 1.0' in metrics.text().decode()


ORIGIN = {"Origin": "https://shop.example"}
PREFLIGHT = {
    **ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


async def test_browsers_of_listed_origins_may_ask() -> None:
    settings = Settings(cors_origins=("https://shop.example",))
    async with client_of(shop_app(settings)) as client:
        allowed = await client.options("/graphql", headers=PREFLIGHT)
        assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
        answer = await client.post("/graphql", json={"query": "{ viewer }"}, headers=ORIGIN)
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
        foreign = await client.options("/graphql", headers={**PREFLIGHT, "Origin": "https://x"})
        assert "access-control-allow-origin" not in foreign.headers


async def test_whose_origins_are_all_gets_no_cookies() -> None:
    async with client_of(shop_app(Settings(cors_origins=("*",)))) as client:
        answer = await client.post("/graphql", json={"query": "{ viewer }"}, headers=ORIGIN)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


async def test_listed_origins_may_send_what_clients_need_and_read_what_they_are_told() -> None:
    settings = Settings(cors_origins=("https://shop.example",))
    sent = "authorization,content-type,idempotency-key,x-guest-token,x-request-id"
    async with client_of(shop_app(settings)) as client:
        asking = {**PREFLIGHT, "Access-Control-Request-Headers": sent}
        assert (await client.options("/graphql", headers=asking)).status_code == 200
        asking["Access-Control-Request-Headers"] = "x-forwarded-for"
        assert (await client.options("/graphql", headers=asking)).status_code == 400
        answer = await client.post("/graphql", json={"query": "{ viewer }"}, headers=ORIGIN)
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {
            "Idempotent-Replayed",
            "Retry-After",
            "X-RateLimit-Remaining",
            "X-Request-Id",
        } <= set(exposed)


async def test_without_a_list_no_origin_may(client: httpx.AsyncClient) -> None:
    assert (
        "access-control-allow-origin"
        not in (await client.options("/graphql", headers=PREFLIGHT)).headers
    )
