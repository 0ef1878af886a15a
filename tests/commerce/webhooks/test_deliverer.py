"""What is sent to whom, in which order, and what comes of it; over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from commerce.core.db import units_on
from commerce.core.events import Event, EventType
from commerce.core.pool import Database
from commerce.runtime import Resources
from commerce.webhooks.deliverer import Pace
from commerce.webhooks.kinds import WebhookFormat
from commerce.webhooks.service.deliveries import Range
from tests.support.webhooks import (
    Receiver,
    Sent,
    Shop,
    changed,
    litestore_accepts,
    purchased,
    receiving,
    shop_on,
)

STATES = "SELECT state, count(*) FROM webhook_deliveries GROUP BY state ORDER BY state"


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    yield shop
    await shop.resources.ports.outgoing.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


def numbers(sent: list[Sent]) -> list[tuple[int, int]]:
    return [
        (each.json["data"]["resourceDatabaseId"], each.json["data"]["changes"]["number"])
        for each in sent
    ]


async def test_an_event_is_told_and_signed(shop: Shop, receiver: Receiver) -> None:
    made = await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(7, 1))
    assert await shop.settle() == 1
    (sent,) = receiver.sent
    told = Webhook(made.secret).verify(sent.body, dict(sent.headers))
    assert told["type"] == "order.updated"
    assert told["data"]["eventId"] == sent.id
    assert told["data"]["resourceSequence"] == 1
    assert told["data"]["changes"] == {"number": 1}
    assert await shop.rows(STATES) == [("delivered", 1)]
    assert await shop.settle() == 0


async def test_endpoints_are_told_what_they_asked_for(shop: Shop, receiver: Receiver) -> None:
    await shop.endpoint(receiver.url("/all"))
    await shop.endpoint(receiver.url("/paid"), events=[EventType.ORDER_PAID])
    await shop.endpoint(receiver.url("/off"), active=False)
    await shop.endpoint(receiver.url("/litestore"), format=WebhookFormat.LITESTORE)
    await shop.happen(changed(1), Event(EventType.ORDER_PAID, "Order", 1), purchased(9, 1))
    await shop.settle()
    assert {path: len(receiver.to(path)) for path in ("/all", "/paid", "/off", "/litestore")} == {
        "/all": 3,
        "/paid": 1,
        "/off": 0,
        "/litestore": 1,
    }


async def test_a_body_of_litestore_is_as_documented(shop: Shop, receiver: Receiver) -> None:
    """Byte by byte as JavaScript prints it."""
    secret = "your-webhook-secret"
    await shop.endpoint(receiver.url(), format=WebhookFormat.LITESTORE, secret=secret)
    await shop.happen(purchased(123, 789))
    await shop.settle()
    (sent,) = receiver.sent
    at = sent.json["data"]["purchasedAt"]
    assert sent.body == (
        b'{"event":"product.purchased","data":{"orderId":"order-789","productId":"prod-123",'
        b'"quantity":2,"revenue":49.9,"referrer":null,"purchasedAt":"%s"}}' % at.encode()
    )
    assert litestore_accepts(sent, secret)
    Webhook(secret.encode()).verify(sent.body, dict(sent.headers))


async def test_those_of_one_thing_wait_for_each_other(shop: Shop, receiver: Receiver) -> None:
    """The first is refused twice; what comes behind it does not overtake, others do."""
    refusals = 2

    def answer(sent: Sent) -> Any:
        nonlocal refusals
        if sent.json["data"]["resourceDatabaseId"] == 1 and refusals:
            refusals -= 1
            return 500, {}
        return 200, {}

    receiver.answers["/a"] = answer
    await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(1, 1), changed(2, 1))
    await shop.happen(changed(1, 2))
    await shop.happen(changed(1, 3))
    await shop.settle()
    assert sorted(numbers(receiver.sent)) == [(1, 1), (2, 1)]
    shop.clock.move(seconds=10)
    await shop.settle()
    shop.clock.move(seconds=500)
    await shop.settle()
    assert [each for each in numbers(receiver.sent) if each[0] == 1] == [
        (1, 1),
        (1, 1),
        (1, 1),
        (1, 2),
        (1, 3),
    ]
    first = [each for each in receiver.sent if numbers([each]) == [(1, 1)]]
    assert len({each.body for each in first}) == len({each.id for each in first}) == 1


async def test_a_dead_message_lets_others_go_on(shop: Shop, receiver: Receiver) -> None:
    receiver.answers["/a"] = lambda sent: (400 if b"order-1" in sent.body else 200, {})
    await shop.endpoint(receiver.url("/a"), format=WebhookFormat.LITESTORE)
    await shop.happen(purchased(5, 1), purchased(5, 2))
    for _ in range(5):
        await shop.settle()
        shop.clock.move(seconds=10)
    assert await shop.rows(STATES) == [("dead", 1), ("delivered", 1)]
    attempts = await shop.rows("SELECT status, answer FROM webhook_attempts ORDER BY id")
    assert attempts == [(400, "ok")] * 5 + [(200, "ok")]


async def test_an_endpoint_that_is_gone_is_told_nothing_more(
    shop: Shop, receiver: Receiver
) -> None:
    receiver.answers["/a"] = lambda _sent: (410, {})
    await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(1, 1))
    await shop.settle()
    await shop.happen(changed(1, 2))
    shop.clock.move(hours=30)
    assert await shop.settle() == 0
    assert await shop.rows("SELECT active, disabled_reason FROM webhook_endpoints") == [
        (False, "gone")
    ]


async def test_five_days_without_success_end_an_endpoint(shop: Shop, receiver: Receiver) -> None:
    receiver.answers["/a"] = lambda _sent: (500, {})
    await shop.endpoint(receiver.url("/a"))
    for _day in range(6):
        await shop.happen(changed(1))
        await shop.settle()
        shop.clock.move(hours=24)
    await shop.settle()
    assert await shop.rows("SELECT disabled_reason FROM webhook_endpoints") == [("failing",)]


async def test_redirects_are_not_followed(shop: Shop, receiver: Receiver) -> None:
    receiver.answers["/a"] = lambda _sent: (302, {"location": receiver.url("/b")})
    await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(1))
    await shop.settle()
    assert (len(receiver.to("/a")), len(receiver.to("/b"))) == (1, 0)
    assert await shop.rows("SELECT state, last_status FROM webhook_deliveries") == [
        ("pending", 302)
    ]


async def test_while_a_secret_changes_both_are_good(shop: Shop, receiver: Receiver) -> None:
    """Litestore's receivers look at one signature: tries take turns."""
    old = "your-webhook-secret"
    made = await shop.endpoint(receiver.url("/a"), format=WebhookFormat.LITESTORE, secret=old)
    new = await shop.services(lambda own: own.webhook_endpoints.rotate(made.row.id))
    receiver.answers["/a"] = lambda sent: (200 if litestore_accepts(sent, old) else 401, {})
    await shop.happen(purchased(1, 1))
    await shop.settle()
    shop.clock.move(seconds=1)
    await shop.settle()
    assert await shop.rows(STATES) == [("delivered", 1)]
    assert [litestore_accepts(sent, new.secret) for sent in receiver.sent] == [True, False]
    assert all(sent.headers["webhook-signature"].count("v1,") == 2 for sent in receiver.sent)
    shop.clock.move(hours=24)
    await shop.happen(purchased(1, 2))
    await shop.settle()
    assert receiver.sent[-1].headers["webhook-signature"].count("v1,") == 1


async def test_an_endpoint_gets_four_at_a_time(shop: Shop, receiver: Receiver) -> None:
    receiver.slow.add("/a")
    await shop.endpoint(receiver.url("/a"))
    await shop.happen(*(changed(number) for number in range(10)))
    dispatchers = [shop.deliverer(Pace(poll=0.05, grace=0)) for _ in range(3)]
    running = [asyncio.create_task(each.run()) for each in dispatchers]
    try:
        async with asyncio.timeout(20):
            await receiver.has(4)
        await asyncio.sleep(0.1)
        assert (len(receiver.sent), receiver.most_open["/a"]) == (4, 4)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def test_what_was_delivered_is_sent_again(shop: Shop, receiver: Receiver) -> None:
    made = await shop.endpoint(receiver.url("/a"))
    await shop.happen(changed(1, 1), changed(2, 1))
    await shop.happen(changed(1, 2))
    await shop.settle()
    before = {sent.id: sent.body for sent in receiver.sent}
    (first,) = await shop.rows("SELECT id FROM webhook_deliveries ORDER BY id LIMIT 1")
    await shop.services(lambda own: own.webhook_deliveries.retry(first.id))
    assert await shop.settle() == 1
    wanted = Range(after=0)
    replay = shop.services(lambda own: own.webhook_deliveries.replay(made.row.id, wanted))
    assert await replay == 3
    assert await shop.settle() == 3
    assert {sent.id: sent.body for sent in receiver.sent} == before
    assert len(receiver.sent) == 7
    assert [each[1] for each in numbers(receiver.sent[4:]) if each[0] == 1] == [1, 2]


async def test_a_new_endpoint_is_told_what_was_before(shop: Shop, receiver: Receiver) -> None:
    await shop.happen(changed(1, 1), changed(2, 1))
    await shop.happen(changed(1, 2))
    made = await shop.endpoint(receiver.url("/a"))
    wanted = Range(after=1, before=3)
    replay = shop.services(lambda own: own.webhook_deliveries.replay(made.row.id, wanted))
    assert await replay == 1
    await shop.settle()
    assert numbers(receiver.sent) == [(2, 1)]


async def test_a_test_is_sent(shop: Shop, receiver: Receiver) -> None:
    standard = await shop.endpoint(receiver.url("/a"), events=[EventType.ORDER_PAID])
    other = await shop.endpoint(receiver.url("/b"), format=WebhookFormat.LITESTORE)
    for made in (standard, other):
        await shop.services(lambda own, id_=made.row.id: own.webhook_endpoints.test(id_))
    await shop.settle()
    assert receiver.to("/a")[0].json["type"] == "webhook.test"
    assert receiver.to("/b")[0].json["event"] == "webhook.test"


async def test_who_was_forgotten_is_told_of_no_more(shop: Shop, receiver: Receiver) -> None:
    """A message that waits is made anew; one that was delivered is not kept at all."""
    receiver.answers["/a"] = lambda _sent: (500, {})
    await shop.endpoint(receiver.url("/a"), format=WebhookFormat.LITESTORE)
    await shop.endpoint(receiver.url("/b"), format=WebhookFormat.LITESTORE)
    await shop.happen(purchased(1, 1))
    await shop.settle()
    kept = "SELECT body IS NOT NULL AS kept FROM webhook_deliveries ORDER BY endpoint_id"
    assert await shop.rows(kept) == [(True,), (False,)]
    await shop.happen(Event(EventType.CUSTOMER_ERASED, "Customer", 1))
    assert await shop.rows(kept) == [(False,), (False,)]


async def test_the_log_grows_or_nothing_is_to_be_sent(
    shop: Shop, receiver: Receiver, database: Database
) -> None:
    """What is to be sent is written with the number of the event, or neither is."""
    await shop.endpoint(receiver.url("/a"))
    relay = shop.relay

    async def fail(_services: Any, _positions: range) -> None:
        raise RuntimeError("not now")

    relay._consumers = [*relay._consumers, fail]

    async def work() -> None:
        uow.record(changed(1))

    async with units_on(database)() as uow:
        await uow.transact(work)
    with pytest.raises(RuntimeError, match="not now"):
        await relay.move()
    assert await shop.rows(STATES) == []
    assert await shop.relay.move() == 1
    assert await shop.rows(STATES) == [("pending", 1)]
