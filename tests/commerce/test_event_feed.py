"""The feed of one process goes on listening, whatever becomes of its connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from commerce import event_feed
from commerce.event_feed import EventFeed, feeding

# What drivers raise that are cut off, and what nobody has thought of.
TROUBLES = (OSError("reset"), RuntimeError("the handler is closed"), KeyError("state"))


class Held:
    """A connection that stays."""

    def __init__(self) -> None:
        self.is_held = asyncio.Event()

    async def hold(self) -> None:
        self.is_held.set()
        await asyncio.Event().wait()


async def test_whatever_happens_to_its_connection_it_opens_another(
    open_unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_feed, "PAUSE", 0.001)
    troubles, held = list(TROUBLES), Held()

    @asynccontextmanager
    async def hearing(_heard: Any) -> AsyncIterator[Any]:
        if troubles:
            raise troubles.pop(0)
        yield held

    async with feeding(EventFeed(open_unit, hearing)), asyncio.timeout(10):
        await held.is_held.wait()
    assert troubles == []
