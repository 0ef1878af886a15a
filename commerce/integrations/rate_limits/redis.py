"""Counters in Redis: exact over all processes that share it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from limits import WindowStats
from limits.aio.storage import RedisStorage
from limits.aio.storage.redis.bridge import RedisBridge
from redis.asyncio import BlockingConnectionPool, Redis

from commerce.core.clock import Clock
from commerce.core.limiter import Allowance, Bucket, Rate
from commerce.integrations.rate_limits.counting import CountingLimiter, Windows, item_of
from commerce.integrations.rate_limits.levels import Level, allowance
from commerce.integrations.rate_limits.patience import PATIENCE, Patience

PREFIX: Final = "storegraph"
SCHEME: Final = "redis://"  # the pool knows the address
CONNECTIONS: Final = 32

# The rules of `levels.drawn`, in one step nobody can come between, on Redis's own clock: processes
# on machines whose clocks differ draw from one bucket.
DRAW: Final = """
local capacity, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local points = tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local there = capacity
local kept = redis.call('HMGET', KEYS[1], 'points', 'at')
if kept[1] then
  local passed = math.max(now - tonumber(kept[2]), 0)
  there = math.min(capacity, tonumber(kept[1]) + passed * per_second)
end
local allowed = 0
if points <= there then
  allowed = 1
  there = math.min(capacity, there - points)
end
local level, at = string.format('%.6f', there), string.format('%.6f', now)
redis.call('HSET', KEYS[1], 'points', level, 'at', at)
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - there) / per_second * 1000) + 1000)
return {allowed, level, at}
"""


# Two scripts of the library in one: a hit, and what it leaves, on one way to Redis and back.
HIT: Final = """
local function acquire(ARGV)
{acquire}
end
local function window(ARGV)
{window}
end
local acquired = acquire({{ARGV[1], ARGV[2], ARGV[3], 1}})
local left = window({{ARGV[1] - ARGV[3], ARGV[2]}}) or {{ARGV[1], 0}}
return {{acquired and 1 or 0, left[1], left[2]}}
"""


@asynccontextmanager
async def redis_limiter(url: str, clock: Clock) -> AsyncIterator[CountingLimiter]:
    """Every method raises `RedisError` or `OSError` while Redis cannot be reached.

    Nothing is tried twice, and nothing here ends a wait: see `Patience`.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=None,
        socket_timeout=None,
        socket_connect_timeout=None,
        protocol=2,
    )
    options: dict[str, Any] = {"connection_pool": pool}  # its type lists plain values alone
    storage = RedisStorage(SCHEME, implementation="redispy", key_prefix=PREFIX, **options)
    try:
        client = Redis.from_pool(pool)
        windows = RedisWindows(client, storage, clock)
        yield CountingLimiter(windows, RedisBuckets(client), clock)
    finally:
        await pool.disconnect()


async def redis_version(url: str) -> str:
    """Raises like every method of the limiter, or `TimeoutError`."""
    async with Redis.from_url(url, protocol=2) as client, Patience(PATIENCE).wait():
        return str((await client.info("server"))["redis_version"])


class RedisWindows(Windows):
    def __init__(self, client: "Redis", storage: RedisStorage, clock: Clock) -> None:
        super().__init__(lambda _rate: storage)
        acquire, window = RedisBridge.SCRIPT_ACQUIRE_MOVING_WINDOW, RedisBridge.SCRIPT_MOVING_WINDOW
        script = HIT.format(acquire=acquire.decode(), window=window.decode())
        self._hit = client.register_script(script)
        self._clock = clock

    async def hit(self, rate: Rate, key: str) -> tuple[bool, WindowStats]:
        name = f"{PREFIX}:{item_of(rate).key_for(key)}"
        arguments = [self._clock().timestamp(), rate.amount, rate.seconds]
        acquired, oldest, count = await self._hit(keys=[name], args=arguments)
        return bool(acquired), WindowStats(float(oldest) + rate.seconds, rate.amount - count)


class RedisBuckets:
    def __init__(self, client: "Redis") -> None:
        self._draw = client.register_script(DRAW)

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        name = f"{PREFIX}:{bucket.name}/{key}/{bucket.capacity}/{bucket.per_second:g}"
        arguments = [bucket.capacity, bucket.per_second, points]
        allowed, there, at = await self._draw(keys=[name], args=arguments)
        return allowance(bucket, Level(float(there), float(at)), points, bool(allowed))
