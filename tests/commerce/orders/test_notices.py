"""What follows from events: who is written to, once, as the switches say."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.viewer import SYSTEM
from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
)
from commerce.notifications.messages import Mail, ShortText
from commerce.notifications.models import OutgoingMessage
from commerce.notifications.rules.topics import TOPICS, Way
from commerce.store.models import Store
from commerce.wiring import Services
from commerce.wiring.message_handlers import MESSAGE_HANDLERS
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_location
from tests.support.orders import Item, place_order
from tests.support.services import PORTS
from tests.support.staff import make_member

SHOP = "shop@example.com"
PHONE = "+491701234567"
STAFF = NotificationAudience.STAFF
EMAIL = NotificationChannel.EMAIL


@pytest.fixture
async def shop(uow: UnitOfWork) -> Services:
    await uow.change(update(Store).values(notification_emails=[SHOP]))
    return Services(uow, SYSTEM, system_clock, PORTS)


async def number(shop: Services) -> range:
    return await shop.uow.transact(lambda: shop.repositories.event_outbox.number(100))


async def happen(shop: Services, *events: Event) -> range:
    async def work() -> None:
        for event in events:
            shop.uow.record(event)

    await number(shop)  # what was before
    await shop.uow.transact(work)
    return await number(shop)


async def take(shop: Services, positions: range, *, texts: bool = True) -> int:
    return await shop.uow.transact(lambda: shop.notices.take(positions, texts=texts))


async def queued(shop: Services) -> list[str]:
    following = col(OutgoingMessage.event_key).is_not(None)
    kinds = select(col(OutgoingMessage.kind)).where(following)
    return sorted(await shop.uow.scalars(kinds))


def order_event(type_: EventType, order: Any, **data: Any) -> Event:
    return Event(type_, "Order", order.id, data)


async def change(shop: Services, kind: NotificationKind, **values: Any) -> None:
    way = Way(kind, EMAIL, STAFF)
    await shop.uow.transact(lambda: shop.notification_settings.change(way, values, None))


async def test_placing_an_order_tells_the_shop_and_the_buyers_phone_once(shop: Services) -> None:
    await number(shop)
    await place_order(shop.uow, Item("10.00", 2), values={"phone": PHONE})
    positions = await number(shop)
    assert await take(shop, positions) == 2
    assert await queued(shop) == ["order_placed_sms", "order_received"]
    await take(shop, positions)  # as after a relay that forgot
    assert await queued(shop) == ["order_placed_sms", "order_received"]


@pytest.mark.parametrize("texts", [True, False])
async def test_short_messages_need_a_number_and_a_gateway(shop: Services, texts: bool) -> None:
    order = await place_order(shop.uow)
    positions = await happen(shop, order_event(EventType.ORDER_CREATED, order, source="admin"))
    await take(shop, positions, texts=texts)
    assert await queued(shop) == ["order_received"]  # no number
    await shop.uow.transact(
        lambda: shop.repositories.order_writes.change(order.id, {"phone": PHONE})
    )
    positions = await happen(shop, order_event(EventType.ORDER_CREATED, order, source="admin"))
    await take(shop, positions, texts=texts)
    assert ("order_placed_sms" in await queued(shop)) is texts


async def test_what_is_switched_decides_and_defaults_hold_until_then(shop: Services) -> None:
    order = await place_order(shop.uow)
    events = (
        order_event(EventType.ORDER_PAID, order),
        order_event(EventType.ORDER_CANCELED, order, reason="other"),
        order_event(EventType.ORDER_REFUNDED, order, refund_id=1, amount="1"),
    )
    positions = await happen(shop, *events)
    await take(shop, positions)
    assert await queued(shop) == ["order_canceled_staff", "order_paid"]
    await change(shop, NotificationKind.ORDER_PAID, enabled=True)
    await change(shop, NotificationKind.ORDER_CANCELED, enabled=False)
    positions = await happen(shop, *events)
    await take(shop, positions)
    assert await queued(shop) == [
        "order_canceled_staff",
        "order_paid",
        "order_paid",
        "order_paid_staff",
    ]


async def test_chosen_addresses_and_staff_are_told_instead_each_once(shop: Services) -> None:
    member = await make_member(shop.uow, "ada@shop.test")
    gone = await make_member(shop.uow, "eva@shop.test", active=False)
    chosen = {"emails": ["Ada@shop.test", "desk@shop.test"], "staff_ids": [member, gone]}
    await change(shop, NotificationKind.ORDER_PLACED, **chosen)
    await number(shop)
    order = await place_order(shop.uow)
    positions = await number(shop)
    assert await take(shop, positions) == 2
    for to in ("ada@shop.test", "desk@shop.test"):
        mail = await MESSAGE_HANDLERS["order_received"](shop, {"order_id": order.id, "to": to})
        assert isinstance(mail, Mail)
        assert mail.context["number"] == order.number


async def test_a_refund_that_failed_is_told_to_the_shop_and_a_charge_is_not(
    shop: Services,
) -> None:
    order = await place_order(shop.uow)
    failed = {"order_id": order.id, "cart_id": None, "amount": "9.99", "code": "card_expired"}
    positions = await happen(
        shop,
        Event(EventType.PAYMENT_FAILED, "Payment", 1, {**failed, "kind": "refund"}),
        Event(EventType.PAYMENT_FAILED, "Payment", 2, {**failed, "kind": "charge"}),
    )
    assert await take(shop, positions) == 1
    data = {**failed, "to": SHOP, "locale": "de", "reason": "card_expired"}
    mail = await MESSAGE_HANDLERS["refund_failed"](shop, data)
    assert isinstance(mail, Mail)
    assert (mail.context["amount"], mail.context["reason"]) == ("9,99\xa0€", "card_expired")


async def test_what_runs_low_together_is_one_mail(shop: Services) -> None:
    product = await make_product(shop.uow, title="Mug")
    variants = [
        await make_variant(shop.uow, product, sku=f"MUG-{n}", option_key=str(n)) for n in (1, 2)
    ]
    place = await make_location(shop.uow, "berlin", name="Berlin")
    low = {"location_id": place.id, "available": 2, "low_stock_threshold": 3, "from": 5}
    positions = await happen(
        shop,
        *(Event(EventType.STOCK_LOW, "ProductVariant", each.id, low) for each in variants),
    )
    assert await take(shop, positions) == 1
    assert await queued(shop) == ["stock_low"]
    places = [{"variant_id": each.id, "location_id": place.id, "available": 2} for each in variants]
    data = {"places": places, "to": SHOP, "locale": "en"}
    mail = await MESSAGE_HANDLERS["stock_low"](shop, data)
    assert isinstance(mail, Mail)
    assert [shown["title"] for shown in mail.context["places"]] == ["Mug, MUG-1", "Mug, MUG-2"]


async def test_the_shops_news_and_the_buyers_messages_say_what_happened(shop: Services) -> None:
    order = await place_order(shop.uow, Item("10.00", 2), values={"phone": PHONE})
    about = {"order_id": order.id, "to": SHOP, "locale": "en"}
    for kind, news in (("order_paid_staff", "paid"), ("order_refunded_staff", "refunded")):
        mail = await MESSAGE_HANDLERS[kind](shop, about)
        assert isinstance(mail, Mail)
        assert (mail.context["news"], mail.context["total"]) == (news, "€20.00")
    paid = await MESSAGE_HANDLERS["order_paid"](shop, about)
    assert isinstance(paid, Mail)
    assert paid.to == order.email
    text = await MESSAGE_HANDLERS["order_placed_sms"](shop, about)
    assert isinstance(text, ShortText)
    assert text.to == PHONE


def test_every_topic_is_written_by_somebody() -> None:
    assert [kind for kind in TOPICS if kind not in MESSAGE_HANDLERS] == []
