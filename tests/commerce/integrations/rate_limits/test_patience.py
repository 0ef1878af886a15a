"""Silence ends a wait; being too busy to listen does not."""

import asyncio
from time import perf_counter, sleep

import pytest

from commerce.integrations.rate_limits.patience import Patience
from tests.support.machine import within

SECONDS = 0.1


async def test_a_wait_for_nothing_ends() -> None:
    start = perf_counter()
    with pytest.raises(TimeoutError):
        async with Patience(SECONDS).wait():
            await asyncio.sleep(60)
    assert SECONDS * 0.9 < perf_counter() - start < within(SECONDS * 3)


async def test_a_loop_that_is_busy_for_long_still_hears_the_answer() -> None:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def busy() -> None:
        sleep(SECONDS * 3)

    async def relay() -> str:
        """Takes a few turns of the loop to hand the answer on, as a client library does."""
        found = await answer
        for _ in range(3):
            await asyncio.sleep(0)
        return found

    for guarded in (True, False):
        answer = loop.create_future()
        loop.call_later(0.01, busy)
        loop.call_later(0.011, answer.set_result, "here")  # came in time, heard late
        wait = Patience(SECONDS).wait() if guarded else asyncio.timeout(SECONDS)
        try:
            async with wait:
                assert await relay() == "here"
        except TimeoutError:
            assert not guarded
        else:
            assert guarded, "a plain timeout would do"


async def test_those_in_a_long_queue_wait_while_others_are_answered() -> None:
    patience = Patience(SECONDS)
    turn = asyncio.Lock()

    async def queue() -> None:
        async with patience.wait(), turn:
            await asyncio.sleep(SECONDS / 4)

    await asyncio.gather(*(queue() for _ in range(12)))  # the last one waits three times as long


async def test_one_that_is_never_answered_does_not_wait_for_ever_among_others() -> None:
    patience = Patience(0.02)
    start = perf_counter()

    async def lost() -> None:
        async with patience.wait():
            await asyncio.sleep(60)

    losing = asyncio.create_task(lost())
    while not losing.done() and perf_counter() - start < 5:
        async with patience.wait():
            await asyncio.sleep(0.001)
    with pytest.raises(TimeoutError):
        await losing
    assert perf_counter() - start < within(0.02 * 10 * 2)


async def test_a_cancelled_wait_is_cancelled_and_leaves_no_timer() -> None:
    patience = Patience(0.01)

    async def work() -> None:
        async with patience.wait():
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.15)  # a timer left behind would raise into the loop now
