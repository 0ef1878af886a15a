"""How what was priced becomes an order."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.notifications.models import OutgoingMessage
from commerce.orders.kinds import OrderStatus, PaymentStatus
from commerce.orders.models import Order
from commerce.orders.rules.charges import charge_of
from commerce.orders.rules.snapshots import Placement
from commerce.pricing.rules.draft import GiftCard
from commerce.store.models import Store
from commerce.wiring import Services
from tests.support.orders import (
    AT,
    STANDARD,
    TEN_PERCENT,
    ZERO_RATE,
    Item,
    events_of,
    lines_of,
    place_order,
    price,
)
from tests.support.services import PORTS

GOLDEN = (
    Item("77.32", taxes=(STANDARD,), title="Lamp"),
    Item("71.32", taxes=(ZERO_RATE,), title="Book"),
)


async def test_an_order_keeps_what_was_calculated_to_the_last_decimal(uow: UnitOfWork) -> None:
    order = await place_order(uow, *GOLDEN, shipping="7.25", promotions=(TEN_PERCENT,))
    assert order.total == order.due == Decimal("157.03")
    assert (order.exact["tax"], order.exact["discount"]) == ("16.005240", "14.864000")
    assert order.exact["gross"] == "157.031240"
    assert order.coupon_codes == ["TEN"]
    assert (order.discounts[0]["promotion_id"], order.discounts[0]["exact"]) == (7, "14.864000")
    assert [tax["percent"] for tax in order.taxes] == ["23", "0"]
    assert order.rounding == {"exponent": 2, "mode": "half_up", "stage": "total"}


async def test_lines_are_copies_with_their_charges(uow: UnitOfWork) -> None:
    priced = await price(uow, *GOLDEN, shipping="7.25", promotions=(TEN_PERCENT,))
    services = Services(uow, SYSTEM, system_clock, PORTS)
    order = await uow.transact(lambda: services.order_writer.place(Placement(priced, placed_at=AT)))
    lines = await lines_of(uow, order)
    assert [line.title for line in lines] == ["Lamp", "Book"]
    assert lines[0].exact["gross"] == "85.593240"
    assert [charge_of(line._asdict()) for line in lines] == list(priced.result.lines.values())
    assert order.shipping_charge is not None
    assert charge_of(order.shipping_charge) == priced.result.shipping
    assert sum(line.gross for line in lines) + order.shipping == order.total


async def test_numbers_grow_and_wear_the_store_s_dress(uow: UnitOfWork) -> None:
    await uow.change(
        Store.__table__.update().values(order_prefix="A-", order_suffix="/26", order_digits=6)  # type: ignore[attr-defined]  # SQLModel sets it on tables
    )
    first, second = await place_order(uow), await place_order(uow)
    assert second.number_value > first.number_value
    assert first.number == f"A-{first.number_value:06}/26"


async def test_a_number_that_is_in_use_is_passed_over(uow: UnitOfWork) -> None:
    first = await place_order(uow)
    squatted = f"{first.number_value + 1:04}"
    await uow.change(Order.__table__.update().values(number=squatted))  # type: ignore[attr-defined]  # SQLModel sets it on tables
    assert (await place_order(uow)).number_value == first.number_value + 2


async def test_the_same_cart_becomes_the_same_order(uow: UnitOfWork) -> None:
    first = await place_order(uow, cart_id=7)
    assert (await place_order(uow, cart_id=7)).id == first.id
    assert await uow.scalar(select(func.count()).select_from(Order)) == 1
    assert await events_of(uow, first) == ["placed"]


async def test_the_buyer_is_told_in_the_same_transaction(uow: UnitOfWork) -> None:
    await place_order(uow)
    await place_order(uow, email=None)
    assert await uow.scalars(select(col(OutgoingMessage.kind))) == ["order_placed"]


async def test_what_gift_cards_pay_is_paid(uow: UnitOfWork) -> None:
    order = await place_order(uow, Item("30.00"), gift_cards=(GiftCard(1, Decimal(30)),))
    assert (order.total, order.gift_cards, order.due) == (30, 30, 0)
    assert order.payment_status is PaymentStatus.PAID


async def test_tokens_cannot_be_guessed(uow: UnitOfWork) -> None:
    tokens = {(await place_order(uow)).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


@pytest.mark.parametrize("items", [1, 7])
async def test_placing_costs_the_same_for_any_number_of_lines(
    uow: UnitOfWork, statements: list[str], items: int
) -> None:
    priced = await price(uow, *[Item()] * items)
    services = Services(uow, SYSTEM, system_clock, PORTS)
    statements.clear()
    order = await uow.transact(
        lambda: services.order_writer.place(Placement(priced, email="a@b.test", placed_at=AT))
    )
    assert len(statements) == 7  # settings, number, order, lines, event, mail, what others are told
    assert order.status is OrderStatus.PENDING


async def test_an_order_that_waits_for_its_payment_is_there_for_nobody(uow: UnitOfWork) -> None:
    waiting = await place_order(uow, cart_id=7, placed_at=None)
    services = Services(uow, SYSTEM, system_clock, PORTS)
    assert await services.repositories.orders.by_ids([waiting.id]) == {}
    assert await services.repositories.orders.by_token(waiting.token) is None
    assert await uow.transact(lambda: services.repositories.orders.to_change(waiting.id)) is None
    assert await uow.scalar(select(func.count()).select_from(OutgoingMessage)) == 0


async def test_the_shop_reads_what_the_buyer_reads(uow: UnitOfWork) -> None:
    order = await place_order(uow, Item("10.00", 2))
    services = Services(uow, SYSTEM, system_clock, PORTS)
    told = await services.order_mails.received({"order_id": order.id, "to": "shop@example.com"})
    assert told is not None
    assert (told.to, told.context["total"]) == ("shop@example.com", "€20.00")
