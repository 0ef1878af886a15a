"""How often a caller may call, and how it is told: each dialect's own figures and headers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from limits import parse

from commerce.core.callers import caller_of
from commerce.core.limiter import Allowance, Rate, RateLimiter
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.rest.dialects import DIALECTS
from commerce.rest.route import Dialect, Route

MINUTE: Final = 60
ANONYMOUS_RATE: Final = Rate("rest.anonymous", 300, MINUTE)
NAMES: Final = frozenset(dialect.name for dialect in DIALECTS)


@dataclass(frozen=True, slots=True)
class DialectRates:
    """The operator's word on rates.

    `own` are the rates of dialects that shall not have the documented one. `anonymous` is for
    calls without a key in dialects that have a figure of their own for them, unless `documented`
    says that it is to be kept.
    """

    own: Mapping[str, Rate] = field(default_factory=dict)
    anonymous: Rate = ANONYMOUS_RATE
    documented: bool = False

    @classmethod
    def read(
        cls, entries: Sequence[str], anonymous_a_minute: int, documented: bool
    ) -> "DialectRates":
        """As the settings have it; raises ValueError for an entry of another form."""
        anonymous = replace(ANONYMOUS_RATE, amount=anonymous_a_minute)
        return cls(_read(entries), anonymous, documented)

    def of(self, dialect: Dialect, route: Route | None, viewer: Viewer) -> Rate:
        """A route's own rate first, then the key's, the operator's, the documented one."""
        if route is not None and route.rate is not None:
            return route.rate
        if viewer is ANONYMOUS and dialect.anonymous_rate is not None:
            return dialect.anonymous_rate if self.documented else self.anonymous
        if viewer.calls_per_minute is not None:
            return Rate(dialect.name, viewer.calls_per_minute, MINUTE)
        return self.own.get(dialect.name, dialect.rate)


DOCUMENTED: Final = DialectRates()


class CallLimits:
    """Without a limiter nothing is counted, and nothing said of it."""

    def __init__(self, limiter: RateLimiter | None, rates: DialectRates = DOCUMENTED) -> None:
        self._limiter = limiter
        self._rates = rates

    async def count(
        self, dialect: Dialect, route: Route | None, viewer: Viewer, address: str
    ) -> Allowance | None:
        """Count a call; those of bad keys count for the address, like those without one."""
        if self._limiter is None:
            return None
        rate = self._rates.of(dialect, route, viewer)
        return await self._limiter.hit(rate, caller_of(viewer, address))


def rate_headers(dialect: Dialect, allowance: Allowance | None) -> Iterator[tuple[str, str]]:
    """What is left, for dialects that say so. The time is in Unix seconds."""
    if allowance is None or not dialect.tells_rate:
        return
    yield "X-RateLimit-Limit", str(allowance.limit)
    yield "X-RateLimit-Remaining", str(allowance.remaining)
    yield "X-RateLimit-Reset", str(round(allowance.reset_at))


def _read(entries: Sequence[str]) -> dict[str, Rate]:
    """`("litestore=200/minute",)` by dialect."""
    rates = {}
    for entry in entries:
        name, _, text = (part.strip().lower() for part in entry.partition("="))
        if name not in NAMES:
            raise ValueError(f"{entry!r} must begin with one of {', '.join(sorted(NAMES))}")
        rates[name] = _rate(name, text)
    return rates


def _rate(name: str, text: str) -> Rate:
    try:
        item = parse(text)
    except ValueError:
        raise ValueError(f"{text!r} must be NUMBER/minute or NUMBER/hour") from None
    return Rate(name, max(item.amount, 1), item.get_expiry())
