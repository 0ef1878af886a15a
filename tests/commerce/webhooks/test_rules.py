"""When a message is tried again, and what signs it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from commerce.rest.dialect_hooks import HOOKS
from commerce.webhooks.kinds import DeliveryState, DisabledReason
from commerce.webhooks.rules.endpoints import endpoint_flaw
from commerce.webhooks.rules.outcomes import History, Tried, pause_asked, verdict
from commerce.webhooks.rules.secrets import (
    dialects_secret,
    new_secret,
    secret_flaw,
    signature,
)
from commerce.webhooks.rules.standard import StandardFormat

START = datetime(2026, 1, 1, tzinfo=UTC)
MIDDLE = 0.5  # chance that moves nothing


@dataclass
class Plain:
    """What of a format matters here."""

    waits: tuple[float, ...]
    jitter: float = 0.0
    suspends: bool = False


def plain(name: str) -> Any:
    hooks = next(each for each in HOOKS if each.dialect == name)
    return Plain(hooks.waits, 0.0, hooks.suspends)


def tries(format_: Any, chance: float = MIDDLE) -> list[float]:
    """Seconds after the first try at which others follow while all fail; then it is dead."""
    now, found = START, [0.0]
    for count in range(1, 100):
        ruling = verdict(Tried(now, status=500), History(count, START), format_, chance)
        if ruling.state is DeliveryState.DEAD:
            return found
        now = ruling.due_at
        found.append((now - START).total_seconds())
    raise AssertionError("it never ends")


@pytest.mark.parametrize(
    ("format_", "times"),
    [
        (plain("litestore"), [0, 1, 3, 7, 15]),
        (plain("shopkit"), [0, 3600, 7200, 10800, 14400, 18000]),
        (plain("cartino"), [0, 60, 180, 420, 900, 1860]),
        (plain("litekart"), [0, 60, 180, 420, 900, 1860]),
        (StandardFormat(), [0, 5, 305, 2105, 9305, 27305, 63305, 86400]),
    ],
)
def test_the_schedule_of_a_format(format_: Any, times: list[float]) -> None:
    assert tries(format_) == times


def test_tries_are_spread_by_a_fifth() -> None:
    assert [tries(StandardFormat(), chance)[1] for chance in (0.0, 1.0)] == [4.0, 6.0]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(None, 5), (3, 5), (120, 120), (10**9, 86_400)],
)
def test_a_receiver_may_ask_for_a_longer_pause(asked: float | None, seconds: float) -> None:
    tried = Tried(START, status=503, retry_after=asked)
    ruling = verdict(tried, History(1, START), StandardFormat(), MIDDLE)
    assert (ruling.due_at - START).total_seconds() == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 7 ", 7),
        ("999999999999999999999", 86_400),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60),
        ("Thu, 01 Jan 2025 00:01:00 GMT", 0),
    ],
)
def test_what_retry_after_says(header: str | None, seconds: float | None) -> None:
    assert pause_asked(header, START) == seconds


FIVE_DAYS = START - timedelta(days=5)


@pytest.mark.parametrize(
    ("status", "since", "name", "count", "reason"),
    [
        (500, None, "cartino", 1, None),
        (410, None, "cartino", 1, DisabledReason.GONE),
        (500, FIVE_DAYS, "cartino", 1, DisabledReason.FAILING),
        (500, FIVE_DAYS + timedelta(seconds=1), "cartino", 1, None),
        (500, None, "cartino", 6, None),
        (500, None, "shopkit", 5, None),
        (None, None, "shopkit", 6, DisabledReason.SUSPENDED),
        (200, FIVE_DAYS, "shopkit", 6, None),
    ],
)
def test_when_an_endpoint_is_given_up(
    status: int | None, since: datetime | None, name: str, count: int, reason: object
) -> None:
    ruling = verdict(Tried(START, status=status), History(count, START, since), plain(name), MIDDLE)
    assert ruling.disabled is reason


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 404, 500])
def test_nothing_but_2xx_is_a_success(status: int) -> None:
    assert not Tried(START, status=status).delivered
    assert Tried(START, status=204).delivered


def test_two_secrets_sign_side_by_side() -> None:
    old, new, other = new_secret(), new_secret(), new_secret()
    now, body = datetime.now(UTC), b'{"a":"\xc3\xa4"}'  # noqa: TID251  # the library has no other
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature("evt_1", now, body, [new, old]),
    }
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers) == {"a": "ä"}
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(other).verify(body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(new).verify(body + b" ", headers)


def test_the_vector_of_the_standard() -> None:
    """From its reference implementations."""
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    found = signature("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [secret])
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_dialects_only_signature_takes_turns() -> None:
    assert [dialects_secret(["new", "old"], count) for count in (1, 2, 3)] == ["new", "old", "new"]
    assert [dialects_secret(["new"], count) for count in (1, 2)] == ["new", "new"]


@pytest.mark.parametrize(
    ("secret", "good"),
    [
        ("your-webhook-secret", True),
        ("x" * 16, True),
        ("x" * 15, False),
        ("x" * 201, False),
        ("with a space in it", False),
        ("umlaut-ä-in-the-middle", False),
        pytest.param(new_secret(), False, id="one of the standard"),
    ],
)
def test_which_secrets_can_be_brought_along(secret: str, good: bool) -> None:
    assert (secret_flaw(secret) is None) is good


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"url": "https://example.com/hook"}, None),
        ({"url": "/hook"}, ("url",)),
        ({"url": "ftp://example.com"}, ("url",)),
        ({"url": ""}, ("url",)),
        ({"events": []}, ("events",)),
        ({"events": None}, None),
        ({"description": "x" * 501}, ("description",)),
        ({"description": ""}, None),
    ],
)
def test_what_an_endpoint_may_be(values: dict[str, Any], path: tuple[str, ...] | None) -> None:
    flaw = endpoint_flaw(values)
    assert (None if flaw is None else flaw.path) == path
