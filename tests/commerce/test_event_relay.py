"""The server's own work of numbering what happened, beside real transactions."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest

from commerce.core.db import units_on
from commerce.core.events import Event, EventType
from commerce.core.pool import Database
from commerce.event_relay import CHANNEL, EventRelay, relaying
from commerce.runtime import Resources
from commerce.wiring import Services


@pytest.fixture
def shop(resources: Resources, database: Database) -> Resources:
    written = asyncio.Event()
    return replace(
        resources,
        open_unit=units_on(database, written.set),
        database=database,
        events_written=written,
    )


async def happen(shop: Resources, *ids: int) -> None:
    async with shop.open_unit() as uow:

        async def work() -> None:
            for id_ in ids:
                uow.record(Event(EventType.ORDER_UPDATED, "Order", id_))

        await uow.transact(work)


async def test_events_reach_those_who_take_part(shop: Resources) -> None:
    taken: list[range] = []
    reached = asyncio.Event()

    async def take(services: Services, positions: range) -> None:
        rows = await services.repositories.event_log.after(positions[0] - 1, 100)
        assert [row.position for row in rows] == list(positions)  # in the same transaction
        taken.append(positions)
        reached.set()

    async with relaying(shop, [take]):
        for number in (1, 2):
            reached.clear()
            await happen(shop, number)
            async with asyncio.timeout(30):
                await reached.wait()
    assert taken == [range(1, 2), range(2, 3)]


async def test_who_fails_to_take_part_is_asked_again(shop: Resources) -> None:
    await happen(shop, 1, 2)
    asked = 0

    async def take(_services: Services, _positions: range) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise RuntimeError("not now")

    relay = EventRelay(shop, [take])
    with pytest.raises(RuntimeError, match="not now"):
        await relay.move()
    assert (await relay.move(), await relay.move(), asked) == (2, 0, 2)


async def test_other_processes_are_told_how_far_the_log_goes(
    shop: Resources, committed_url: str
) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(committed_url.replace("+asyncpg", ""))
    try:
        await connection.add_listener(CHANNEL, lambda *heard: told.put_nowait(heard[-1]))
        await happen(shop, 1, 2)
        assert await EventRelay(shop, []).move() == 2
        async with asyncio.timeout(30):
            assert await told.get() == "2"
    finally:
        await connection.close()
