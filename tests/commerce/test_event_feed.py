"""Listeners of one process: what they share, and what they read for themselves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.events import EventType
from commerce.core.pool import Database
from commerce.core.problems import InvalidCursorError
from commerce.event_feed import EventFeed, Newest, event_feed, feeding
from commerce.event_relay import EventRelay
from commerce.events.repository.log import EventLog
from commerce.events.rules import EventFilter
from commerce.runtime import Resources
from tests.support.live import happen

EVERYTHING = EventFilter()


@pytest.fixture
def shop(resources: Resources, database: Database, committed_url: str) -> Resources:
    return replace(
        resources, open_unit=units_on(database), database=database, database_url=committed_url
    )


async def logged(shop: Resources, *ids: int, kind: str = "Order") -> None:
    await happen(shop.open_unit, *ids, kind=kind)
    await EventRelay(shop, []).move()


@asynccontextmanager
async def fed(shop: Resources, most: int = 1_000) -> AsyncIterator[EventFeed]:
    feed = event_feed(shop)
    feed._newest = Newest(most)
    async with feeding(feed):
        yield feed


async def heard(rows: Any, most: int) -> list[tuple[str, int]]:
    async with asyncio.timeout(30):
        found = [await anext(rows) for _ in range(most)]
    return [(row.resource_type, row.resource_id) for row in found]


def test_the_newest_are_kept_and_what_is_gone_is_known() -> None:
    newest = Newest(3)
    newest.skip_to(10)
    assert newest.behind(9, 5) is None
    newest.add([SimpleNamespace(position=n) for n in (11, 12, 13, 14)])  # type: ignore[list-item]
    assert (len(newest), newest.before, newest.end) == (3, 11, 14)
    assert newest.behind(10, 5) is None
    for position, found in ((11, [12, 13]), (13, [14]), (14, []), (20, [])):
        rows = newest.behind(position, 2)
        assert rows is not None
        assert [row.position for row in rows] == found
    newest.skip_to(9)
    assert newest.end == 14
    newest.skip_to(20)
    assert (len(newest), newest.before) == (0, 20)


@pytest.mark.parametrize("most", [2, 1_000])
async def test_whoever_comes_late_goes_on_from_the_log_to_what_is_new(
    shop: Resources, most: int
) -> None:
    """However little is shared: the log has the rest."""
    carts = EventFilter(resource=("Cart", 7))
    async with fed(shop, most) as feed, AsyncExitStack() as stack:
        await logged(shop, *range(1, 5))
        await logged(shop, 7, 8, kind="Cart")
        await logged(shop, 7, kind="Cart")
        fast = await stack.enter_async_context(aclosing(await feed.listen(EVERYTHING, 0)))
        slow = await stack.enter_async_context(aclosing(await feed.listen(EVERYTHING, 2)))
        mine = await stack.enter_async_context(aclosing(await feed.listen(carts, 0)))
        now = await stack.enter_async_context(aclosing(await feed.listen(EVERYTHING)))
        assert await heard(fast, 4) == [("Order", n) for n in range(1, 5)]
        assert await heard(slow, 1) == [("Order", 3)]
        assert await heard(mine, 2) == [("Cart", 7)] * 2
        await logged(shop, *range(10, 130))
        await logged(shop, 7, kind="Cart")
        assert await heard(now, 121) == [*(("Order", n) for n in range(10, 130)), ("Cart", 7)]
        assert await heard(mine, 1) == [("Cart", 7)]
        assert (await heard(fast, 124))[-1] == ("Cart", 7)
        assert (await heard(slow, 125))[-1] == ("Cart", 7)
        assert len(feed._newest) <= most


async def test_a_cursor_of_what_is_not_kept_any_more_is_refused(shop: Resources) -> None:
    await logged(shop, 1, 2, 3)
    later = system_clock() + timedelta(days=1)
    async with shop.open_unit() as uow, fed(shop) as feed:
        await uow.transact(lambda: EventLog(uow).forget(later, 2))
        for position, good in ((0, False), (1, False), (2, True), (3, True), (4, False)):
            if good:
                await (await feed.listen(EVERYTHING, position)).aclose()
            else:
                with pytest.raises(InvalidCursorError):
                    await feed.listen(EVERYTHING, position)
        await uow.transact(lambda: EventLog(uow).forget(later, 2))
        with pytest.raises(InvalidCursorError):
            await feed.listen(EVERYTHING, 2)


async def test_many_listeners_read_the_log_once(
    shop: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    after = EventLog.after

    async def counted(self: EventLog, position: int, at_most: int) -> Any:
        rows = await after(self, position, at_most)
        reads.append(len(rows))
        return rows

    monkeypatch.setattr(EventLog, "after", counted)
    async with fed(shop) as feed, AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(aclosing(await feed.listen(EVERYTHING)))
            for _ in range(20)
        ]
        waiting = [asyncio.create_task(heard(stream, 3)) for stream in streams]
        await asyncio.sleep(0.05)
        await logged(shop, 1, 2, 3)
        assert {tuple(found) for found in await asyncio.gather(*waiting)} == {
            (("Order", 1), ("Order", 2), ("Order", 3))
        }
    assert sum(reads) == 3
    assert not feed._listeners


def test_a_filter_admits_what_it_would_find() -> None:
    event = SimpleNamespace(type="order.paid", resource_type="Order", resource_id=1)
    for where, admits in (
        (EVERYTHING, True),
        (EventFilter((EventType.ORDER_PAID,)), True),
        (EventFilter((EventType.ORDER_CREATED,)), False),
        (EventFilter(()), False),
        (EventFilter(resource=("Order", 1)), True),
        (EventFilter(resource=("Order", 2)), False),
        (EventFilter(resource=("Cart", 1)), False),
        (EventFilter((EventType.ORDER_PAID,), ("Order", 1)), True),
    ):
        assert where.admits(event) is admits


async def test_an_empty_log_keeps_everything(uow: UnitOfWork) -> None:
    kept = await EventLog(uow).kept()
    assert kept.has_all_behind(kept.end)
