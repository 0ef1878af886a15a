"""Transactions wait for their turn; reading waits for nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.problems import UnavailableError
from commerce.core.stamp import Stamp
from commerce.core.turns import Turns


class Counted:
    """Lanes that count who is on them."""

    def __init__(self) -> None:
        self.writing = self.most = 0

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Any]:
        yield "reading"

    @asynccontextmanager
    async def writer(self, stamp: Stamp = Stamp(), *, further: bool = False) -> AsyncIterator[Any]:
        self.writing += 1
        self.most = max(self.most, self.writing)
        try:
            yield "writing"
        finally:
            self.writing -= 1


async def write(turns: Turns) -> str:
    async with turns.writer() as connection:
        await asyncio.sleep(0)
        return cast("str", connection)


async def test_so_many_transactions_are_open_at_once_and_no_more() -> None:
    lanes = Counted()
    turns = Turns(lanes, 3)
    assert await asyncio.gather(*(write(turns) for _ in range(20))) == ["writing"] * 20
    assert (lanes.most, lanes.writing) == (3, 0)


async def test_readers_wait_for_no_turn() -> None:
    turns = Turns(Counted(), 1)
    async with turns.writer(), asyncio.timeout(1), turns.reader() as connection:
        assert cast("str", connection) == "reading"


async def test_a_transaction_that_fails_gives_its_turn_back() -> None:
    turns = Turns(Counted(), 1)
    with pytest.raises(LookupError):
        async with turns.writer():
            raise LookupError
    assert await asyncio.wait_for(write(turns), 1) == "writing"


async def test_who_has_had_a_turn_goes_before_who_has_not() -> None:
    turns, order = Turns(Counted(), 1), []

    async def go(name: str, *, further: bool) -> None:
        async with turns.writer(further=further):
            order.append(name)

    async with turns.writer():
        waiting = [
            asyncio.create_task(go(name, further=name.startswith("paid")))
            for name in ("new", "newer", "paid", "paid, too")
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order == ["paid", "paid, too", "new", "newer"]


async def test_a_unit_of_work_says_that_it_had_a_turn() -> None:
    class Told(Counted):
        @asynccontextmanager
        async def writer(
            self, stamp: Stamp = Stamp(), *, further: bool = False
        ) -> AsyncIterator[Any]:
            told.append(further)
            yield AsyncMock()

    told: list[bool] = []
    unit = UnitOfWork(Told())
    for _ in range(3):
        await unit.transact(AsyncMock())
    assert told == [False, True, True]


async def test_who_has_waited_too_long_goes_without_and_holds_up_nobody() -> None:
    turns = Turns(Counted(), 1, patience=0.01)
    async with turns.writer():
        with pytest.raises(UnavailableError):
            await write(turns)
    assert await asyncio.wait_for(write(turns), 1) == "writing"


async def test_who_has_had_a_turn_waits_for_the_next_one() -> None:
    turns = Turns(Counted(), 1, patience=0.01)

    async def go_on() -> str:
        async with turns.writer(further=True) as connection:
            return cast("str", connection)

    async with turns.writer():
        going_on = asyncio.create_task(go_on())
        await asyncio.sleep(0.05)
    assert await asyncio.wait_for(going_on, 1) == "writing"


async def test_who_would_wait_too_long_is_told_at_once() -> None:
    """By how long turns take: after one of 50 ms, the eleventh in the queue would wait 30 ms."""
    turns = Turns(Counted(), 1, patience=0.03)
    async with turns.writer():
        await asyncio.sleep(0.05)
    async with turns.writer():
        waiting = [asyncio.create_task(write(turns)) for _ in range(40)]
        await asyncio.sleep(0)
        refused = [task for task in waiting if task.done()]
        assert 0 < len(refused) < 40
        with pytest.raises(UnavailableError):
            await refused[0]
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert answers.count("writing") == 40 - len(refused)


async def test_a_turn_that_comes_to_nobody_goes_to_the_next() -> None:
    turns = Turns(Counted(), 1)
    async with turns.writer():
        left, stays = (asyncio.create_task(write(turns)) for _ in range(2))
        await asyncio.sleep(0)
    left.cancel()  # after its turn was called, and before it heard of it
    assert await asyncio.wait_for(stays, 1) == "writing"
    assert await asyncio.wait_for(write(turns), 1) == "writing"
