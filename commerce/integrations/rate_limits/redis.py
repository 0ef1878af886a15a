"""Counters in Redis: exact over all processes that share it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from limits.aio.storage import RedisStorage
from redis.asyncio import BlockingConnectionPool, Redis

from commerce.core.clock import Clock
from commerce.core.limiter import Allowance, Bucket
from commerce.integrations.rate_limits.counting import CountingLimiter
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
        yield CountingLimiter(lambda _rate: storage, RedisBuckets(Redis.from_pool(pool)), clock)
    finally:
        await pool.disconnect()


async def redis_version(url: str) -> str:
    """Raises like every method of the limiter, or `TimeoutError`."""
    async with Redis.from_url(url, protocol=2) as client, Patience(PATIENCE).wait():
        return str((await client.info("server"))["redis_version"])


class RedisBuckets:
    def __init__(self, client: "Redis") -> None:
        self._draw = client.register_script(DRAW)

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        name = f"{PREFIX}:{bucket.name}/{key}/{bucket.capacity}/{bucket.per_second:g}"
        arguments = [bucket.capacity, bucket.per_second, points]
        allowed, there, at = await self._draw(keys=[name], args=arguments)
        return allowance(bucket, Level(float(there), float(at)), points, bool(allowed))
