import asyncio
import gzip
from time import monotonic
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from commerce.http.metrics import Metrics
from commerce.http.middleware.frame import Frame
from commerce.http.middleware.gate import Gate, GateLimits
from tests.support.shop import CANARY
from tests.support.shop_app import BEARER, client_of, serving, shop_app, spoken

ANONYMOUS_MOST = 128 * 1024
KEYED_MOST = 1024 * 1024


def gated(**limits: Any) -> Starlette:
    app = shop_app()
    app.user_middleware = [
        Middleware(Frame, metrics=Metrics()),
        Middleware(Gate, limits=GateLimits(**limits)),
    ]
    return app


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({}, ANONYMOUS_MOST, 200),
        ({}, ANONYMOUS_MOST + 1, 413),
        (BEARER, KEYED_MOST, 200),
        (BEARER, KEYED_MOST + 1, 413),
        ({"X-API-Key": "x"}, KEYED_MOST, 200),
    ],
)
async def test_bodies_have_a_size_limit(headers: dict[str, str], size: int, status: int) -> None:
    async with client_of(shop_app()) as client:
        response = await client.post("/size", content=b"x" * size, headers=headers)
        assert response.status_code == status

        async def parts() -> Any:
            for start in range(0, size, 50_000):
                yield b"x" * min(50_000, size - start)

        chunked = await client.post("/size", content=parts(), headers=headers)
        assert chunked.status_code == status
        if status == 200:
            assert response.json() == chunked.json() == {"size": size}
        else:
            assert chunked.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "GZIP", "gzip, identity", "x"])
@pytest.mark.parametrize("path", ["/graphql", "/size", "/nowhere"])
async def test_compressed_bodies_are_refused_unread(path: str, encoding: str) -> None:
    """A thousand bytes that would be a million."""
    bomb = gzip.compress(b" " * 1_000_000)
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    async with client_of(shop_app()) as client:
        response = await client.post(path, content=bomb, headers=headers)
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


async def test_identity_is_no_compression() -> None:
    headers = {"Content-Encoding": "identity"}
    async with client_of(shop_app()) as client:
        response = await client.post("/size", content=b"x", headers=headers)
    assert response.json() == {"size": 1}


POST = b"POST /graphql HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"


async def test_a_declared_size_is_believed_before_a_byte_arrives() -> None:
    async with serving(shop_app()) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(POST + b"Content-Length: 10000000\r\n\r\n")
        line = await asyncio.wait_for(reader.readline(), 5)
        assert line == b"HTTP/1.1 413 Request Entity Too Large\r\n"
        writer.close()


async def test_ten_megabytes_are_refused_on_a_real_socket() -> None:
    async with serving(shop_app()) as (host, port), httpx.AsyncClient() as client:
        url = f"http://{host}:{port}/graphql"
        started = monotonic()
        response = await client.post(url, content=b"x" * 10_000_000)
        assert (response.status_code, monotonic() - started < 2) == (413, True)

        async def parts() -> Any:
            for _ in range(200):
                yield b"x" * 50_000

        response = await client.post(url, content=parts())
        assert response.status_code == 413
        assert (await client.post(url, json={"query": "{ viewer }"})).status_code == 200


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"9" * 30, b"many"])
async def test_a_length_that_is_none_is_refused(length: bytes) -> None:
    async with serving(shop_app()) as address:
        answer = await spoken(address, POST + b"Content-Length: " + length + b"\r\n\r\n", 0.1)
        assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))


async def test_a_body_that_stops_arriving_is_given_up() -> None:
    async with serving(gated(idle=0.2)) as address:
        started = monotonic()
        answer = await spoken(address, POST + b'Content-Length: 30\r\n\r\n{"query"')
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert b"REQUEST_TIMEOUT" in answer
        assert 0.2 <= monotonic() - started < 3


async def test_a_body_that_drips_is_given_up_too() -> None:
    async with serving(gated(idle=0.3, receiving=0.5)) as address:
        drips: list[Any] = [b"x", 0.1] * 4
        answer = await spoken(address, POST + b"Content-Length: 100\r\n\r\n", *drips)
        assert answer.startswith(b"HTTP/1.1 408 ")


async def test_slow_senders_take_no_place() -> None:
    async with serving(gated(places=1)) as (host, port):
        connections = [await asyncio.open_connection(host, port) for _ in range(20)]
        for _, writer in connections:
            writer.write(POST + b"Content-Length: 100\r\n\r\nx")
        async with httpx.AsyncClient() as client:
            url = f"http://{host}:{port}/graphql"
            assert (await client.post(url, json={"query": "{ viewer }"})).status_code == 200
        for _, writer in connections:
            writer.close()


async def test_beyond_its_places_the_server_answers_503_at_once() -> None:
    async with client_of(gated(places=2)) as client:
        busy = [asyncio.create_task(client.get("/slow/1")) for _ in range(2)]
        await asyncio.sleep(0.1)
        refused = await client.get("/slow/0")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/metrics")).status_code == 200
        assert not any(task.done() for task in busy)
        assert [task.status_code for task in await asyncio.gather(*busy)] == [200, 200]
        assert (await client.get("/slow/0")).status_code == 200


async def test_a_request_ends_at_the_deadline() -> None:
    async with client_of(gated(deadline=0.1)) as client:
        response = await client.get("/slow/30")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


async def test_a_bug_is_masked_with_the_request_id(
    capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    async with client_of(shop_app()) as client:
        response = await client.get("/broken", headers={"X-Request-Id": "order-17"})
    assert response.status_code == 500
    assert response.json() == {
        "errors": [
            {
                "message": "Something went wrong.",
                "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "order-17"},
            }
        ]
    }
    logged = capsys.readouterr().err
    assert "Traceback" in logged
    assert CANARY in logged  # the bug's own words are for the log, and for it alone


async def test_a_bug_in_the_middle_of_an_answer_cuts_the_connection(json_logs: None) -> None:
    async with serving(shop_app()) as address:
        answer = await spoken(address, b"GET /half HTTP/1.1\r\nHost: shop\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert not answer.endswith(b"0\r\n\r\n")


async def test_a_client_that_leaves_costs_nothing(
    capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    async with serving(shop_app()) as address:
        _reader, writer = await asyncio.open_connection(*address)
        writer.write(POST + b"Content-Length: 100\r\n\r\nx")
        await writer.drain()
        writer.close()
        await asyncio.sleep(0.2)
    logged = capsys.readouterr().err
    assert '"status":499' in logged
    assert "Traceback" not in logged


def litestore(_scope: Any, status: int, code: str, message: str) -> dict[str, Any]:
    return {"error": {"status": status, "code": code, "message": message}}


async def test_refusals_can_be_printed_as_a_path_wants_them() -> None:
    app = shop_app()
    app.user_middleware = [
        Middleware(Frame, metrics=Metrics()),
        Middleware(Gate, envelope=litestore),
    ]
    async with client_of(app) as client:
        response = await client.post("/size", content=b"x" * (ANONYMOUS_MOST + 1))
    assert response.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"
