"""How often somebody may do something: the words for limits, and the port that counts.

Adapters count in the process's memory or in Redis (`commerce/integrations/rate_limits`).
"""

from dataclasses import dataclass
from math import ceil
from typing import Protocol

from commerce.core.problems import RequestError


@dataclass(frozen=True, slots=True)
class Rate:
    """`amount` times within any `seconds`. `name` keeps the counters of two rates apart."""

    name: str
    amount: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """`capacity` points, refilled by `per_second`; what is taken may be given back."""

    name: str
    capacity: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What came of a hit.

    `reset_at` is the Unix time at which the oldest hit leaves the window, or the bucket is full.
    `retry_after` are the seconds until the refused hit would pass, 0 for one that has passed.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_at: float
    retry_after: float = 0

    @property
    def retry_seconds(self) -> int:
        """Whole seconds to wait, for `Retry-After`: at least 1."""
        return max(ceil(self.retry_after), 1)


class RateLimitedError(RequestError):
    """Too much was asked in too short a time; `allowance` says when to ask again."""

    code = "RATE_LIMITED"
    status = 429

    def __init__(self, allowance: Allowance) -> None:
        super().__init__("Too many requests. Slow down, and ask again later.")
        self.allowance = allowance


class RateLimiter(Protocol):
    """Counts per rate and `key`, which names whom is counted: `"api_key:12"`, an address.

    Never raises for a counter that is away: it counts in the process instead.
    """

    async def hit(self, rate: Rate, key: str) -> Allowance:
        """Count one more, unless the rate is used up."""

    async def look(self, rate: Rate, key: str) -> Allowance:
        """What a hit would find, without counting."""

    async def forget(self, rate: Rate, key: str) -> None:
        """Start anew, as after a successful sign-in."""

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        """Take points, all of them or none."""

    async def give_back(self, bucket: Bucket, key: str, points: int) -> None:
        """Refund points that were not used."""


class Unlimited:
    """Counts nothing: for commands, whose caller holds the database anyway."""

    async def hit(self, rate: Rate, key: str) -> Allowance:
        return Allowance(True, rate.amount, rate.amount, 0)

    async def look(self, rate: Rate, key: str) -> Allowance:
        return Allowance(True, rate.amount, rate.amount, 0)

    async def forget(self, rate: Rate, key: str) -> None:
        return None

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        return Allowance(True, bucket.capacity, bucket.capacity, 0)

    async def give_back(self, bucket: Bucket, key: str, points: int) -> None:
        return None
