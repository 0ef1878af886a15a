"""From a cart to a paid order, in one process: what is answered, and what is left behind."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.carts.rules.refs import CartRef
from commerce.core.clock import system_clock
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM
from commerce.inventory.problems import InsufficientStock
from commerce.orders.kinds import OrderSource, OrderStatus, PaymentStatus, RefundStatus
from commerce.orders.problems import (
    CheckoutIncomplete,
    PaymentDeclined,
    PaymentInProgress,
    PriceChanged,
)
from commerce.orders.service.cart_payments import Purchase
from commerce.orders.service.mails import RETURNED
from commerce.payments.kinds import AttemptKind
from commerce.payments.models import Payment
from commerce.payments.ports import Outcome, OutcomeState, ProviderEvent
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await assert_invariants(pool)
    await pool.close()


def order_of(answer: Any) -> Any:
    assert isinstance(answer, Purchase), answer
    assert answer.order is not None, answer
    return answer.order


@pytest.mark.parametrize(
    ("change", "path"),
    [({"closed": True}, ("cart_token",)), ({"guest_checkout": False}, ("cart", "customer"))],
)
async def test_the_store_sells_to_nobody_or_to_no_guests(
    shop: Shop, change: dict[str, bool], path: tuple[str, ...]
) -> None:
    token = await shop.cart((await shop.variant("10"), 1))
    async with shop.services(SYSTEM) as services:
        await services.uow.transact(lambda: services.store.change(change))
    refused = await shop.buy(token, "10", "manual")
    assert isinstance(refused, CheckoutIncomplete)
    assert refused.path == path


async def test_a_cart_paid_by_card_becomes_a_paid_order(shop: Shop) -> None:
    mug = await shop.variant("9.99", stock=5)
    order = order_of(await shop.buy(await shop.cart((mug, 2)), "19.98"))
    assert order.status is OrderStatus.PROCESSING
    assert order.payment_status is PaymentStatus.PAID
    assert (str(order.total), order.number) == ("19.980000", "0001")
    assert await shop.left(mug) == 3
    assert await shop.charges() == 1


async def test_an_order_that_is_paid_later_waits_for_its_money(shop: Shop) -> None:
    mug = await shop.variant()
    order = order_of(await shop.buy(await shop.cart((mug, 1)), "10", "manual"))
    assert order.status is OrderStatus.AWAITING_PAYMENT
    assert order.payment_status is PaymentStatus.UNPAID
    assert await shop.left(mug) == 49


async def test_money_that_is_set_aside_is_captured_later(shop: Shop) -> None:
    mug = await shop.variant()
    order = order_of(await shop.buy(await shop.cart((mug, 1)), "10", "later"))
    assert order.status is OrderStatus.PROCESSING
    assert order.payment_status is PaymentStatus.AUTHORIZED


async def test_asked_again_the_same_order_is_answered(shop: Shop) -> None:
    token = await shop.cart((await shop.variant(), 1))
    first, second = [order_of(await shop.buy(token, "10")) for _ in range(2)]
    assert first.id == second.id
    assert (await shop.orders(), await shop.charges()) == (1, 1)


async def test_another_price_than_agreed_to_charges_nothing(shop: Shop) -> None:
    token = await shop.cart((await shop.variant("10"), 1))
    answer = await shop.buy(token, "9.99")
    assert isinstance(answer, PriceChanged)
    assert (str(answer.expected), answer.actual) == ("9.99", 10)
    assert (await shop.orders(), await shop.charges()) == (0, 0)


async def test_a_declined_payment_leaves_the_cart_as_it_was(shop: Shop) -> None:
    mug = await shop.variant(stock=1)
    token = await shop.cart((mug, 1))
    declined = await shop.buy(token, "10", payment_data={"paymentMethod": "test_declined"})
    assert isinstance(declined, PaymentDeclined)
    assert declined.reason == "card_declined"
    assert (await shop.orders(), await shop.left(mug)) == (0, 1)
    order_of(await shop.buy(token, "10", payment_data={"paymentMethod": "card_1"}))


async def test_what_a_cart_that_is_being_paid_holds_nobody_else_gets(shop: Shop) -> None:
    mug = await shop.variant(stock=1)
    token, other = await shop.cart((mug, 1)), await shop.cart((mug, 1))
    action = await shop.buy(token, "10", payment_data={"paymentMethod": "test_action"})
    assert isinstance(action, Purchase)
    assert action.order is None
    assert action.action == {"kind": "wait"}
    assert isinstance(await shop.buy(other, "10", "manual"), InsufficientStock)


async def test_an_answer_that_was_lost_is_found_by_asking(shop: Shop) -> None:
    """The provider has charged, its answer never came: nobody is charged twice."""
    token = await shop.cart((await shop.variant(), 1))
    lost = await shop.buy(token, "10", payment_data={"paymentMethod": "test_lost"})
    assert isinstance(lost, PaymentInProgress)
    assert isinstance(await shop.buy(token, "10"), PaymentInProgress)
    shop.clock = lambda: system_clock() + timedelta(minutes=1)
    assert await shop.reconcile() == 1
    order_of(await shop.buy(token, "10"))
    assert (await shop.orders(), await shop.charges()) == (1, 1)


async def test_a_call_that_never_arrived_is_given_up(shop: Shop) -> None:
    mug = await shop.variant(stock=1)
    token = await shop.cart((mug, 1))
    gone = await shop.buy(token, "10", payment_data={"paymentMethod": "test_vanished"})
    assert isinstance(gone, PaymentInProgress)
    shop.clock = lambda: system_clock() + timedelta(minutes=1)
    assert await shop.reconcile() == 1
    assert (await shop.orders(), await shop.left(mug), await shop.charges()) == (0, 1, 0)
    order_of(await shop.buy(token, "10"))


async def test_what_is_missing_is_said(shop: Shop) -> None:
    mug = await shop.variant()
    empty = await shop.buy(await shop.cart(), "0")
    nameless = await shop.buy(await shop.cart((mug, 1), email=None), "10")
    unpaid = await shop.buy(await shop.cart((mug, 1)), "10", None)
    for answer in (empty, nameless, unpaid):
        assert isinstance(answer, CheckoutIncomplete), answer


async def test_a_cart_left_behind_becomes_an_order_at_todays_prices(shop: Shop) -> None:
    mug = await shop.variant("10", stock=3)
    token = await shop.cart((mug, 2), expires_at=system_clock() - timedelta(days=1))

    async def convert() -> Any:
        async with shop.services(SYSTEM) as services:
            ref = CartRef(token=token)
            return await services.uow.transact(lambda: services.conversions.convert(ref))

    order = await convert()
    assert (order.status, order.source) == (
        OrderStatus.AWAITING_PAYMENT,
        OrderSource.ABANDONED_CART,
    )
    assert (order.total, await shop.left(mug)) == (20, 1)
    assert (await convert()).id == order.id
    async with shop.services(SYSTEM) as services:
        paid, _ = await services.order_money.pay(order.id, "card", {})  # type: ignore[misc]  # paid
    assert (paid.status, paid.payment_status) == (OrderStatus.PROCESSING, PaymentStatus.PAID)


async def test_an_order_is_not_paid_twice_at_once(shop: Shop) -> None:
    order = order_of(await shop.buy(await shop.cart((await shop.variant(), 1)), "10", "manual"))

    async def pay() -> Any:
        async with shop.services(SYSTEM) as services:
            return await services.order_money.pay(order.id, "card", {})

    answers = await asyncio.gather(*(pay() for _ in range(8)))
    assert sum(not isinstance(answer, Problem) for answer in answers) == 1
    assert await shop.charges() == 1


async def test_canceling_gives_back_what_was_paid(shop: Shop) -> None:
    mug = await shop.variant(stock=2)
    order = order_of(await shop.buy(await shop.cart((mug, 1)), "10"))
    async with shop.services(SYSTEM) as services:
        await services.uow.transact(lambda: services.order_cancellations.cancel(order.id))
    shop.clock = lambda: system_clock() + timedelta(minutes=1)
    assert await shop.reconcile() == 1
    async with shop.services(SYSTEM) as services:
        now = (await services.repositories.orders.by_ids([order.id]))[order.id]
        (refund,) = (await services.repositories.refunds.by_orders([order.id]))[order.id]
    assert (now.status, now.payment_status) == (OrderStatus.CANCELED, PaymentStatus.REFUNDED)
    assert (refund.status, refund.amount) == (RefundStatus.SUCCEEDED, 10)
    assert await shop.left(mug) == 2


async def test_what_a_gift_card_pays_for_is_paid(shop: Shop) -> None:
    card = await shop.gift_card("15")
    token = await shop.cart((await shop.variant("10"), 1), gift_card_ids=[card])
    order = order_of(await shop.buy(token, "10", None))
    assert (order.status, order.payment_status) == (OrderStatus.PROCESSING, PaymentStatus.PAID)
    assert (order.due, order.gift_cards, await shop.balance(card)) == (0, 10, 5)


async def test_a_lack_of_stock_names_the_line(shop: Shop) -> None:
    plenty, few = await shop.variant(), await shop.variant(stock=1)
    for method in ("card", "manual"):
        short = await shop.buy(await shop.cart((plenty, 1), (few, 2)), "30", method)
        assert isinstance(short, InsufficientStock)
        assert short.path[:2] == ("cart", "lines")
        assert short.available == 1


async def _mails_of_returned_money(shop: Shop) -> list[Any]:
    """What is written to buyers about it."""
    async with shop.services(SYSTEM) as services:
        waits = [each for each in await services.notifications.summary() if each.kind == RETURNED]
        card = select(col(Payment.id)).where(col(Payment.provider) == "test")
        payments = await services.uow.scalars(card)
        told = [
            await services.order_mails.returned({"payment_id": id_, "sold_out": True})
            for id_ in payments
        ]
    return [sum(each.count for each in waits), *(mail for mail in told if mail)]


async def test_money_for_goods_that_are_gone_goes_back_with_a_mail(shop: Shop) -> None:
    """However often the provider reports it."""
    mug = await shop.variant("10", stock=1)
    token = await shop.cart((mug, 1), locale="de")
    await shop.buy(token, "10", payment_data={"paymentMethod": "test_action"})
    (key,) = await shop.provider_keys()
    shop.clock = lambda: system_clock() + timedelta(hours=1)
    order_of(await shop.buy(await shop.cart((mug, 1)), "10", "manual"))
    assert (await _mails_of_returned_money(shop))[0] == 0
    for number in range(2):
        done = Outcome(OutcomeState.SUCCEEDED, payment_reference=f"tp_{key}")
        event = ProviderEvent("test", f"evt-{number}", AttemptKind.CHARGE, key, None, done)
        async with shop.services() as services:
            await services.settling.report(event)
    queued, mail = await _mails_of_returned_money(shop)
    assert (queued, mail.to, mail.locale) == (1, "buyer@example.com", "de")
    assert mail.context == {"amount": "10,00\N{NO-BREAK SPACE}€", "sold_out": True, "token": token}
    shop.clock = system_clock


async def test_a_provider_is_not_offered_what_it_cannot_take(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Stripe takes no 23.756 KWD: it is said before anything is asked for."""
    monkeypatch.setattr(shop.provider, "takes", lambda amount, currency: amount != 10)
    mug = await shop.variant("10")
    token, more = await shop.cart((mug, 1)), await shop.cart((mug, 2))
    async with shop.services() as services:
        offered = {}
        for ref in (CartRef(token), CartRef(more)):
            content = await services.carts.content_of(await services.carts.found(ref))
            priced = await services.cart_pricing.priced(content, system_clock())
            options = await services.cart_pricing.payment_options(priced)
            offered[ref.token] = [option.method.code for option in options]
    assert offered == {token: ["manual"], more: ["card", "later", "manual"]}
    refused: Any = await shop.buy(token, "10")
    assert (refused.code, refused.path) == ("AMOUNT_NOT_PAYABLE", ("payment_method",))
    assert refused.message == "Card cannot take €10.00: pay in another way."
    async with shop.services() as services:
        chosen: Any = await services.uow.transact(
            lambda: services.cart_details.select_payment(CartRef(token), "card")
        )
    assert chosen == refused
    order = order_of(await shop.buy(token, "10", "manual"))
    async with shop.services(SYSTEM) as services:
        assert await services.order_money.pay(order.id, "card", {}) == refused
