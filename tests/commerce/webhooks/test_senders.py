"""Guards of who sends what, and what happens without them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.runtime import Resources
from commerce.webhooks.kinds import DeliveryState
from commerce.webhooks.repository import outcomes, sending
from commerce.webhooks.repository.outcomes import Outcome, OutcomeRepository
from commerce.webhooks.repository.sending import SendingRepository
from commerce.webhooks.rules.outcomes import Tried, Verdict
from tests.support.races import Meeting
from tests.support.webhooks import Sent, Shop, changed, receiving, shop_on

AT_ONCE = 4


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    yield shop
    await shop.resources.ports.outgoing.close()


async def claimed(shop: Shop) -> list[int]:
    """The deliveries that two senders read who came at the same time, neither done before both."""
    await shop.endpoint("http://127.0.0.1:9/")
    await shop.happen(*(changed(thing) for thing in range(3 * AT_ONCE)))
    meeting, read, now = Meeting(), Meeting(), shop.clock()

    async def take() -> list[int]:
        async with units_on(shop.database)() as uow:
            own = SendingRepository(uow)
            await meeting.arrive()
            ids = await own.claim(uuid4(), (), now, now + timedelta(minutes=1))
            rows = await own.due(dict.fromkeys(ids, AT_ONCE), (), now) if ids else ()
            await read.arrive()
        return [row.id for row in rows]

    return [id_ for ids in await asyncio.gather(take(), take()) for id_ in ids]


async def test_an_endpoint_has_one_sender(shop: Shop) -> None:
    ids = await claimed(shop)
    assert len(ids) == len(set(ids)) == AT_ONCE


async def test_claims_that_do_not_look_make_two(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both send the same, at the same time."""
    claim = str(sending.CLAIM)
    others = claim[claim.index(") AND NOT EXISTS") + 2 : claim.index("ORDER BY endpoint.id")]
    mine = claim[claim.index("    WHERE known.name") : claim.index("RETURNING")]
    free = claim.replace(others, "").replace(mine, "")
    monkeypatch.setattr(sending, "CLAIM", text(free))
    ids = await claimed(shop)
    assert (len(ids), len(set(ids))) == (2 * AT_ONCE, AT_ONCE)


async def taken_over(shop: Shop) -> list[tuple[str, int]]:
    """How it stands with a message after a sender, taken for dead, says that it came to nothing,
    while another one has delivered it.
    """
    await shop.endpoint("http://127.0.0.1:9/")
    await shop.happen(changed(1))
    slow, quick, now = uuid4(), uuid4(), shop.clock()
    later = now + timedelta(minutes=2)
    async with units_on(shop.database)() as uow:
        own = SendingRepository(uow)
        (row,) = await due(own, slow, now)
        assert await due(own, quick, now) == []
        (again,) = await due(own, quick, later)
        failed = Outcome(row, Tried(now, error="timeout"), Verdict(DeliveryState.DEAD, later))
        done = Outcome(again, Tried(later, status=204), Verdict(DeliveryState.DELIVERED, later))
        await OutcomeRepository(uow, slow).write([failed])
        await OutcomeRepository(uow, quick).write([done])
    return await shop.rows("SELECT state, tries FROM webhook_deliveries")


async def due(own: SendingRepository, name: UUID, now: datetime) -> list[Any]:
    ids = await own.claim(name, (), now, now + timedelta(minutes=1))
    return list(await own.due(dict.fromkeys(ids, AT_ONCE), (), now)) if ids else []


async def test_who_was_taken_for_dead_has_no_say(shop: Shop) -> None:
    assert await taken_over(shop) == [("delivered", 1)]
    assert await shop.rows("SELECT error, status FROM webhook_attempts ORDER BY id") == [
        ("timeout", None),
        ("", 204),
    ]


async def test_without_a_look_at_the_sender_it_has(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = str(outcomes.MARK)
    guard = mark[mark.index("AND EXISTS (") : mark.index("RETURNING delivery.id")]
    monkeypatch.setattr(outcomes, "MARK", text(mark.replace(guard, "")))
    monkeypatch.setattr(OutcomeRepository, "_mark", unnamed)
    assert await taken_over(shop) == [("dead", 1)]


async def unnamed(self: OutcomeRepository, told: Sequence[Outcome]) -> None:
    await self._uow.change(outcomes.MARK, outcomes._columns(told))


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
    due = str(sending.DUE)
    start = due.index("AND NOT EXISTS")
    end = due.index("ORDER BY first.due_at")
    monkeypatch.setattr(sending, "DUE", text(due[:start] + due[end:]))
    accepted = await refused_at_first(shop)
    assert sorted(accepted) == [1, 2, 3]
    assert accepted != [1, 2, 3]
