"""What both adapters do alike: in memory, and in a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import time
from uuid import uuid4

import pytest

from commerce.core.clock import system_clock
from commerce.core.limiter import Bucket, Rate, RateLimiter
from commerce.integrations.rate_limits import memory_limiter
from commerce.integrations.rate_limits.redis import redis_limiter
from tests.support.limiters import OwnRedis, own_redis


@pytest.fixture(scope="module")
def redis() -> Iterator[OwnRedis]:
    with own_redis() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[RateLimiter]:
    if request.param == "memory":
        yield memory_limiter(system_clock)
        return
    async with redis_limiter(request.getfixturevalue("redis").url, system_clock) as shared:
        yield shared


@pytest.fixture
def rate() -> Rate:
    return Rate(f"rate-{uuid4()}", 100, 60)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket(f"bucket-{uuid4()}", 1_000, 0.001)


async def test_exactly_the_amount_passes_however_many_ask_at_once(
    limiter: RateLimiter, rate: Rate
) -> None:
    found = await asyncio.gather(*(limiter.hit(rate, "a") for _ in range(300)))
    assert sum(allowance.allowed for allowance in found) == 100


async def test_a_hit_tells_what_is_left_and_when_there_is_more(
    limiter: RateLimiter, rate: Rate
) -> None:
    first = await limiter.hit(rate, "a")
    assert (first.allowed, first.limit, first.remaining, first.retry_after) == (True, 100, 99, 0)
    assert first.reset_at == pytest.approx(time() + 60, abs=2)


async def test_a_refused_hit_tells_how_long_to_wait_and_counts_nothing(
    limiter: RateLimiter, rate: Rate
) -> None:
    one = Rate(rate.name, 1, 60)
    await limiter.hit(one, "a")
    for _ in range(3):
        refused = await limiter.hit(one, "a")
        assert (refused.allowed, refused.remaining) == (False, 0)
        assert refused.retry_after == pytest.approx(60, abs=2)


async def test_keys_and_rates_are_counted_apart(limiter: RateLimiter, rate: Rate) -> None:
    one = Rate(rate.name, 1, 60)
    other = Rate(rate.name + "-other", 1, 60)
    assert (await limiter.hit(one, "a")).allowed
    assert (await limiter.hit(one, "b")).allowed
    assert (await limiter.hit(other, "a")).allowed
    assert not (await limiter.hit(one, "a")).allowed


async def test_looking_counts_nothing(limiter: RateLimiter, rate: Rate) -> None:
    one = Rate(rate.name, 1, 60)
    for _ in range(3):
        assert (await limiter.look(one, "a")).allowed
    await limiter.hit(one, "a")
    looked = await limiter.look(one, "a")
    assert (looked.allowed, looked.remaining) == (False, 0)
    assert looked.retry_after == pytest.approx(60, abs=2)


async def test_what_is_forgotten_starts_anew(limiter: RateLimiter, rate: Rate) -> None:
    one = Rate(rate.name, 1, 60)
    await limiter.hit(one, "a")
    await limiter.forget(one, "a")
    assert (await limiter.hit(one, "a")).allowed


async def test_a_window_moves_on(limiter: RateLimiter, rate: Rate) -> None:
    two = Rate(rate.name, 2, 1)
    assert (await limiter.hit(two, "a")).allowed
    await asyncio.sleep(0.6)
    assert (await limiter.hit(two, "a")).allowed
    assert not (await limiter.hit(two, "a")).allowed
    await asyncio.sleep(0.6)  # the first has left the window, the second has not
    assert (await limiter.hit(two, "a")).allowed
    assert not (await limiter.hit(two, "a")).allowed


async def test_points_are_taken_all_or_none(limiter: RateLimiter, bucket: Bucket) -> None:
    found = await asyncio.gather(*(limiter.take(bucket, "a", 30) for _ in range(50)))
    assert sum(allowance.allowed for allowance in found) == 33  # of 1,000 points
    last = await limiter.take(bucket, "a", 30)
    assert (last.allowed, last.limit, last.remaining) == (False, 1_000, 10)
    assert last.retry_after == pytest.approx(20 / bucket.per_second, rel=0.01)
    assert (await limiter.take(bucket, "a", 10)).allowed
    assert (await limiter.take(bucket, "b", 1_000)).allowed


async def test_points_given_back_can_be_taken_again_and_never_overfill(
    limiter: RateLimiter, bucket: Bucket
) -> None:
    await limiter.take(bucket, "a", 1_000)
    await limiter.give_back(bucket, "a", 400)
    assert not (await limiter.take(bucket, "a", 401)).allowed
    assert (await limiter.take(bucket, "a", 400)).allowed
    await limiter.give_back(bucket, "a", 5_000)
    assert (await limiter.take(bucket, "a", 1_000)).allowed
    assert not (await limiter.take(bucket, "a", 1)).allowed


async def test_a_bucket_refills(limiter: RateLimiter, bucket: Bucket) -> None:
    fast = Bucket(bucket.name, 100, 100)
    assert (await limiter.take(fast, "a", 100)).allowed
    refused = await limiter.take(fast, "a", 50)
    assert not refused.allowed
    assert 0 < refused.retry_after <= 0.5
    await asyncio.sleep(refused.retry_after + 0.05)
    assert (await limiter.take(fast, "a", 50)).allowed
