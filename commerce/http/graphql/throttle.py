"""How fast one caller may ask: requests a minute, and points of cost a second.

The cost of an operation is taken before it runs, all of it or none, and given back when nothing
was run. What visitors of the shop send counts for their address, or for the customer; what staff
and keys send for them.
"""

from dataclasses import dataclass, replace
from typing import Final, Protocol

from commerce.core.callers import caller_of
from commerce.core.limiter import Bucket, Rate, RateLimitedError, RateLimiter
from commerce.core.viewer import Viewer
from commerce.http.graphql.errors import refused_by
from commerce.http.graphql.execute import Answer, refusal_answer
from commerce.http.graphql.limits import BACK_OFFICE_LIMITS, STOREFRONT_LIMITS
from commerce.http.record import RequestRecord, current_record
from commerce.settings import Settings

MINUTE: Final = 60
LEAST: Final = 1  # an operation that costs nothing still has to be read and checked


@dataclass(frozen=True, slots=True)
class Pace:
    requests: Rate
    points: Bucket


@dataclass(frozen=True, slots=True)
class Paces:
    storefront: Pace
    keyed: Pace


def paces(settings: Settings) -> Paces:
    """A bucket holds what one operation may cost at most."""
    return Paces(
        Pace(
            Rate("graphql.storefront", settings.storefront_requests, MINUTE),
            Bucket("cost.storefront", STOREFRONT_LIMITS.cost, settings.storefront_points),
        ),
        Pace(
            Rate("graphql.keyed", settings.keyed_requests, MINUTE),
            Bucket("cost.keyed", BACK_OFFICE_LIMITS.cost, settings.keyed_points),
        ),
    )


class Meter(Protocol):
    """Of one request."""

    async def charge(self, cost: int) -> None:
        """Take the points; raises `RateLimitedError` when they are not there."""

    async def settle(self, answer: Answer) -> Answer:
        """Give back what was taken for an operation that was not run."""


class Throttle(Protocol):
    async def admit(self, viewer: Viewer) -> Meter:
        """Count a request; raises `RateLimitedError` for one too many."""


class FreeRide:
    """Lets everybody through, and says nothing of limits."""

    async def admit(self, viewer: Viewer) -> Meter:
        return self

    async def charge(self, cost: int) -> None:
        return None

    async def settle(self, answer: Answer) -> Answer:
        return answer


class CallerThrottle:
    def __init__(self, limiter: RateLimiter, of: Paces) -> None:
        self._limiter = limiter
        self._paces = of

    async def admit(self, viewer: Viewer) -> Meter:
        record = current_record() or RequestRecord("")
        pace = self._paces.storefront if viewer.in_storefront else self._paces.keyed
        caller = caller_of(viewer, record.address)
        found = await self._limiter.hit(_own(pace.requests, viewer), caller)
        if not found.allowed:
            raise RateLimitedError(found)
        return CallerMeter(self._limiter, pace.points, caller, record)


def _own(rate: Rate, viewer: Viewer) -> Rate:
    """A key's own rate, where it has one."""
    calls = viewer.calls_per_minute
    return rate if calls is None else replace(rate, amount=calls, seconds=MINUTE)


class CallerMeter:
    def __init__(
        self, limiter: RateLimiter, bucket: Bucket, caller: str, record: RequestRecord
    ) -> None:
        self._limiter = limiter
        self._bucket = bucket
        self._caller = caller
        self._record = record
        self._taken = 0

    async def charge(self, cost: int) -> None:
        # What may cost more than the bucket holds, such as a trusted document, needs a full one.
        points = min(max(cost, LEAST), self._bucket.capacity)
        found = await self._limiter.take(self._bucket, self._caller, points)
        self._record.allowance = found
        if not found.allowed:
            raise RateLimitedError(found)
        self._taken = points

    async def settle(self, answer: Answer) -> Answer:
        if self._taken and not answer.executed:
            await self._limiter.give_back(self._bucket, self._caller, self._taken)
        return answer


def throttled(error: RateLimitedError) -> Answer:
    """The answer to a request that came too fast; its record knows when to come back."""
    record = current_record() or RequestRecord("")
    record.allowance = error.allowance
    return refusal_answer(refused_by(error), record)


def retry_after() -> str:
    """For the header of that name."""
    record = current_record()
    allowance = None if record is None else record.allowance
    return "1" if allowance is None else str(allowance.retry_seconds)
