"""Guards of what is taken to be sent, and what happens without them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.runtime import Resources
from commerce.webhooks.repository import sending
from commerce.webhooks.repository.sending import SendingRepository
from tests.support.races import Meeting
from tests.support.webhooks import Sent, Shop, changed, receiving, shop_on

AT_ONCE = 4


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    yield shop
    await shop.resources.ports.outgoing.close()


class MetSending(SendingRepository):
    """Takers meet when they have looked which endpoints have something, before they take it."""

    def __init__(self, uow: UnitOfWork, meeting: Meeting, taken: Meeting) -> None:
        super().__init__(uow)
        self.meeting = meeting
        self.taken = taken

    async def _held(self, now: datetime) -> Sequence[int]:
        found = await super()._held(now)
        await self.meeting.arrive()
        return found


class FreeSending(MetSending):
    """The guard removed: endpoints are not held while their deliveries are counted."""

    async def _held(self, _now: datetime) -> Sequence[int]:
        found = await self._uow.scalars(text("SELECT id FROM webhook_endpoints"))
        await self.meeting.arrive()
        return found

    async def lease(self, at_once: int, now: datetime, until: datetime) -> Any:
        """Neither commits before both have taken."""
        taken = await super().lease(at_once, now, until)
        await self.taken.arrive()
        return taken


async def leased(shop: Shop, kind: type[MetSending]) -> list[int]:
    """The ids of what two takers got who came at the same time."""
    await shop.endpoint("http://127.0.0.1:9/")
    await shop.happen(*(changed(thing) for thing in range(3 * AT_ONCE)))
    meeting, taken, now = Meeting(), Meeting(), shop.clock()

    async def take() -> list[int]:
        async with units_on(shop.database)() as uow:
            own = kind(uow, meeting, taken)
            rows = await uow.transact(lambda: own.lease(AT_ONCE, now, now + timedelta(minutes=1)))
        return [row.id for row in rows]

    return [id_ for ids in await asyncio.gather(take(), take()) for id_ in ids]


async def test_two_takers_stay_within_what_an_endpoint_gets(shop: Shop) -> None:
    ids = await leased(shop, MetSending)
    assert len(ids) == len(set(ids)) == AT_ONCE


async def test_takers_that_hold_nothing_take_too_much(shop: Shop) -> None:
    assert len(await leased(shop, FreeSending)) > AT_ONCE


async def refused_at_first(shop: Shop) -> list[int]:
    """The events of one thing in the order in which they were accepted; the first is refused."""
    accepted: list[int] = []

    def answer(sent: Sent) -> tuple[int, dict[str, str]]:
        number = sent.json["data"]["changes"]["number"]
        if number == 1 and shop.clock() < later:
            return 500, {}
        accepted.append(number)
        return 200, {}

    later = shop.clock() + timedelta(seconds=60)
    async with receiving() as receiver:
        receiver.answers["/a"] = answer
        await shop.endpoint(receiver.url("/a"))
        for number in (1, 2, 3):
            await shop.happen(changed(1, number))
        await shop.settle()
        shop.clock.move(minutes=6)
        await shop.settle()
    return accepted


async def test_what_comes_later_waits(shop: Shop) -> None:
    assert await refused_at_first(shop) == [1, 2, 3]


async def test_without_waiting_it_overtakes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    lease = str(sending.LEASE)
    start = lease.index("AND NOT EXISTS")
    end = lease.index("ORDER BY first.due_at")
    monkeypatch.setattr(sending, "LEASE", text(lease[:start] + lease[end:]))
    accepted = await refused_at_first(shop)
    assert sorted(accepted) == [1, 2, 3]
    assert accepted != [1, 2, 3]
