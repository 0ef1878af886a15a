"""What waits and what came of it, as whoever watches the server sees it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.http.health import BacklogProbe
from commerce.http.metrics import Metrics
from commerce.runtime import Resources
from commerce.webhooks.repository.backlog import BacklogRepository
from tests.support.webhooks import Receiver, Shop, changed, receiving, shop_on

OLDER = "UPDATE webhook_deliveries SET due_at = now() - interval '90 seconds'"
UNNUMBERED = text(
    "INSERT INTO event_outbox (event_id, type, resource_type, resource_id, occurred_at)"
    " VALUES (gen_random_uuid(), 'order.updated', 'Order', 1, now() - interval '30 seconds')"
)


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    yield shop
    await shop.resources.ports.outgoing.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_what_waits_is_counted_with_the_age_of_the_oldest(shop: Shop) -> None:
    await shop.endpoint("http://127.0.0.1:9/")
    off = await shop.endpoint("http://127.0.0.1:9/")
    await shop.happen(changed(1), changed(2))
    await shop.services(lambda own: own.webhook_endpoints.update(off.row.id, {"active": False}, 1))
    async with units_on(shop.database)() as uow:
        await uow.change(text(OLDER))
        await uow.change(UNNUMBERED)
        seen = await BacklogRepository(uow).now()
    assert (seen.unnumbered, seen.due, seen.dead, seen.disabled) == (1, 2, 0, 0)
    assert 29 < seen.lag < 90 <= seen.age < 150


async def test_what_was_given_up_is_counted(shop: Shop, receiver: Receiver) -> None:
    receiver.answers["/a"] = lambda _sent: (410, {})
    await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(1))
    await shop.settle()
    async with units_on(shop.database)() as uow:
        await uow.change(text("UPDATE webhook_deliveries SET state = 'dead', ended_at = now()"))
        seen = await BacklogRepository(uow).now()
    assert (seen.due, seen.dead, seen.disabled) == (0, 1, 1)


async def test_metrics_tell_what_waits_and_what_came_of_it(shop: Shop, receiver: Receiver) -> None:
    metrics = Metrics()
    metrics.watch_tries(shop.resources.webhook_tries)
    receiver.answers["/a"] = lambda sent: (500 if b'"number":2' in sent.body else 200, {})
    await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(1, 1), changed(2, 2), changed(3, 3))
    await shop.settle()
    await BacklogProbe(units_on(shop.database), metrics)()
    shown = metrics.text().decode()
    assert 'storegraph_webhook_tries_total{outcome="delivered"} 2.0' in shown
    assert 'storegraph_webhook_tries_total{outcome="postponed"} 1.0' in shown
    assert "storegraph_webhooks_due 0.0" in shown
    assert "storegraph_event_lag_seconds 0.0" in shown


async def test_what_cannot_be_asked_is_not_told_as_nothing(committed_url: str) -> None:
    metrics = Metrics()
    database = Database(committed_url, PoolLimits(size=1, overflow=0))
    async with database.reader():  # the only connection is taken
        async with asyncio.timeout(5):
            await BacklogProbe(units_on(database), metrics, patience=0.1)()
    assert b"storegraph_webhooks_due NaN" in metrics.text()
    await database.close()
