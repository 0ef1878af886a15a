"""Counters in the process, bounded against callers that make up ever new keys.

Each rate has counters of its own, so that a flood of addresses does not push out anything else.
What is pushed out is the counter that would have ended first.
"""

from bisect import bisect_left
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Final

from limits.aio.storage import MemoryStorage

from commerce.core.clock import Clock
from commerce.core.limiter import Allowance, Bucket
from commerce.integrations.rate_limits.counting import CountingLimiter, Windows
from commerce.integrations.rate_limits.levels import FULL, Level, allowance, drawn, full_at

MAX_KEYS: Final = 10_000
MAX_HITS: Final = 250_000  # of one rate, 8 MB

Now = Callable[[], float]


def memory_limiter(clock: Clock, max_keys: int = MAX_KEYS) -> CountingLimiter:
    """Exact within one process; forgotten when it ends."""

    def now() -> float:
        return clock().timestamp()

    windows = Windows(lambda _rate: WindowStorage(now, max_keys))
    return CountingLimiter(windows, MemoryBuckets(now, max_keys), clock)


class WindowStorage(MemoryStorage):
    """Moving windows of one rate.

    In place of the library's own, which goes through all keys in threads whenever one is hit.
    """

    def __init__(self, now: Now, max_keys: int = MAX_KEYS, max_hits: int = MAX_HITS) -> None:
        super().__init__()
        self._now = now
        self._max_keys = max_keys
        self._max_hits = max_hits
        # Times of hits, the newest last. The key whose newest hit is oldest comes first.
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return len(self._hits)

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        if amount > limit:
            return False
        now = self._now()
        self._expire(now - expiry)
        times = self._hits.get(key)
        if times is not None:
            self._trim(times, now - expiry)
            if len(times) + amount > limit:
                return False
        else:
            times = self._hits[key] = deque()
        times.extend([now] * amount)
        self._count += amount
        self._hits.move_to_end(key)
        self._bound()
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = self._now()
        times = self._hits.get(key, ())
        first = bisect_left(times, now - expiry)
        return (times[first], len(times) - first) if first < len(times) else (now, 0)

    async def clear(self, key: str) -> None:
        self._count -= len(self._hits.pop(key, ()))

    def _expire(self, before: float) -> None:
        while self._hits and next(iter(self._hits.values()))[-1] < before:
            self._drop_first()

    def _trim(self, times: deque[float], before: float) -> None:
        while times and times[0] < before:
            times.popleft()
            self._count -= 1

    def _bound(self) -> None:
        while len(self._hits) > self._max_keys or self._count > self._max_hits:
            self._drop_first()

    def _drop_first(self) -> None:
        self._count -= len(self._hits.popitem(last=False)[1])


class MemoryBuckets:
    """Levels of buckets; a full one needs no memory."""

    def __init__(self, now: Now, max_keys: int = MAX_KEYS) -> None:
        self._now = now
        self._max_keys = max_keys
        self._levels: defaultdict[Bucket, OrderedDict[str, Level]] = defaultdict(OrderedDict)

    def __len__(self) -> int:
        return sum(len(levels) for levels in self._levels.values())

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        now, levels = self._now(), self._levels[bucket]
        allowed, level = drawn(bucket, levels.get(key, FULL), points, now)
        levels[key] = level
        levels.move_to_end(key)
        self._bound(bucket, levels, now)
        return allowance(bucket, level, points, allowed)

    def _bound(self, bucket: Bucket, levels: OrderedDict[str, Level], now: float) -> None:
        while levels:
            first = next(iter(levels.values()))
            if len(levels) <= self._max_keys and full_at(bucket, first) > now:
                return
            levels.popitem(last=False)
