"""One limiter from two halves: hits in moving windows, points in buckets."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol

from limits import RateLimitItem, RateLimitItemPerSecond, WindowStats
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter

from commerce.core.clock import Clock
from commerce.core.limiter import Allowance, Bucket, Rate

KNOWN_RATES: Final = 256  # rates are written in the code and the settings, not made by callers


class Buckets(Protocol):
    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        """Take points, all or none; negative ones are given back and always pass."""


class Windows:
    """Moving windows over the storages of `limits`; `storage_of` answers the one of a rate."""

    def __init__(self, storage_of: Callable[[Rate], Storage]) -> None:
        self._window = lru_cache(KNOWN_RATES)(
            lambda rate: MovingWindowRateLimiter(storage_of(rate))
        )

    async def hit(self, rate: Rate, key: str) -> tuple[bool, WindowStats]:
        """Whether it passed, and what it left."""
        allowed = await self._window(rate).hit(item_of(rate), key)
        return allowed, await self.look(rate, key)

    async def look(self, rate: Rate, key: str) -> WindowStats:
        return await self._window(rate).get_window_stats(item_of(rate), key)

    async def forget(self, rate: Rate, key: str) -> None:
        await self._window(rate).clear(item_of(rate), key)


class CountingLimiter:
    """A `RateLimiter`."""

    def __init__(self, windows: Windows, buckets: Buckets, clock: Clock) -> None:
        self._windows = windows
        self._buckets = buckets
        self._clock = clock

    async def hit(self, rate: Rate, key: str) -> Allowance:
        allowed, window = await self._windows.hit(rate, key)
        return self._told(rate, window, allowed)

    async def look(self, rate: Rate, key: str) -> Allowance:
        window = await self._windows.look(rate, key)
        return self._told(rate, window, window.remaining > 0)

    async def forget(self, rate: Rate, key: str) -> None:
        await self._windows.forget(rate, key)

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        return await self._buckets.take(bucket, key, points)

    async def give_back(self, bucket: Bucket, key: str, points: int) -> None:
        await self._buckets.take(bucket, key, -points)

    def _told(self, rate: Rate, window: WindowStats, allowed: bool) -> Allowance:
        wait = 0.0 if allowed else max(window.reset_time - self._clock().timestamp(), 0.0)
        remaining = max(window.remaining, 0)
        return Allowance(allowed, rate.amount, remaining, window.reset_time, wait)


@lru_cache(KNOWN_RATES)
def item_of(rate: Rate) -> RateLimitItem:
    return RateLimitItemPerSecond(rate.amount, rate.seconds, rate.name)
