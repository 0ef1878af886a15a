"""One limiter from two halves: hits in moving windows, points in buckets."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter

from commerce.core.clock import Clock
from commerce.core.limiter import Allowance, Bucket, Rate

KNOWN_RATES: Final = 256  # rates are written in the code and the settings, not made by callers


class Buckets(Protocol):
    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        """Take points, all or none; negative ones are given back and always pass."""


class CountingLimiter:
    """A `RateLimiter` over the storages of `limits`; `storage_of` answers the one of a rate."""

    def __init__(
        self, storage_of: Callable[[Rate], Storage], buckets: Buckets, clock: Clock
    ) -> None:
        self._window = lru_cache(KNOWN_RATES)(
            lambda rate: MovingWindowRateLimiter(storage_of(rate))
        )
        self._buckets = buckets
        self._clock = clock

    async def hit(self, rate: Rate, key: str) -> Allowance:
        allowed = await self._window(rate).hit(_item(rate), key)
        return await self._found(rate, key, allowed)

    async def look(self, rate: Rate, key: str) -> Allowance:
        return await self._found(rate, key, None)

    async def forget(self, rate: Rate, key: str) -> None:
        await self._window(rate).clear(_item(rate), key)

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        return await self._buckets.take(bucket, key, points)

    async def give_back(self, bucket: Bucket, key: str, points: int) -> None:
        await self._buckets.take(bucket, key, -points)

    async def _found(self, rate: Rate, key: str, allowed: bool | None) -> Allowance:
        """`allowed` None asks the window itself."""
        window = await self._window(rate).get_window_stats(_item(rate), key)
        remaining = max(window.remaining, 0)
        passes = remaining > 0 if allowed is None else allowed
        wait = 0.0 if passes else max(window.reset_time - self._clock().timestamp(), 0.0)
        return Allowance(passes, rate.amount, remaining, window.reset_time, wait)


@lru_cache(KNOWN_RATES)
def _item(rate: Rate) -> RateLimitItem:
    return RateLimitItemPerSecond(rate.amount, rate.seconds, rate.name)
