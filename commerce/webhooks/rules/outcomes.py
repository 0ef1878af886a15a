"""What becomes of a message after a try."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from commerce.webhooks.kinds import DeliveryState, DisabledReason
from commerce.webhooks.ports import Format

HELD_UP_AT_MOST: Final = timedelta(hours=24)  # what comes after a message waits no longer
GIVEN_UP_AFTER: Final = timedelta(days=5)
GONE: Final = 410
FORGOTTEN: Final = "forgotten"  # the event is in the log no more
NO_BODY: Final = "no_body"
SUCCESS: Final = range(200, 300)
LONGEST_PAUSE: Final = 24 * 3600  # seconds, that a receiver may ask for


@dataclass(frozen=True, slots=True)
class Tried:
    """One try: `status` None means that nobody answered, `error` says why."""

    at: datetime
    milliseconds: int = 0
    status: int | None = None
    error: str = ""
    answer: str = ""
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        return self.status in SUCCESS

    @property
    def refused(self) -> bool:
        """Whether the endpoint is to blame."""
        asked = self.status is not None or self.error not in ("", FORGOTTEN, NO_BODY)
        return asked and not self.delivered


@dataclass(frozen=True, slots=True)
class History:
    """What happened before: `tries` counts this one, too."""

    tries: int
    first_tried_at: datetime
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    state: DeliveryState
    due_at: datetime
    disabled: DisabledReason | None = None


def verdict(tried: Tried, before: History, format_: Format, chance: float) -> Verdict:
    """`chance` from 0 to 1 spreads what would otherwise be tried at once."""
    if tried.delivered:
        return Verdict(DeliveryState.DELIVERED, tried.at)
    due_at = next_try(tried, before, format_, chance)
    disabled = _disabled(tried, before, dead=due_at is None and format_.suspends)
    if due_at is None:
        return Verdict(DeliveryState.DEAD, tried.at, disabled)
    return Verdict(DeliveryState.PENDING, due_at, disabled)


def next_try(tried: Tried, before: History, format_: Format, chance: float) -> datetime | None:
    """None after the last one, which is no later than a day after the first."""
    end = before.first_tried_at + HELD_UP_AT_MOST
    if before.tries > len(format_.waits) or tried.at >= end:
        return None
    wait = format_.waits[before.tries - 1] * (1 + format_.jitter * (2 * chance - 1))
    asked = min(tried.retry_after or 0, LONGEST_PAUSE)
    return min(tried.at + timedelta(seconds=max(wait, asked)), end)


def _disabled(tried: Tried, before: History, *, dead: bool) -> DisabledReason | None:
    if tried.status == GONE:
        return DisabledReason.GONE
    since = before.failing_since
    if since is not None and tried.at - since >= GIVEN_UP_AFTER:
        return DisabledReason.FAILING
    return DisabledReason.SUSPENDED if dead else None


def pause_asked(header: str | None, now: datetime) -> float | None:
    """The seconds in `Retry-After`, which may be a number or a date (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), LONGEST_PAUSE))
    return _until(text, now)


def _until(text: str, now: datetime) -> float | None:
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    if then.tzinfo is None:
        return None
    return max((then - now).total_seconds(), 0.0)
