"""Transactions wait for their turn; reading waits for nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from commerce.core.turns import Turns


class Counted:
    """Lanes that count who is on them."""

    def __init__(self) -> None:
        self.writing = self.most = 0

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Any]:
        yield "reading"

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[Any]:
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
