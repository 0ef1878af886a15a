"""What happened, handed to whoever listens in this server process, as soon as it is in the log.

Notifications only say that there is something new: all is read from the log, behind the place each
reader has come to. One that is lost, or a connection that is, delays events and loses none.
"""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import structlog

from commerce.core.db import OpenUnit
from commerce.core.paging import PageArgs
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import InvalidCursorError, UnavailableError
from commerce.event_relay import CHANNEL
from commerce.events.repository.log import EventLog, EventRow
from commerce.events.rules import EventFilter, Kept
from commerce.runtime import Resources

log: Final = structlog.get_logger("commerce.events")

AT_ONCE: Final = 500  # events read from the log together
SHARED: Final = 1_000  # newest events that are kept for all who listen
HANDED: Final = 100  # events that one listener holds
READERS: Final = 4  # of who listens, so many catch up side by side
LOOK_EVERY: Final = 5.0  # seconds: for what no notification told
PAUSE: Final = 1.0  # seconds, after something went wrong
PATIENCE: Final = 5.0  # seconds
ALONE: Final = PoolLimits(size=1, overflow=0)

Heard = Callable[[str], None]
# A connection on which `Heard` is called; its body may ask whether the connection still works.
Hearing = Callable[[Heard], AbstractAsyncContextManager["Line"]]


class Newest:
    """The newest events of the log, without a gap: all behind `before` and up to `end`."""

    def __init__(self, most: int = SHARED) -> None:
        self._most = most
        self._rows: list[EventRow] = []
        self.before = 0
        self.end = 0

    def __len__(self) -> int:
        return len(self._rows)

    def skip_to(self, end: int) -> None:
        """Forget what is there: nobody has listened, and who does now begins further on."""
        if end > self.end:
            self._rows.clear()
            self.before = self.end = end

    def add(self, rows: Sequence[EventRow]) -> None:
        """What comes next in the log."""
        self._rows.extend(rows)
        self.end = rows[-1].position
        over = len(self._rows) - self._most
        if over > 0:
            self.before = self._rows[over - 1].position
            del self._rows[:over]

    def behind(self, position: int, at_most: int) -> Sequence[EventRow] | None:
        """The next ones; None when some of them are not here any more."""
        if position < self.before:
            return None
        start = bisect_right(self._rows, position, key=_position)
        return self._rows[start : start + at_most]


class Line:
    """A connection that hears notifications."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: self._lost.set())

    async def hold(self) -> None:
        """Until it is lost, or does not answer any more."""
        while not self._lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._lost.wait()
                    return
            await self._connection.fetchval("SELECT 1", timeout=PATIENCE)


class EventFeed:
    """One per process. Whoever listens goes at a pace of their own, and holds no connection."""

    def __init__(self, open_unit: OpenUnit, hearing: Hearing) -> None:
        self._open_unit = open_unit
        self._hearing = hearing
        self._newest = Newest()
        self._told = 0
        self._listeners = 0
        self._news = asyncio.Event()
        self._grown = asyncio.Event()
        self._turn = asyncio.Semaphore(READERS)

    async def listen(
        self, where: EventFilter, after: int | None = None
    ) -> AsyncGenerator[EventRow, None]:
        """What happens from now on, or what has happened behind a position and goes on happening.

        Raises `InvalidCursorError` when not all behind the position is kept.
        """
        kept = await self._kept()
        if after is not None and not kept.has_all_behind(after):
            raise InvalidCursorError(
                "What happened behind this cursor is not kept any more: read things anew, and"
                " listen without it."
            )
        return self._events(where, kept.end if after is None else after, kept.end)

    async def run(self) -> None:
        await asyncio.gather(self._hear(), self._follow())

    async def _kept(self) -> Kept:
        async with self._turn, self._open_unit() as uow:
            return await EventLog(uow).kept()

    async def _events(
        self, where: EventFilter, position: int, end: int
    ) -> AsyncGenerator[EventRow, None]:
        with self._listening(end):
            while True:
                grown, reached = self._grown, self._newest.end
                rows = self._newest.behind(position, HANDED)
                if rows is None:
                    rows, reached = await self._older(where, position)
                elif len(rows) == HANDED:
                    reached = rows[-1].position
                for row in rows:
                    if where.admits(row):
                        yield row
                if reached > position:
                    position = reached
                else:
                    await grown.wait()

    async def _older(self, where: EventFilter, position: int) -> tuple[Sequence[EventRow], int]:
        """Some of what is only in the log, and how far that goes.

        What was in the log already when it was asked is not missed by going on from there.
        """
        known = self._newest.end
        async with self._turn, self._open_unit() as uow:
            page = await EventLog(uow).page(where, PageArgs(HANDED, (position,)))
        last = page.rows[-1].position if page.rows else position
        return page.rows, last if page.has_next else max(last, known)

    @contextmanager
    def _listening(self, end: int) -> Iterator[None]:
        if not self._listeners:
            self._newest.skip_to(end)
        self._listeners += 1
        self._news.set()
        try:
            yield
        finally:
            self._listeners -= 1

    async def _hear(self) -> None:
        """Keep a connection that hears of news, and look for them whenever it is a new one.

        Whatever the trouble is, another one is opened: a driver that is cut off in the middle of
        something raises more kinds of errors than it has names for.
        """
        while True:
            try:
                async with self._hearing(self._heard) as line:
                    self._news.set()
                    await line.hold()
                log.warning("events_unheard", reason="the connection was lost")
            except Exception as error:
                log.warning("events_unheard", reason=type(error).__name__)
            await asyncio.sleep(PAUSE)

    def _heard(self, last: str) -> None:
        self._told = max(self._told, int(last))
        self._news.set()

    async def _follow(self) -> None:
        while True:
            self._news.clear()
            if await self._read():
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._news.wait()

    async def _read(self) -> bool:
        """Whether there may be more."""
        if not self._listeners:
            self._newest.skip_to(self._told)
            return False
        try:
            async with self._open_unit() as uow:
                rows = await EventLog(uow).after(self._newest.end, AT_ONCE)
        except UnavailableError:
            log.warning("events_wait", reason="the database is not available")
        except Exception:
            log.exception("events_not_read")
        else:
            return self._add(rows)
        await asyncio.sleep(PAUSE)
        return True

    def _add(self, rows: Sequence[EventRow]) -> bool:
        if rows:
            self._newest.add(rows)
            grown, self._grown = self._grown, asyncio.Event()
            grown.set()
        return len(rows) == AT_ONCE


def event_feed(resources: Resources) -> EventFeed:
    @asynccontextmanager
    async def hearing(heard: Heard) -> AsyncIterator[Line]:
        database = Database(resources.database_url, ALONE)
        try:
            async with database.reader() as connection:
                raw = await connection.get_raw_connection()
                driver: Any = raw.driver_connection
                await driver.add_listener(CHANNEL, lambda *told: heard(told[-1]))
                yield Line(driver)
        finally:
            await database.close()

    return EventFeed(resources.open_unit_aside, hearing)


@asynccontextmanager
async def feeding(feed: EventFeed) -> AsyncIterator[None]:
    """Who listens hears of what happens until this is left."""
    task = asyncio.create_task(feed.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _position(row: EventRow) -> int:
    return row.position  # type: ignore[no-any-return]  # a row of the log
