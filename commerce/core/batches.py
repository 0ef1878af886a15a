"""Large chores in small steps, so that none holds locks or a connection for long."""

from collections.abc import Awaitable, Callable
from typing import Final

ROWS_AT_ONCE: Final = 500


async def in_batches(work: Callable[[int], Awaitable[int]]) -> int:
    """Call `work` with the most rows it may do at once, until it does fewer: how many in all."""
    done = 0
    while True:
        count = await work(ROWS_AT_ONCE)
        done += count
        if count < ROWS_AT_ONCE:
            return done
