"""How long to wait for somebody who usually answers at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

PATIENCE: Final = 0.1  # seconds without an answer
TURNS: Final = 10
MOST: Final = 10  # times the patience, while others are answered


class Patience:
    """Ends a wait once nobody has been answered for `seconds`.

    They are counted in turns of the event loop: a process that is too busy to read its answers
    must not take that for silence.
    """

    def __init__(self, seconds: float) -> None:
        self._turn = seconds / TURNS
        self._answers = 0

    @asynccontextmanager
    async def wait(self) -> AsyncIterator[None]:
        """Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        silent, seen, left = 0, self._answers, TURNS * MOST
        timer: asyncio.TimerHandle

        def turn() -> None:
            nonlocal timer, silent, seen, left
            silent = silent + 1 if self._answers == seen else 0
            seen, left = self._answers, left - 1
            if silent < TURNS and left > 0:
                timer = loop.call_later(self._turn, turn)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_later(self._turn, turn)
        try:
            async with asyncio.timeout(None) as limit:
                yield
        finally:
            timer.cancel()
        self._answers += 1
