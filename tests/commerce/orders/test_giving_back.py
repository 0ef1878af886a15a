"""Money of orders: taken, let go, given back; once, however often it is asked for."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Invalid, Problem
from commerce.core.viewer import SYSTEM
from commerce.orders.kinds import PaymentStatus, RefundStatus
from commerce.orders.rules.units import LineUnits
from commerce.orders.service.giving_back import RefundWish
from commerce.payments.problems import AmountTooLarge
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await assert_invariants(pool)
    await pool.close()


async def bought(shop: Shop, method: str = "card", units: int = 3) -> Any:
    """An order of so many mugs at 10."""
    token = await shop.cart((await shop.variant("10"), units))
    answer: Any = await shop.buy(token, str(10 * units), method)
    return answer.order


async def back(shop: Shop, order: Any, key: str = "k", **wish: Any) -> Any:
    async with shop.services(SYSTEM) as services:
        return await services.giving_back.give_back(RefundWish(order.id, **wish), key)


async def money(shop: Shop, order: Any) -> Any:
    """The order, its payment and its lines, as they are now."""
    async with shop.services(SYSTEM) as services:
        own = services.repositories
        row = (await own.orders.by_ids([order.id]))[order.id]
        (payment,) = (await own.payments.by_orders([order.id]))[order.id]
        return row, payment, (await own.order_lines.all_by_order([order.id]))[order.id]


async def line_of(shop: Shop, order: Any) -> int:
    return int((await money(shop, order))[2][0].id)


async def test_units_that_go_back_are_paid_back(shop: Shop) -> None:
    order = await bought(shop)
    units = [LineUnits(await line_of(shop, order), 2)]
    refund = await back(shop, order, lines=units)
    assert (refund.amount, refund.status) == (20, RefundStatus.SUCCEEDED)
    row, payment, lines = await money(shop, order)
    assert (row.payment_status, row.refunded) == (PaymentStatus.PARTIALLY_REFUNDED, 20)
    assert (payment.refunded, lines[0].refunded) == (20, 2)


async def test_the_same_key_is_the_same_refund(shop: Shop) -> None:
    order = await bought(shop)
    first, second = [await back(shop, order, amount=Decimal(5)) for _ in range(2)]
    assert first.id == second.id
    assert (await money(shop, order))[1].refunded == 5


async def test_no_more_goes_back_than_was_paid(shop: Shop) -> None:
    order = await bought(shop)
    assert not isinstance(await back(shop, order, "one", amount=Decimal(30)), Problem)
    assert isinstance(await back(shop, order, "two", amount=Decimal("0.01")), Invalid)


async def test_money_that_never_came_does_not_go_back(shop: Shop) -> None:
    order = await bought(shop, "manual")
    assert isinstance(await back(shop, order, amount=Decimal(5)), AmountTooLarge)


async def test_what_was_paid_by_hand_goes_back_by_hand(shop: Shop) -> None:
    order = await bought(shop, "manual")
    payment = (await money(shop, order))[1]
    async with shop.services(SYSTEM) as services:
        await services.order_money.capture(payment.id, None, "came")
    assert (await money(shop, order))[0].payment_status is PaymentStatus.PAID
    refund = await back(shop, order, amount=Decimal(30))
    assert refund.status is RefundStatus.SUCCEEDED
    assert (await money(shop, order))[0].payment_status is PaymentStatus.REFUNDED


async def test_a_refund_the_provider_declines_counts_no_more(shop: Shop) -> None:
    price = "4444.01"  # the test provider's word for no, when it is asked for just this
    token = await shop.cart((await shop.variant(price), 2))
    answer: Any = await shop.buy(token, "8888.02", "card")
    units = [LineUnits(await line_of(shop, answer.order), 1)]
    refund = await back(shop, answer.order, lines=units)
    assert refund.status is RefundStatus.FAILED
    _, payment, lines = await money(shop, answer.order)
    assert (payment.refunded, payment.refund_pending, lines[0].refunded) == (0, 0, 0)


async def test_captures_and_refunds_at_once_never_pass_what_there_is(shop: Shop) -> None:
    order = await bought(shop, "later", units=5)
    payment = (await money(shop, order))[1]

    async def capture(number: int) -> Any:
        async with shop.services(SYSTEM) as services:
            return await services.order_money.capture(payment.id, Decimal(7), f"c{number}")

    captured = await asyncio.gather(*(capture(number) for number in range(10)))
    backs = await asyncio.gather(*(back(shop, order, f"r{n}", amount=Decimal(9)) for n in range(8)))
    now = (await money(shop, order))[1]
    assert now.captured == 7 * sum(not isinstance(one, Problem) for one in captured) == 49
    assert now.refunded == 9 * sum(not isinstance(one, Problem) for one in backs)
    assert now.refunded <= now.captured <= now.authorized == 50


@pytest.mark.parametrize("method", ["manual", "later"])
async def test_a_capture_of_nothing_is_not_one_of_all(shop: Shop, method: str) -> None:
    payment = (await money(shop, await bought(shop, method)))[1]
    async with shop.services(SYSTEM) as services:
        refused = await services.order_money.capture(payment.id, Decimal(0), "c")
    assert isinstance(refused, Invalid)


async def test_a_voided_payment_takes_nothing_more(shop: Shop) -> None:
    order = await bought(shop, "later")
    payment = (await money(shop, order))[1]
    async with shop.services(SYSTEM) as services:
        voided: Any = await services.order_money.void(payment.id, "v")
        assert voided.voided == 30
        refused = await services.order_money.capture(payment.id, Decimal(1), "c")
        assert isinstance(refused, AmountTooLarge)
    assert (await money(shop, order))[0].payment_status is PaymentStatus.VOIDED


async def test_what_gift_cards_paid_goes_back_to_them(shop: Shop) -> None:
    card = await shop.gift_card("50")
    token = await shop.cart((await shop.variant("10"), 3), gift_card_ids=[card])
    answer: Any = await shop.buy(token, "30", None)
    part = await back(shop, answer.order, "one", amount=Decimal(10))
    assert (part.status, await shop.balance(card)) == (RefundStatus.SUCCEEDED, 30)
    async with shop.services(SYSTEM) as services:
        own = services.repositories.orders
        now = (await own.by_ids([answer.order.id]))[answer.order.id]
        assert now.payment_status is PaymentStatus.PARTIALLY_REFUNDED
        await services.giving_back.give_back(RefundWish(now.id, amount=Decimal(20)), "two")
        now = (await own.by_ids([now.id]))[now.id]
    assert (now.payment_status, await shop.balance(card)) == (PaymentStatus.REFUNDED, 50)


async def test_unit_by_unit_goes_back_what_was_paid_for_the_line(shop: Shop) -> None:
    """Nine units for eight cents: some give back a cent, and some nothing."""
    card = await shop.promotion_of_ten_percent()
    token = await shop.cart((await shop.variant("0.01"), 9), codes=[card])
    answer: Any = await shop.buy(token, "0.08")
    line = await line_of(shop, answer.order)
    refunds = [
        await back(shop, answer.order, f"unit {number}", lines=[LineUnits(line, 1)])
        for number in range(9)
    ]
    assert sum(refund.amount for refund in refunds) == Decimal("0.08")
    row, payment, _ = await money(shop, answer.order)
    assert (row.payment_status, payment.refunded) == (PaymentStatus.REFUNDED, Decimal("0.08"))
