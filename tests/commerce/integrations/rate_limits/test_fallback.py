"""Redis goes, stalls and comes back: nobody waits long, nobody is answered with an error."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from commerce.core.clock import system_clock
from commerce.core.limiter import Allowance, Bucket, Rate, RateLimiter
from commerce.integrations.rate_limits import memory_limiter, rate_limiter
from commerce.integrations.rate_limits.fallback import SteadyRateLimiter
from commerce.integrations.rate_limits.patience import PATIENCE
from commerce.integrations.rate_limits.redis import redis_limiter
from tests.support.limiters import OwnRedis, own_redis
from tests.support.machine import within

BUCKET = Bucket("some", 100, 0.001)
PAUSE = 0.2


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    with own_redis() as server:
        yield server


@pytest.fixture
def rate() -> Rate:
    return Rate(f"rate-{uuid4()}", 5, 60)


@asynccontextmanager
async def steady(url: str) -> AsyncIterator[RateLimiter]:
    async with redis_limiter(url, system_clock) as shared:
        yield SteadyRateLimiter(shared, memory_limiter(system_clock), pause=PAUSE)


async def hits(limiter: RateLimiter, rate: Rate, number: int) -> int:
    """How many of them passed."""
    return sum([(await limiter.hit(rate, "a")).allowed for _ in range(number)])


async def test_a_killed_redis_leaves_each_process_counting_and_is_told_once(
    redis: OwnRedis, rate: Rate
) -> None:
    async with steady(redis.url) as limiter:
        with capture_logs() as logs:
            assert await hits(limiter, rate, 3) == 3
            redis.kill()
            assert await hits(limiter, rate, 20) == 5  # its own counter begins at nothing
            assert (await limiter.take(BUCKET, "a", 100)).allowed
            assert not (await limiter.take(BUCKET, "a", 1)).allowed
            assert [entry["event"] for entry in logs] == ["rate_limit_store_lost"]
            redis.start()
            await asyncio.sleep(PAUSE + 0.05)
            assert await hits(limiter, rate, 20) == 5  # the new server knows nothing either
        told = [(entry["event"], entry["log_level"]) for entry in logs]
        assert told == [("rate_limit_store_lost", "warning"), ("rate_limit_store_back", "info")]
        assert await hits(limiter, rate, 1) == 0


async def test_of_many_in_flight_when_it_dies_one_tells(redis: OwnRedis) -> None:
    many = Rate("many", 1_000, 60)
    async with steady(redis.url) as limiter:
        with capture_logs() as logs:
            running = [asyncio.create_task(limiter.hit(many, "a")) for _ in range(200)]
            await asyncio.sleep(0.01)
            redis.kill()
            assert all(found.allowed for found in await asyncio.gather(*running))
            await limiter.hit(many, "a")
        assert [entry["event"] for entry in logs] == ["rate_limit_store_lost"]


async def test_a_stalled_redis_is_waited_for_briefly_and_by_few(
    redis: OwnRedis, rate: Rate
) -> None:
    async with steady(redis.url) as limiter:
        assert await hits(limiter, rate, 1) == 1
        os.kill(redis.pid, signal.SIGSTOP)
        try:
            start = perf_counter()
            assert await hits(limiter, rate, 100) == 5
            assert perf_counter() - start < within(PATIENCE * 3)
        finally:
            os.kill(redis.pid, signal.SIGCONT)
        await asyncio.sleep(PAUSE + 0.05)
        assert await hits(limiter, rate, 10) <= 4  # back on the shared counter, where one was spent


async def test_a_redis_that_was_never_there_costs_no_start(rate: Rate) -> None:
    async with rate_limiter("redis://127.0.0.1:1/0", system_clock) as limiter:
        assert await hits(limiter, rate, 10) == 5


async def test_a_lost_store_is_told_without_its_address(rate: Rate) -> None:
    url = "redis://:canary-4f1d@127.0.0.1:1/0"
    async with rate_limiter(url, system_clock) as limiter:
        with capture_logs() as logs:
            await limiter.hit(rate, "a")
    assert logs
    assert "canary" not in str(logs)
    assert "127.0.0.1" not in str(logs)


async def test_bugs_are_not_taken_for_a_lost_store(rate: Rate) -> None:
    class Broken(SteadyRateLimiter):
        async def hit(self, rate: Rate, key: str) -> Allowance:
            raise ValueError("a bug")

    own = memory_limiter(system_clock)
    with pytest.raises(ValueError, match="a bug"):
        await SteadyRateLimiter(Broken(own, own), own).hit(rate, "a")


async def test_two_processes_share_one_count_and_by_themselves_they_would_not(
    redis: OwnRedis, rate: Rate
) -> None:
    async with steady(redis.url) as one, steady(redis.url) as other:
        assert await hits(one, rate, 10) + await hits(other, rate, 10) == 5
    one, other = memory_limiter(system_clock), memory_limiter(system_clock)
    assert await hits(one, rate, 10) + await hits(other, rate, 10) == 10
