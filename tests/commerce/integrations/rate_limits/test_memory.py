"""Bounds of the counters in memory, on a clock that is moved by hand."""

import tracemalloc

from commerce.core.limiter import Bucket, Rate
from commerce.integrations.rate_limits.memory import MemoryBuckets, WindowStorage, memory_limiter
from tests.support.limiters import HandClock

RATE = Rate("some", 3, 60)
BUCKET = Bucket("some", 100, 10)


def seconds(clock: HandClock) -> float:
    return clock().timestamp()


async def test_all_of_the_amount_is_there_again_after_the_window() -> None:
    clock = HandClock()
    limiter = memory_limiter(clock)
    for _ in range(3):
        assert (await limiter.hit(RATE, "a")).allowed
    clock.pass_(59.9)
    refused = await limiter.hit(RATE, "a")
    assert (refused.allowed, refused.retry_seconds) == (False, 1)
    clock.pass_(0.2)
    assert [(await limiter.hit(RATE, "a")).remaining for _ in range(3)] == [2, 1, 0]


async def test_a_bucket_refills_by_the_clock() -> None:
    clock = HandClock()
    limiter = memory_limiter(clock)
    assert (await limiter.take(BUCKET, "a", 100)).remaining == 0
    refused = await limiter.take(BUCKET, "a", 25)
    assert (refused.allowed, refused.retry_after) == (False, 2.5)
    assert refused.reset_at == seconds(clock) + 10
    clock.pass_(2.4)
    assert not (await limiter.take(BUCKET, "a", 25)).allowed
    clock.pass_(0.1)
    assert (await limiter.take(BUCKET, "a", 25)).allowed
    clock.pass_(3_600)
    assert (await limiter.take(BUCKET, "a", 0)).remaining == 100


async def test_a_clock_set_back_refills_nothing() -> None:
    clock = HandClock()
    limiter = memory_limiter(clock)
    await limiter.take(BUCKET, "a", 100)
    clock.pass_(-3_600)
    assert not (await limiter.take(BUCKET, "a", 1)).allowed


async def test_ended_windows_take_no_memory() -> None:
    clock = HandClock()
    storage = WindowStorage(lambda: seconds(clock))
    for number in range(500):
        await storage.acquire_entry(f"k{number}", 3, 60)
    clock.pass_(61)
    await storage.acquire_entry("new", 3, 60)
    assert len(storage) == 1


async def test_a_flood_of_keys_is_bounded_and_pushes_out_what_ends_first() -> None:
    clock = HandClock()
    storage = WindowStorage(lambda: seconds(clock), max_keys=100)
    await storage.acquire_entry("old", 1, 60)
    clock.pass_(1)
    await storage.acquire_entry("young", 1, 60)
    for number in range(99):
        await storage.acquire_entry(f"k{number}", 1, 60)
    assert len(storage) == 100
    assert await storage.acquire_entry("old", 1, 60)  # was pushed out, so it counts anew
    storage = WindowStorage(lambda: seconds(clock), max_hits=1_000)
    for number in range(5):
        await storage.acquire_entry(f"k{number}", 300, 60, amount=300)
    assert len(storage) == 3


async def test_full_buckets_take_no_memory_and_others_are_bounded() -> None:
    clock = HandClock()
    buckets = MemoryBuckets(lambda: seconds(clock), max_keys=100)
    for number in range(500):
        await buckets.take(BUCKET, f"k{number}", 1)
    assert len(buckets) == 100
    clock.pass_(1)  # refills the one point each
    await buckets.take(BUCKET, "new", 1)
    assert len(buckets) == 1


async def test_a_flood_of_one_rate_leaves_the_others_alone() -> None:
    limiter = memory_limiter(HandClock(), max_keys=10)
    sign_in = Rate("sign_in", 1, 60)
    assert (await limiter.hit(sign_in, "account")).allowed
    for number in range(1_000):
        await limiter.hit(RATE, f"address {number}")
    assert not (await limiter.hit(sign_in, "account")).allowed


async def test_tens_of_thousands_of_addresses_take_few_megabytes() -> None:
    limiter = memory_limiter(HandClock())
    tracemalloc.start()
    try:
        for number in range(30_000):
            await limiter.hit(RATE, f"2001:db8:{number // 1000:x}:{number % 1000:x}::/64")
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 15_000_000
