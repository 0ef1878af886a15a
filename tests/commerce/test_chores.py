"""What a server does by itself: again and again, and whatever goes wrong."""

import asyncio

import pytest
import structlog

from commerce.chores import CHORES, Chore, do, doing
from commerce.core.problems import UnavailableError
from commerce.runtime import Resources
from commerce.wiring import Services
from tests.support.machine import within


@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: chore.name)
async def test_every_chore_can_be_done_in_an_empty_store(
    resources: Resources, chore: Chore
) -> None:
    with structlog.testing.capture_logs() as logs:
        assert await do(resources, chore) == 0
    assert logs == []


@pytest.mark.parametrize("error", [ValueError("a bug"), UnavailableError("away")])
async def test_what_goes_wrong_is_told_and_left_for_the_next_time(
    resources: Resources, error: Exception
) -> None:
    async def fail(_services: Services) -> int:
        raise error

    with structlog.testing.capture_logs() as logs:
        assert await do(resources, Chore("broken", 1, fail)) == 0
    assert [entry["chore"] for entry in logs] == ["broken"]


async def test_chores_are_done_again_and_again_until_the_end(resources: Resources) -> None:
    done, thrice = 0, asyncio.Event()

    async def work(_services: Services) -> int:
        nonlocal done
        done += 1
        if done == 3:
            thrice.set()
        return 0

    async with doing(resources, [Chore("often", 0.01, work)]):
        await asyncio.wait_for(thrice.wait(), within(5))
    before = done
    await asyncio.sleep(0.05)
    assert done == before
