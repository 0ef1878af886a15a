"""Calls over real sockets to places that are allowed. Those that are not: test_ssrf.py."""

import asyncio
import gzip
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from commerce.core.network import CallingRules
from commerce.core.outgoing import Answer, NoCalls, OutgoingError, UnsafeAddressError, download
from commerce.integrations import name_lookup
from commerce.integrations.name_lookup import NameLookup
from commerce.integrations.safe_http import SafeHttp
from tests.support.certificates import self_signed
from tests.support.web import Names, WebDouble, web_double

RULES = CallingRules.read(["1-65535"], ["127.0.0.0/8", "::1/128"], plain_http=True)
SHOP = "shop.test"


@pytest.fixture
def names() -> Names:
    return Names({SHOP: [["127.0.0.1"]], "two.test": [["127.0.0.3", "127.0.0.1"]]})


@pytest.fixture
async def client(names: Names) -> AsyncIterator[SafeHttp]:
    client = SafeHttp(RULES, names)
    yield client
    await client.close()


@pytest.fixture
async def stranger() -> AsyncIterator[WebDouble]:
    async with web_double() as double:
        yield double


async def refusal(calling: Awaitable[object]) -> str:
    with pytest.raises(OutgoingError) as refused:
        await calling
    assert str(refused.value).endswith(".")
    return refused.value.reason


async def test_sends_what_it_is_given(client: SafeHttp, stranger: WebDouble) -> None:
    stranger.says("202 Accepted", "X-One: 1", "x-one: 2", body=b"taken")
    url = f"http://{SHOP}:{stranger.port}/hooks?a=\u00fc"
    headers = {"Content-Type": "application/json", "Webhook-Id": "1", "Host": "evil.test"}
    answer = await client.request("POST", url, headers=headers, content=b'{"a":1}')
    lengths = {"content-length": "5", "x-one": "1, 2"}
    assert answer == Answer(202, lengths, b"taken", complete=True)
    assert stranger.heads[0].startswith("POST /hooks?a=%C3%BC HTTP/1.1\r\n")
    assert stranger.bodies == [b'{"a":1}']
    assert stranger.header("host") == f"{SHOP}:{stranger.port}"
    assert stranger.header("webhook-id") == "1"
    assert stranger.header("accept-encoding") == "identity"
    assert "evil" not in stranger.heads[0]


async def test_keeps_connections_for_the_next_call(
    client: SafeHttp, stranger: WebDouble, names: Names
) -> None:
    for _ in range(3):
        await client.request("POST", f"http://{SHOP}:{stranger.port}/", headers={})
    assert (len(stranger.heads), stranger.connections, names.asked) == (3, 1, [SHOP])


async def test_takes_the_next_address_when_nobody_is_at_the_first(client: SafeHttp) -> None:
    async with web_double("127.0.0.1") as double:
        double.says("200 OK", "Connection: close", body=b"hello")
        url = f"http://two.test:{double.port}/"
        assert (await client.request("GET", url, headers={})).content == b"hello"
    assert await refusal(client.request("GET", url, headers={})) == "connection"


async def test_names_that_are_none(client: SafeHttp, names: Names) -> None:
    names.known["empty.test"] = [[]]
    for host in ("unknown.test", "empty.test"):
        reason = await refusal(client.request("GET", f"http://{host}/", headers={}))
        assert reason == "unknown_host"


async def test_certificates_are_those_of_the_name(tmp_path: Path, names: Names) -> None:
    """The name is also what is asked for, by SNI, so that servers of many names know it."""
    server, certificate = self_signed(tmp_path, SHOP)
    asked: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: asked.append(name)
    names.known["other.test"] = [["127.0.0.1"]]
    trusting = SafeHttp(RULES, names, ssl.create_default_context(cafile=certificate))
    strict = SafeHttp(RULES, names)
    async with web_double(tls=server) as double:
        answer = await trusting.request("GET", f"https://{SHOP}:{double.port}/", headers={})
        assert (answer.content, double.header("host")) == (b"hello", f"{SHOP}:{double.port}")
        for client, host in ((trusting, "other.test"), (trusting, "127.0.0.1"), (strict, SHOP)):
            url = f"https://{host}:{double.port}/"
            assert await refusal(client.request("GET", url, headers={})) == "certificate"
        assert asked == [SHOP, "other.test", None, SHOP]
        assert len(double.heads) == 1
    await trusting.close()
    await strict.close()


async def test_what_speaks_no_tls_or_no_http(client: SafeHttp) -> None:
    async def mail(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail ready\r\n")
        writer.close()

    listening = await asyncio.start_server(mail, "127.0.0.1", 0)
    there = f"{SHOP}:{listening.sockets[0].getsockname()[1]}/"
    assert await refusal(client.request("GET", f"https://{there}", headers={})) == "tls"
    assert await refusal(client.request("GET", f"http://{there}", headers={})) == "protocol"
    listening.close()


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b"])
async def test_headers_cannot_smuggle_others(
    client: SafeHttp, stranger: WebDouble, value: str
) -> None:
    url = f"http://{SHOP}:{stranger.port}/"
    assert await refusal(client.request("POST", url, headers={"X-A": value})) == "headers"
    assert not stranger.heads


async def test_methods_are_known_ones(client: SafeHttp) -> None:
    for method in ("CONNECT", "get", "GET / HTTP/1.1\r\nX: y"):
        with pytest.raises(ValueError, match="method"):
            await client.request(method, "http://shop.test/", headers={})


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def test_reads_no_more_than_asked_for(client: SafeHttp, stranger: WebDouble) -> None:
    stranger.talk = endless
    url = f"http://{SHOP}:{stranger.port}/"
    answer = await client.request("GET", url, headers={}, max_bytes=1000)
    assert (answer.complete, answer.content) == (False, b"x" * 1000)
    assert await refusal(download(client, url, 100_000)) == "too_long"


def dripping(start: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    return drip


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n"])
async def test_dripping_answers_end_in_time(
    client: SafeHttp, stranger: WebDouble, start: bytes
) -> None:
    stranger.talk = dripping(start)
    url = f"http://{SHOP}:{stranger.port}/"
    began = monotonic()
    reason = await refusal(client.request("GET", url, headers={}, timeout=0.2, max_bytes=1_000_000))
    assert (reason, monotonic() - began < 1) == ("timeout", True)


async def test_silence_ends_in_time(stranger: WebDouble) -> None:
    """Of the name service, and of who should say hello by TLS."""

    async def silent(_host: str) -> list[str]:
        await asyncio.Event().wait()
        raise AssertionError

    url = f"https://{SHOP}:{stranger.port}/"
    for look_up in (silent, Names({SHOP: [["127.0.0.1"]]})):
        client = SafeHttp(RULES, look_up)
        assert await refusal(client.request("GET", url, headers={}, timeout=0.1)) == "timeout"
        await client.close()


async def test_bombs_are_not_unpacked(client: SafeHttp, stranger: WebDouble) -> None:
    packed = gzip.compress(bytes(20_000_000))
    stranger.says("200 OK", "Content-Encoding: gzip", "Content-Type: image/png", body=packed)
    url = f"http://{SHOP}:{stranger.port}/a.png"
    answer = await client.request("GET", url, headers={}, max_bytes=100_000)
    assert answer.content == packed
    assert await refusal(download(client, url, 100_000)) == "encoding"


async def test_downloads_files_of_the_types_asked_for(
    client: SafeHttp, stranger: WebDouble
) -> None:
    url = f"http://{SHOP}:{stranger.port}/a.png"
    stranger.says("200 OK", "Content-Type: Image/PNG; charset=x", body=b"png")
    types = ("image/png", "image/jpeg")
    file = await download(client, url, 3, types)
    assert (file.content, file.content_type) == (b"png", "image/png")
    assert stranger.header("accept") == "image/png, image/jpeg"
    assert await refusal(download(client, url, 2, types)) == "too_long"
    assert await refusal(download(client, url, 3, ("text/csv",))) == "type"
    stranger.says("404 Not Found")
    assert await refusal(download(client, url, 3)) == "status"


async def test_a_program_without_business_with_others_calls_nobody() -> None:
    with pytest.raises(UnsafeAddressError):
        NoCalls().check("https://example.com/")
    assert await refusal(download(NoCalls(), "https://example.com/", 1)) == "unsafe_address"
    await NoCalls().close()


def test_says_what_is_wrong_with_an_address_without_calling() -> None:
    names = Names()
    client = SafeHttp(CallingRules(), names)
    client.check("https://shop.test/")
    for url in ("http://shop.test/", "https://127.0.0.1/", "https://shop.test:22/"):
        with pytest.raises(UnsafeAddressError):
            client.check(url)
    assert not names.asked


async def test_a_dead_name_takes_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    alive = threading.Event()
    asked: list[str] = []

    def slow(host: str) -> tuple[str, ...]:
        asked.append(host)
        if host == "dead.test":
            alive.wait(10)
        return ("127.0.0.1",)

    monkeypatch.setattr(name_lookup, "_addresses", slow)
    names = NameLookup()
    waiting: list[asyncio.Task[Any]] = [
        asyncio.create_task(names("dead.test")) for _ in range(2 * name_lookup.THREADS)
    ]
    assert await asyncio.wait_for(names("alive.test"), 5) == ("127.0.0.1",)
    for task in waiting[1:]:
        task.cancel()
    alive.set()
    assert await waiting[0] == ("127.0.0.1",)
    assert sorted(asked) == ["alive.test", "dead.test"]
    await names("dead.test")
    assert asked.count("dead.test") == 2
    names.close()
