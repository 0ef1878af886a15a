"""Adapters of `RateLimiter`: in the memory of one process, or in Redis for many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from commerce.core.clock import Clock
from commerce.core.limiter import RateLimiter
from commerce.integrations.rate_limits.fallback import SteadyRateLimiter
from commerce.integrations.rate_limits.memory import memory_limiter
from commerce.integrations.rate_limits.redis import redis_limiter, redis_version

__all__ = ["memory_limiter", "rate_limiter", "redis_version"]


@asynccontextmanager
async def rate_limiter(redis_url: str | None, clock: Clock) -> AsyncIterator[RateLimiter]:
    """The limiter of one process: counts in Redis if there is one, and by itself while it is away.

    Nothing is connected before the first hit. Raises `ValueError` for an address that is none.
    """
    own = memory_limiter(clock)
    if redis_url is None:
        yield own
        return
    async with redis_limiter(redis_url, clock) as shared:
        yield SteadyRateLimiter(shared, own)
