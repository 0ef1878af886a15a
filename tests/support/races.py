"""Steering two tasks into the moment where they could harm each other."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from tests.support.machine import within


class Meeting:
    """`arrive` returns when all parties are there, or when one has waited long enough for them.

    Without a guard they meet, and go on together. A guard keeps the second one from arriving
    until the first is done, so the first one has to stop waiting by itself.
    """

    def __init__(self, parties: int = 2, patience: float = 0.5) -> None:
        self._missing = parties
        self._patience = within(patience)
        self._complete = asyncio.Event()

    async def arrive(self) -> None:
        self._missing -= 1
        if self._missing == 0:
            self._complete.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._complete.wait(), self._patience)


def without_locks(patch: pytest.MonkeyPatch, rank: Rank, pause: float = 0.1) -> None:
    """Let transactions read what is of that rank without locking it, and then dawdle."""
    guarded = UnitOfWork.locked

    async def locked(
        self: UnitOfWork, wanted: Rank, statement: Any, *values: Any, **of: Any
    ) -> Any:
        if wanted is not rank:
            return await guarded(self, wanted, statement, *values, **of)
        found = await self.rows(statement, *values)
        await asyncio.sleep(pause)
        return found

    patch.setattr(UnitOfWork, "locked", locked)
