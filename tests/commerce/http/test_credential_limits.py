"""Nobody may try many credentials, or a bad one over and over."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from commerce.core.limiter import RateLimitedError
from commerce.core.viewer import Viewer, ViewerKind
from commerce.http.credential_limits import CredentialLimits
from commerce.http.record import RequestRecord, reset_record, set_record
from tests.support.limiters import Counted

GOOD, KEYED = "good", Viewer(ViewerKind.API_KEY, 1)


class Keys:
    """Knows one good key, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.good = {GOOD}

    async def __call__(self, text: str, password: str | None = None, /) -> Viewer | None:
        self.asked.append(text)
        return KEYED if text in self.good else None


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def limits(keys: Keys, counted: Counted) -> CredentialLimits:
    return CredentialLimits(keys, counted.limiter)


@contextmanager
def at(address: str) -> Iterator[None]:
    token = set_record(RequestRecord("", address=address))
    try:
        yield
    finally:
        reset_record(token)


async def refused(limits: CredentialLimits, text: str) -> bool:
    try:
        await limits.viewer(text)
    except RateLimitedError:
        return True
    return False


async def test_a_bad_credential_is_asked_about_twenty_times_a_minute(
    limits: CredentialLimits, keys: Keys, counted: Counted
) -> None:
    with at("192.0.2.1"):
        answers = [await refused(limits, "bad") for _ in range(100)]
    assert answers == [False] * 20 + [True] * 80
    assert len(keys.asked) == 20
    with at("192.0.2.1"):
        assert await limits.refuses("bad")
        assert not await limits.refuses("another")
        assert await limits.viewer(GOOD) is KEYED
    counted.clock.pass_(61)
    with at("192.0.2.1"):
        assert await limits.viewer("bad") is None


async def test_an_address_tries_six_hundred_credentials_a_minute(
    limits: CredentialLimits, keys: Keys
) -> None:
    with at("2001:db8::1"):
        for number in range(600):
            assert not await refused(limits, f"bad {number}")
    with at("2001:db8::2"):  # the same network
        assert await refused(limits, "one more")
        assert await refused(limits, GOOD)  # nobody knows it as good here
    assert len(keys.asked) == 600
    with at("2001:db8:0:1::1"):
        assert not await refused(limits, "one more")


async def test_who_was_good_is_not_locked_out_by_a_guesser_next_door(
    limits: CredentialLimits, keys: Keys
) -> None:
    with at("192.0.2.1"):
        assert await limits.viewer(GOOD) is KEYED
        for number in range(600):
            await limits.viewer(f"bad {number}")
        assert await limits.viewer(GOOD) is KEYED
        keys.good.clear()  # revoked: it is found out, and then counts like any other
        assert await limits.viewer(GOOD) is None
        assert await refused(limits, GOOD)


async def test_what_is_remembered_as_good_is_bounded(limits: CredentialLimits, keys: Keys) -> None:
    keys.good |= {f"good {number}" for number in range(2_500)}
    with at("192.0.2.1"):
        for number in range(2_500):
            assert await limits.viewer(f"good {number}") is KEYED
    assert len(limits._good) <= 1_000
