"""Transactions of one process, a few at a time.

A process has one processor: of many transactions at once each takes many times as long, and keeps
its locks for as long, until those who wait for them give up. In turns all are done sooner.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from commerce.core.db import Lanes


class Turns:
    """Lanes of which the writing one is for `at_once` transactions; the next ones wait."""

    def __init__(self, lanes: Lanes, at_once: int) -> None:
        self._lanes = lanes
        self._free = asyncio.Semaphore(at_once)

    def reader(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._lanes.reader()

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncConnection]:
        async with self._free, self._lanes.writer() as connection:
            yield connection
