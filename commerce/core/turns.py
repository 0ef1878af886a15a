"""Transactions of one process, a few at a time.

A process has one processor: of many transactions at once each takes many times as long, and keeps
its locks for as long, until those who wait for them give up. In turns all are done sooner.

Whoever has had a turn goes before those who have not: a purchase that is paid for is written down
before another one is begun. And nobody begins what could not be done in time: who would wait too
long is told so at once, who has waited too long goes without, so that a flood of requests leaves
time for those that are done.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from math import inf
from time import monotonic
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.core.db import Lanes
from commerce.core.problems import UnavailableError
from commerce.core.stamp import Stamp

Waiting = deque[asyncio.Future[None]]

LATELY: Final = 16  # turns: how many count for how long one takes


class Turns:
    """Lanes of which the writing one is for `at_once` transactions; the next ones wait.

    Raises `UnavailableError` for a first turn that would not come within `patience` seconds.
    """

    def __init__(self, lanes: Lanes, at_once: int, patience: float = inf) -> None:
        self._lanes = lanes
        self._at_once = at_once
        self._patience = patience
        self._taken = 0
        self._first: Waiting = deque()
        self._further: Waiting = deque()
        self._seconds = 0.0  # what a turn takes, lately

    def reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._lanes.reader()

    @asynccontextmanager
    async def writer(
        self, stamp: Stamp = Stamp(), *, further: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        await self._turn(further=further)
        begun = monotonic()
        try:
            async with self._lanes.writer(stamp, further=further) as connection:
                yield connection
        finally:
            self._seconds += (monotonic() - begun - self._seconds) / LATELY
            self._pass_on()

    async def _turn(self, *, further: bool) -> None:
        if self._taken < self._at_once:
            self._taken += 1
            return
        patience = inf if further else self._patience
        if self._wait() > patience:
            raise _busy()
        turn = asyncio.get_running_loop().create_future()
        waiting = self._further if further else self._first
        waiting.append(turn)
        try:
            async with asyncio.timeout(None if patience == inf else patience):
                await turn
        except TimeoutError:
            self._leave(waiting, turn)
            raise _busy() from None
        except asyncio.CancelledError:
            self._leave(waiting, turn)
            raise

    def _leave(self, waiting: Waiting, turn: asyncio.Future[None]) -> None:
        if turn.cancelled():
            with suppress(ValueError):  # passed over already
                waiting.remove(turn)
        else:
            self._pass_on()  # it came just now, and nobody is there to take it

    def _wait(self) -> float:
        """About how long whoever comes now would wait for a first turn."""
        return self._seconds * (len(self._first) + len(self._further)) / self._at_once

    def _pass_on(self) -> None:
        for waiting in (self._further, self._first):
            while waiting:
                turn = waiting.popleft()
                if not turn.done():  # else whoever waited has just left
                    turn.set_result(None)
                    return
        self._taken -= 1


def _busy() -> UnavailableError:
    return UnavailableError("The server is busy. Ask again in a moment.")
