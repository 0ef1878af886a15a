"""Reading the log, numbering what is new, and letting go of what is old."""

from datetime import timedelta
from typing import Final

from commerce.core.clock import Clock
from commerce.core.paging import Count, Page, PageArgs
from commerce.events.repository.log import EventLog, EventRow
from commerce.events.rules import EventFilter

FORGOTTEN_AT_ONCE: Final = 10_000


class EventService:
    def __init__(self, log: EventLog, clock: Clock, kept: timedelta) -> None:
        self._log = log
        self._clock = clock
        self._kept = kept

    async def page(self, where: EventFilter, args: PageArgs) -> Page[EventRow]:
        return await self._log.page(where, args)

    async def count(self, where: EventFilter, limit: int | None) -> Count:
        return await self._log.count(where, limit)

    async def forget(self) -> int:
        """Delete some of the events that were kept long enough; 0 when there are none left."""
        return await self._log.forget(self._clock() - self._kept, FORGOTTEN_AT_ONCE)
