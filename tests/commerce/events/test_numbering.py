"""Events get their numbers when they can be seen: nobody who reads in order misses one."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, units_on
from commerce.core.events import Event, EventType
from commerce.core.outbox import OutgoingEvent, outgoing
from commerce.core.pool import Database
from commerce.events.models import LoggedEvent
from commerce.events.repository.log import EventLog
from commerce.events.repository.outbox import EventOutbox

numbers = count()


def happened(order_id: int, type_: EventType = EventType.ORDER_UPDATED, **data: int) -> Event:
    return Event(type_, "Order", order_id, data, part=next(numbers))


async def record(open_unit: OpenUnit, *events: Event) -> None:
    async with open_unit() as uow:

        async def work() -> None:
            for event in events:
                uow.record(event)

        await uow.transact(work)


async def numbered(open_unit: OpenUnit, at_most: int = 500) -> range:
    async with open_unit() as uow:
        return await uow.transact(lambda: EventOutbox(uow).number(at_most))


async def logged(open_unit: OpenUnit, after: int = 0) -> list[tuple[int, int, int]]:
    """(position, order, number among the order's own)."""
    async with open_unit() as uow:
        rows = await EventLog(uow).after(after, 1000)
        return [(row.position, row.resource_id, row.resource_sequence) for row in rows]


async def test_events_are_logged_in_the_order_of_their_writing(database: Database) -> None:
    open_unit = units_on(database)
    await record(open_unit, happened(7), happened(8), happened(7))
    await record(open_unit, happened(7))
    assert await numbered(open_unit) == range(1, 5)
    assert await logged(open_unit) == [(1, 7, 1), (2, 8, 1), (3, 7, 2), (4, 7, 3)]
    assert await numbered(open_unit) == range(0)


async def test_a_batch_is_followed_by_the_next(database: Database) -> None:
    open_unit = units_on(database)
    await record(open_unit, *(happened(1) for _ in range(5)))
    assert [await numbered(open_unit, 2) for _ in range(3)] == [
        range(1, 3),
        range(3, 5),
        range(5, 6),
    ]
    assert [row[2] for row in await logged(open_unit)] == [1, 2, 3, 4, 5]


async def test_what_is_rolled_back_never_happened(database: Database) -> None:
    open_unit = units_on(database)
    async with open_unit() as uow:

        async def work() -> bool:
            uow.record(happened(1))
            return False

        assert await uow.transact(work, keep=lambda done: done) is False
        await uow.transact(lambda: asyncio.sleep(0))  # nothing is left over for the next one
    assert await numbered(open_unit) == range(0)


async def test_a_transaction_that_is_tried_again_tells_once(database: Database) -> None:
    open_unit = units_on(database)
    tries = count()
    async with open_unit() as uow:

        async def work() -> None:
            uow.record(happened(1))
            if next(tries) == 0:
                await uow.change(text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))

        await uow.transact(work)
    assert next(tries) == 2
    assert await numbered(open_unit) == range(1, 2)


class LogReader:
    """Goes on behind the last position."""

    def __init__(self, open_unit: OpenUnit) -> None:
        self._open_unit = open_unit
        self._last = 0

    async def read(self) -> list[int]:
        await numbered(self._open_unit)
        rows = await logged(self._open_unit, self._last)
        self._last = max((row[0] for row in rows), default=self._last)
        return [row[1] for row in rows]


class OutboxPoller:
    """Goes on behind the last id, which was taken before its transaction committed."""

    def __init__(self, open_unit: OpenUnit) -> None:
        self._open_unit = open_unit
        self._last = 0

    async def read(self) -> list[int]:
        behind = select(col(OutgoingEvent.id), col(OutgoingEvent.resource_id)).where(
            col(OutgoingEvent.id) > self._last
        )
        async with self._open_unit() as uow:
            rows = await uow.rows(behind)
        self._last = max((row.id for row in rows), default=self._last)
        return [row.resource_id for row in rows]


@pytest.mark.parametrize(("reader", "seen"), [(LogReader, [[2], [1]]), (OutboxPoller, [[2], []])])
async def test_a_slow_transaction_loses_nothing(
    database: Database, reader: type[LogReader | OutboxPoller], seen: list[list[int]]
) -> None:
    open_unit = units_on(database)
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        async with open_unit() as uow:

            async def work() -> None:
                await uow.change(*outgoing([happened(1)], uow.stamp))
                written.set()
                await may_commit.wait()

            await uow.transact(work)

    slow, reading = asyncio.create_task(slowly()), reader(open_unit)
    await written.wait()
    await record(open_unit, happened(2))
    first = await reading.read()
    may_commit.set()
    await slow
    assert [first, await reading.read()] == seen


async def test_only_one_process_numbers_at_a_time(database: Database) -> None:
    open_unit = units_on(database)
    await record(open_unit, *(happened(number) for number in range(50)))
    async with open_unit() as first, open_unit() as second:

        async def both() -> tuple[range, range]:
            mine = await EventOutbox(first).number(20)
            theirs = await second.transact(lambda: EventOutbox(second).number(20))
            return mine, theirs

        assert await first.transact(both) == (range(1, 21), range(0))
    ranges = await asyncio.gather(*(numbered(open_unit, 5) for _ in range(6)))
    while left := await numbered(open_unit, 500):
        ranges.append(left)
    assert sorted(position for range_ in ranges for position in range_) == list(range(21, 51))


async def test_numbers_go_on_where_events_were_forgotten(database: Database) -> None:
    open_unit = units_on(database)
    await record(open_unit, happened(1), happened(1))
    await numbered(open_unit)
    async with open_unit() as uow:
        log = EventLog(uow)
        tomorrow = system_clock() + timedelta(days=1)
        assert await uow.transact(lambda: log.forget(tomorrow, 10)) == 2
    await record(open_unit, happened(1))
    await numbered(open_unit)
    assert await logged(open_unit) == [(3, 1, 3)]


async def test_the_log_is_never_changed(database: Database) -> None:
    open_unit = units_on(database)
    await record(open_unit, happened(1))
    await numbered(open_unit)
    async with open_unit() as uow:
        with pytest.raises(DBAPIError, match="append-only"):
            await uow.transact(lambda: uow.change(update(LoggedEvent).values(actor="nobody")))


async def test_events_need_a_transaction(database: Database) -> None:
    async with units_on(database)() as uow:
        with pytest.raises(RuntimeError, match="recorded by transactions"):
            uow.record(happened(1))
