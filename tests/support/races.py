"""Steering two tasks into the moment where they could harm each other."""

import asyncio
from contextlib import suppress

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
