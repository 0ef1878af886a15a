"""An order whose money is let go waits for its payment again, and keeps its goods."""

from collections.abc import AsyncIterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.paging import PageArgs
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM
from commerce.inventory.rules.stock import Note, StockChange
from commerce.orders.kinds import FulfillmentStatus, OrderStatus, PaymentStatus
from commerce.orders.rules.editing import LineEdit
from commerce.orders.rules.paying import Money, status_once_paid
from commerce.orders.rules.states import TRANSITIONS
from commerce.orders.service.giving_back import RefundWish
from commerce.payments.kinds import AttemptKind
from commerce.payments.ports import Outcome, OutcomeState, ProviderEvent
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants

WAITS, GOES_ON = OrderStatus.AWAITING_PAYMENT, OrderStatus.PROCESSING
STOCK, DONE = OrderStatus.AWAITING_STOCK, FulfillmentStatus.UNFULFILLED


def money(authorized: int = 0, paid: int = 0) -> Money:
    return Money(Decimal(authorized), Decimal(paid))


@pytest.mark.parametrize(
    ("status", "before", "now", "after"),
    [
        (GOES_ON, money(30), money(), WAITS),
        (STOCK, money(30), money(), WAITS),
        (GOES_ON, money(20, 10), money(paid=10), WAITS),
        (GOES_ON, money(30), money(paid=30), GOES_ON),
        (GOES_ON, money(30), money(10, 20), GOES_ON),
        (GOES_ON, money(), money(), GOES_ON),  # to be paid on delivery
        (OrderStatus.AWAITING_CONFIRMATION, money(30), money(), OrderStatus.AWAITING_CONFIRMATION),
        (OrderStatus.CANCELED, money(30), money(), OrderStatus.CANCELED),
        (OrderStatus.SHIPPED, money(30), money(), OrderStatus.SHIPPED),
        (WAITS, money(), money(30), GOES_ON),
        (WAITS, money(), money(10), WAITS),
    ],
)
def test_where_an_order_goes_with_its_money(
    status: OrderStatus, before: Money, now: Money, after: OrderStatus
) -> None:
    order = SimpleNamespace(
        status=status,
        due=Decimal(30),
        authorized=before.authorized,
        paid=before.paid,
        refunded=before.refunded,
        fulfillment_status=DONE,
    )
    assert status_once_paid(order, now, 0) is after
    assert after is status or after in TRANSITIONS[status]


def test_what_has_left_in_part_goes_on() -> None:
    order = SimpleNamespace(
        status=GOES_ON,
        due=Decimal(30),
        authorized=Decimal(30),
        paid=Decimal(0),
        refunded=Decimal(0),
        fulfillment_status=FulfillmentStatus.PARTIALLY_FULFILLED,
    )
    assert status_once_paid(order, money(), 0) is GOES_ON


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(5, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await assert_invariants(pool)
    await pool.close()


async def now(shop: Shop, order: Any) -> Any:
    async with shop.services(SYSTEM) as services:
        return (await services.repositories.orders.by_ids([order.id]))[order.id]


@pytest.mark.parametrize("by_provider", [False, True])
async def test_a_voided_order_waits_and_can_be_paid_again(shop: Shop, by_provider: bool) -> None:
    variant = await shop.variant("10", stock=5)
    answer: Any = await shop.buy(await shop.cart((variant, 3)), "30", "later")
    assert answer.order.status is GOES_ON
    async with shop.services(SYSTEM) as services:
        (payment,) = (await services.payment_ledger.by_orders([answer.order.id]))[answer.order.id]
        if by_provider:
            (attempt,) = (await services.repositories.payment_attempts.by_payments([payment.id]))[
                payment.id
            ]
            gone = Outcome(OutcomeState.SUCCEEDED, closed=True)
            event = ProviderEvent(
                "test", "e1", AttemptKind.AUTHORIZE, attempt.provider_key, None, gone
            )
            await services.settling.report(event)
        else:
            assert not isinstance(await services.order_money.void(payment.id, "v"), Problem)
    row = await now(shop, answer.order)
    assert (row.status, row.payment_status) == (WAITS, PaymentStatus.VOIDED)
    assert await shop.left(variant) == 2
    async with shop.services(SYSTEM) as services:
        refused: Any = await services.order_money.capture(payment.id, None, "c")
        assert refused.message == "Nothing is left to capture."
        await services.order_money.pay(row.id, "card", {})
    row = await now(shop, row)
    assert (row.status, row.payment_status) == (GOES_ON, PaymentStatus.PAID)


async def test_an_edit_counts_what_gift_cards_paid(shop: Shop) -> None:
    """Fully paid by a card, then refunded in part, then edited: the status is the payments'."""
    card = await shop.gift_card("20")
    variant = await shop.variant("10")
    token = await shop.cart((variant, 2), gift_card_ids=[card])
    answer: Any = await shop.buy(token, "20", None)
    async with shop.services(SYSTEM) as services:
        wish = RefundWish(answer.order.id, amount=Decimal(5))
        assert not isinstance(await services.giving_back.give_back(wish, "k"), Problem)
        before = await now(shop, answer.order)
        assert before.payment_status is PaymentStatus.PARTIALLY_REFUNDED
        (line,) = (await services.repositories.order_lines.all_by_order([before.id]))[before.id]
        edited: Any = await services.uow.transact(
            lambda: services.order_editing.edit(before.id, [LineEdit(line_id=line.id, quantity=2)])
        )
    assert edited.payment_status is PaymentStatus.PARTIALLY_REFUNDED


async def test_backordered_units_follow_the_stock(shop: Shop) -> None:
    variant = await shop.variant("10", stock=1, backorder=BackorderPolicy.ALLOW)
    answer: Any = await shop.buy(await shop.cart((variant, 5)), "50")
    order = answer.order
    assert order.status is STOCK
    async with shop.services(SYSTEM) as services:
        own = services.repositories
        (line,) = (await own.order_lines.all_by_order([order.id]))[order.id]

        async def waiting() -> int:
            return (await own.allocations.backordered([line.id])).get(line.id, 0)

        async def edit(quantity: int) -> None:
            lines = [LineEdit(line_id=line.id, quantity=quantity)]
            edited = await services.uow.transact(
                lambda: services.order_editing.edit(order.id, lines)
            )
            assert not isinstance(edited, Problem)

        assert await waiting() == 4
        await edit(4)
        assert await waiting() == 3
        await edit(6)
        assert await waiting() == 5
        come = [StockChange(variant, None, 2)]
        came = await services.uow.transact(lambda: services.stock.adjust(come, Note("", "", "me")))
        assert not isinstance(came, Problem)
        assert await waiting() == 3
        canceled = await services.uow.transact(
            lambda: services.order_cancellations.cancel(order.id)
        )
        assert not isinstance(canceled, Problem)
        assert await waiting() == 0


async def test_an_order_goes_on_when_all_it_waits_for_is_there(shop: Shop) -> None:
    variant = await shop.variant("10", stock=1, backorder=BackorderPolicy.ALLOW)
    answer: Any = await shop.buy(await shop.cart((variant, 3)), "30")
    assert answer.order.status is STOCK

    async with shop.services(SYSTEM) as services:

        async def come(units: int) -> tuple[int, OrderStatus]:
            change, note = [StockChange(variant, None, units)], Note("", "", "me")
            await services.uow.transact(lambda: services.stock.adjust(change, note))
            moved = await services.order_arrivals.go_on()
            return moved, (await now(shop, answer.order)).status

        assert await come(1) == (0, STOCK)
        assert await come(1) == (1, OrderStatus.PROCESSING)
        assert await services.order_arrivals.go_on() == 0
        found = await services.repositories.order_events.pages_by_order(
            [answer.order.id], PageArgs(50)
        )
    told = [event.data for event in found[answer.order.id].rows]
    assert {"from": "awaiting_stock", "to": "processing"} in told


async def test_all_that_is_set_aside_is_captured_once(shop: Shop) -> None:
    """Asked again with the same key it is the same, with another one nothing is left."""
    answer: Any = await shop.buy(await shop.cart((await shop.variant("10"), 1)), "10", "later")
    async with shop.services(SYSTEM) as services:
        (payment,) = (await services.payment_ledger.by_orders([answer.order.id]))[answer.order.id]
        taken = [await services.order_money.capture(payment.id, None, key) for key in ("c", "c")]
        assert [getattr(each, "captured", each) for each in taken] == [10, 10]
        refused: Any = await services.order_money.capture(payment.id, None, "d")
        assert (refused.code, refused.message) == (
            "AMOUNT_TOO_LARGE",
            "Nothing is left to capture.",
        )
