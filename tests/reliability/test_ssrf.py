"""Goal R17: addresses that others wrote down lead nowhere but to public places.

A canary listens on loopback. Whatever is called here is called over real sockets, with every port
and plain HTTP allowed, so that nothing but the look at the address keeps the canary alone.
"""

from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
import pytest

from commerce.core import network
from commerce.core.network import CallingRules, Target
from commerce.core.outgoing import OutgoingError, UnsafeAddressError, download
from commerce.integrations import safe_http
from commerce.integrations.name_lookup import NameLookup
from commerce.integrations.safe_http import CheckedNetwork, SafeHttp
from tests.support.hostile import (
    FOUR,
    HOSTILE,
    SIX,
    SPELLED,
    STRANGER,
    names,
    rules,
    speaks_six,
)
from tests.support.web import Names, WebDouble, web_double


@pytest.fixture
async def canary() -> AsyncIterator[WebDouble]:
    async with web_double("0.0.0.0", *(["::1"] if speaks_six() else [])) as double:
        yield double


async def call(client: SafeHttp, url: str, canary: WebDouble) -> OutgoingError | None:
    """What keeps this from being called."""
    try:
        await client.request(
            "POST", url.format(port=canary.port), headers={}, content=b"{}", timeout=2
        )
    except OutgoingError as refusal:
        return refusal
    return None


async def test_nothing_reaches_loopback(canary: WebDouble) -> None:
    client = SafeHttp(rules(f"{STRANGER}/32"), names())
    assert len(HOSTILE) >= 60
    for url in HOSTILE:
        refusal = await call(client, url, canary)
        assert isinstance(refusal, UnsafeAddressError), url
        assert str(refusal).endswith("."), url
        assert not any(str(n) in str(refusal) for n in ("127.0.0.1", "10.0.0.1", "::1")), url
    await client.close()
    assert canary.connections == 0


async def test_twin_who_does_not_look_at_addresses_reaches_loopback(
    canary: WebDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "connectable", lambda address, _allowed: address)
    monkeypatch.setattr(safe_http, "connectable", lambda address, _allowed: address)
    client = SafeHttp(rules(), names())
    for count, url in enumerate((*FOUR, *(SIX if speaks_six() else ())), 1):
        assert await call(client, url, canary) is None, url
        assert len(canary.heads) == count
    await client.close()


def as_others_read_it(url: str, _rules: CallingRules) -> Target:
    read = urlsplit(url)
    host = (read.hostname or "").encode("idna").decode()  # folds fullwidth digits
    return Target(read.scheme, host, read.port or 80, read.path or "/")


async def test_twin_who_takes_any_spelling_reaches_loopback(
    canary: WebDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_http, "connectable", lambda address, _allowed: address)
    monkeypatch.setattr(safe_http, "target_of", as_others_read_it)
    client = SafeHttp(rules(), None)  # the system's own resolver reads numbers
    for count, url in enumerate(SPELLED, 1):
        assert await call(client, url, canary) is None, url
        assert len(canary.heads) == count
    await client.close()


async def rebinding(canary: WebDouble) -> tuple[Names, OutgoingError | None]:
    """A name that leads to the stranger when it is looked up first, then to the canary."""
    turning = Names({"rebind.test": [[STRANGER], ["127.0.0.1"]]})
    async with web_double(STRANGER) as stranger:
        stranger.says("200 OK", "Connection: close")
        client = SafeHttp(rules(f"{STRANGER}/32"), turning)
        url = f"http://rebind.test:{stranger.port}/"
        async with web_double("127.0.0.1", port=stranger.port) as there:
            first = await call(client, url, there)
            second = await call(client, url, there)
            canary.connections += there.connections
        await client.close()
    assert first is None
    return turning, second


async def test_a_name_that_changes_its_address_reaches_only_what_was_looked_at(
    canary: WebDouble,
) -> None:
    turning, second = await rebinding(canary)
    assert turning.asked == ["rebind.test"] * 2  # once for each connection
    assert isinstance(second, UnsafeAddressError)
    assert canary.connections == 0


async def test_twin_who_looks_and_then_connects_by_name_is_led_to_loopback(
    canary: WebDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = CheckedNetwork._addresses

    async def looks_twice(self: CheckedNetwork, host: str) -> list[str]:
        await looked(self, host)
        return list(await self._look_up(host))

    monkeypatch.setattr(CheckedNetwork, "_addresses", looks_twice)
    await rebinding(canary)
    assert canary.connections == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_answers_and_lead_nowhere(canary: WebDouble, status: int) -> None:
    client = SafeHttp(rules(f"{STRANGER}/32"), names())
    async with web_double(STRANGER) as stranger:
        stranger.says(f"{status} Elsewhere", f"Location: http://127.0.0.1:{canary.port}/")
        url = f"http://{STRANGER}:{stranger.port}/"
        answer = await client.request("GET", url, headers={})
        assert answer.status == status
        with pytest.raises(OutgoingError, match="Redirects are not followed"):
            await download(client, url, 1000)
        assert canary.connections == 0
        async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as twin:
            await twin.get(url)
        assert canary.connections == 1
    await client.close()


async def test_proxies_of_the_environment_are_not_asked(
    canary: WebDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    client = SafeHttp(rules(f"{STRANGER}/32"), names())
    async with web_double(STRANGER) as stranger:
        url = f"http://{STRANGER}:{stranger.port}/"
        assert (await client.request("GET", url, headers={})).content == b"hello"
        assert canary.connections == 0
        async with httpx.AsyncClient() as twin:
            await twin.get(url)
        assert canary.connections == 1
    await client.close()


async def test_the_systems_own_resolver_is_believed_no_more(canary: WebDouble) -> None:
    found = await NameLookup()("localhost")
    assert all(ip_address(address).is_loopback for address in found)
    client = SafeHttp(rules())
    refusal = await call(client, "http://localhost:{port}/", canary)
    assert isinstance(refusal, UnsafeAddressError)
    await client.close()
    assert canary.connections == 0
