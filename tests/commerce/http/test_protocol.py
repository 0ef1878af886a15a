import asyncio
from time import monotonic
from typing import Any

import httpx
import pytest

from commerce.http.protocol import PatientProtocol
from tests.support.shop_app import serving, shop_app, spoken

GET = b"GET /livez HTTP/1.1\r\nHost: shop\r\n\r\n"


class Hasty(PatientProtocol):
    header_seconds = 0.4
    linger_seconds = 0.4


class Endless(PatientProtocol):
    """As uvicorn is without us."""

    header_seconds = 60.0
    linger_seconds = 60.0


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"G",),
        (b"GET /livez HTTP/1.1\r\nHost: shop\r\n",),
        (b"GET /livez HTTP/1.1\r\n", 0.1, b"A: 1\r\n", 0.1, b"B: 1\r\n", 0.1, b"C: 1\r\n"),
        (b"\r\n", 0.1, b"\r\n", 0.1, b"\r\n"),
    ],
    ids=["silence", "one byte", "half the headers", "dripping headers", "empty lines"],
)
async def test_a_client_that_does_not_finish_its_headers_is_hung_up_on(
    parts: tuple[Any, ...],
) -> None:
    async with serving(shop_app(), Hasty) as address:
        started = monotonic()
        answer = await asyncio.wait_for(spoken(address, *parts), 5)
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert 0.3 < monotonic() - started < 2


async def test_without_that_it_stays() -> None:
    async with serving(shop_app(), Endless) as address:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(spoken(address, b"GET /livez HTTP/1.1\r\n"), 1.5)


@pytest.mark.parametrize("after", [(b"GET /li",), (b"\r\n",)], ids=["half a request", "empty line"])
async def test_the_second_request_of_a_connection_has_no_more_time(after: tuple[Any, ...]) -> None:
    async with serving(shop_app(), Hasty) as address:
        started = monotonic()
        answer = await asyncio.wait_for(spoken(address, GET, 0.2, *after), 5)
        assert answer.count(b"HTTP/1.1 200 OK") == 1
        assert b"HTTP/1.1 408 " in answer
        assert monotonic() - started < 2


async def test_a_body_that_nobody_waits_for_any_more_is_not_waited_for() -> None:
    async with serving(shop_app(), Hasty) as address:
        request = b"POST /graphql HTTP/1.1\r\nHost: shop\r\nContent-Length: 9000000\r\n\r\n"
        drips: list[Any] = [b"x" * 1_000, 0.1] * 2
        started = monotonic()
        answer = await asyncio.wait_for(spoken(address, request, *drips), 5)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert monotonic() - started < 2


async def test_headers_have_a_size_limit() -> None:
    async with serving(shop_app()) as address:
        many = [b"X-%d: %s\r\n" % (n, b"x" * 1_000) for n in range(100)]
        answer = await spoken(address, b"GET /livez HTTP/1.1\r\n", *many)
        assert answer.startswith(b"HTTP/1.1 431 ")


async def test_patient_clients_are_served_on_one_connection() -> None:
    async with serving(shop_app(), Hasty) as (host, port), httpx.AsyncClient() as client:
        for _ in range(4):
            response = await client.get(f"http://{host}:{port}/slow/0.5")
            assert response.status_code == 200


async def test_requests_sent_at_once_are_answered_in_order() -> None:
    async with serving(shop_app(), Hasty) as address:
        last = b"GET /nowhere HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
        answer = await spoken(address, GET + GET + last)
        assert answer.count(b"HTTP/1.1 200 OK") == 2
        assert b"HTTP/1.1 404 Not Found" in answer


async def test_many_slow_connections_do_not_keep_others_waiting() -> None:
    async with serving(shop_app(), Hasty) as (host, port):
        slow = [await asyncio.open_connection(host, port) for _ in range(300)]
        for _, writer in slow:
            writer.write(b"GET /livez HTTP/1.1\r\nA: ")
        async with httpx.AsyncClient() as client:
            started = monotonic()
            assert (await client.get(f"http://{host}:{port}/livez")).status_code == 200
            assert monotonic() - started < 2
        ends = await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in slow)), 10)
        assert all(end.startswith(b"HTTP/1.1 408") for end in ends)
        for _, writer in slow:
            writer.close()
