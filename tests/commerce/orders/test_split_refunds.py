"""Money of an order that several payments paid goes back by all of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.locks import Rank
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import SYSTEM
from commerce.integrations import test_payments
from commerce.orders.kinds import PaymentStatus, RefundStatus
from commerce.orders.rules.editing import LineEdit
from commerce.orders.rules.splitting import Share, shares_of, status_of
from commerce.orders.service.giving_back import RefundWish
from commerce.orders.service.refunds import OrderRefundService
from commerce.payments.problems import AmountTooLarge
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.races import Meeting, without_locks

REFUSING = Decimal("4444.01")  # the test provider's word for no, when asked for just this
PENDING, DONE, REFUSED = RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED


def paid(*captured: int) -> list[Any]:
    """Payments 1, 2, … with so much left to go back."""
    nothing = dict.fromkeys(
        (
            "authorized",
            "voided",
            "refunded",
            "capture_pending",
            "void_pending",
            "refund_pending",
            "closed",
        ),
        Decimal(0),
    )
    return [
        SimpleNamespace(id=id_, currency="EUR", captured=Decimal(amount), **nothing)
        for id_, amount in enumerate(captured, 1)
    ]


def shares(*each: tuple[int | None, int]) -> list[Share]:
    return [Share(id_, Decimal(amount)) for id_, amount in each]


@pytest.mark.parametrize(
    ("amount", "left", "by"),
    [
        (20, (30, 50), [(2, 20)]),
        (70, (30, 50), [(2, 50), (1, 20)]),
        (60, (50, 50), [(2, 50), (1, 10)]),
        (90, (30, 50), [(2, 50), (1, 30), (None, 10)]),
        (5, (0,), [(None, 5)]),
        (0, (30,), []),
    ],
)
def test_the_payments_with_most_left_go_first(amount: int, left: Any, by: Any) -> None:
    assert shares_of(Decimal(amount), paid(*left)) == shares(*by)


@pytest.mark.parametrize(
    ("named", "by"),
    [
        ([(1, 10), (2, 5)], [(1, 10), (2, 5)]),
        ([(1, 10)], [(1, 10), (None, 5)]),
        ([(1, 10), (2, 6)], Invalid),
        ([(1, 5), (1, 5)], Invalid),
        ([(1, 0)], Invalid),
        ([(1, -1)], Invalid),
        ([(1, 31)], AmountTooLarge),
        ([(3, 5)], NotFound),
    ],
)
def test_named_payments_take_what_they_are_given(named: Any, by: Any) -> None:
    answer = shares_of(Decimal(15), paid(30, 50), shares(*named))
    if isinstance(by, list):
        assert answer == shares(*by)
    else:
        assert type(answer) is by


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ((), DONE),
        ((DONE, DONE), DONE),
        ((DONE, PENDING), PENDING),
        ((REFUSED, PENDING), PENDING),
        ((REFUSED, REFUSED), REFUSED),
        ((DONE, REFUSED), RefundStatus.PARTIALLY_SUCCEEDED),
    ],
)
def test_a_refund_is_what_its_parts_are(states: Any, whole: RefundStatus) -> None:
    assert status_of(states) is whole


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(5, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await assert_invariants(pool)
    await pool.close()


async def paid_twice(shop: Shop, first: str, second: str, **cart: Any) -> Any:
    """An order that was paid, edited up, and paid again."""
    token = await shop.cart((await shop.variant(first), 1), **cart)
    answer: Any = await shop.buy(token, first)
    more = LineEdit(variant_id=await shop.variant(second), quantity=1)
    async with shop.services(SYSTEM) as services:
        edited: Any = await services.uow.transact(
            lambda: services.order_editing.edit(answer.order.id, [more])
        )
        assert not isinstance(edited, Problem)
        paid: Any = await services.order_money.pay(edited.id, "card", {})
        assert paid[0].payment_status is PaymentStatus.PAID
        return paid[0]


async def back(shop: Shop, order: Any, key: str = "k", **wish: Any) -> Any:
    async with shop.services(SYSTEM) as services:
        return await services.giving_back.give_back(RefundWish(order.id, **wish), key)


async def money(shop: Shop, order: Any, refund: Any) -> Any:
    """The order, what is refunded of its payments, and what the refund says goes back by what."""
    async with shop.services(SYSTEM) as services:
        own = services.repositories
        row = (await own.orders.by_ids([order.id]))[order.id]
        payments = (await own.payments.by_orders([order.id]))[order.id]
        parts = (await own.refunds.payments([refund.id]))[refund.id]
        return row, [each.refunded for each in payments], {(p.amount, p.status) for p in parts}


async def test_more_than_any_payment_has_goes_back_by_both(shop: Shop) -> None:
    order = await paid_twice(shop, "30", "20")
    refund = await back(shop, order, amount=Decimal(45))
    row, refunded, parts = await money(shop, order, refund)
    assert (refund.status, refund.amount, refunded) == (DONE, 45, [30, 15])
    assert parts == {(30, DONE), (15, DONE)}
    assert row.payment_status is PaymentStatus.PARTIALLY_REFUNDED
    assert (await back(shop, order, amount=Decimal(45))).id == refund.id
    rest = await back(shop, order, "rest", amount=Decimal(5))
    assert (await money(shop, order, rest))[0].payment_status is PaymentStatus.REFUNDED


async def test_payments_are_chosen_and_gift_cards_take_the_rest(shop: Shop) -> None:
    card = await shop.gift_card("10")
    order = await paid_twice(shop, "30", "20", gift_card_ids=[card])
    payments = await payments_of(shop, order)
    by = [Share(payments[1], Decimal(12))]
    refund = await back(shop, order, amount=Decimal(15), payments=by)
    _, refunded, parts = await money(shop, order, refund)
    assert (refunded, parts) == ([0, 12], {(12, DONE), (3, DONE)})
    assert await shop.balance(card) == 3
    wanted = await back(shop, order, "sum", payments=[Share(payments[0], Decimal(4))])
    assert (wanted.amount, (await money(shop, order, wanted))[1]) == (4, [4, 12])
    too_much = await back(shop, order, "cards", amount=Decimal(20), payments=by_all(payments, 5))
    assert (type(too_much), too_much.available) == (AmountTooLarge, 17)
    assert await shop.balance(card) == 3


def by_all(payments: list[int], amount: int) -> list[Share]:
    return [Share(id_, Decimal(amount)) for id_ in payments]


async def payments_of(shop: Shop, order: Any) -> list[int]:
    async with shop.services(SYSTEM) as services:
        rows = (await services.repositories.payments.by_orders([order.id]))[order.id]
        return [row.id for row in rows]


async def test_what_one_payment_refused_is_asked_for_again_under_the_same_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = REFUSING
    order = await paid_twice(shop, "6000", "20")
    payments = await payments_of(shop, order)
    wish = {"payments": [Share(payments[0], refused), Share(payments[1], Decimal(20))]}
    partly = await back(shop, order, **wish)
    assert partly.status is RefundStatus.PARTIALLY_SUCCEEDED
    _, refunded, parts = await money(shop, order, partly)
    assert (refunded, parts) == ([0, 20], {(refused, REFUSED), (20, DONE)})
    assert (await back(shop, order, **wish)).status is RefundStatus.PARTIALLY_SUCCEEDED
    monkeypatch.delitem(test_payments.BY_AMOUNT, refused)
    whole = await back(shop, order, **wish)
    assert (whole.id, whole.status) == (partly.id, DONE)
    assert (await money(shop, order, whole))[1] == [refused, 20]
    assert (await back(shop, order, **wish)).id == whole.id
    assert (await money(shop, order, whole))[1] == [refused, 20]


async def _asked_again_by_many(shop: Shop, patch: pytest.MonkeyPatch) -> tuple[Any, list[Any]]:
    """The order, and what each of them is answered who asks for what was refused once more."""
    order = await paid_twice(shop, "6000", "20")
    payments = await payments_of(shop, order)
    wish = {"payments": [Share(payments[0], REFUSING), Share(payments[1], Decimal(20))]}
    await back(shop, order, **wish)
    patch.delitem(test_payments.BY_AMOUNT, REFUSING)
    asking = (back(shop, order, **wish) for _ in range(4))
    return order, await asyncio.gather(*asking, return_exceptions=True)


async def _times_asked(shop: Shop, answers: list[Any]) -> int:
    """How often the part that was refused was asked for."""
    refund = next(each for each in answers if not isinstance(each, BaseException))
    async with shop.services(SYSTEM) as services:
        parts = (await services.repositories.refunds.payments([refund.id]))[refund.id]
    return max(part.asked for part in parts)


async def test_many_who_ask_again_at_once_ask_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, answers = await _asked_again_by_many(shop, monkeypatch)
    assert len({answer.id for answer in answers}) == 1
    row, refunded, parts = await money(shop, order, answers[0])
    assert (refunded, parts) == ([REFUSING, 20], {(REFUSING, DONE), (20, DONE)})
    assert row.refunded == REFUSING + 20
    assert await _times_asked(shop, answers) == 2


async def test_without_the_locked_order_it_is_asked_for_again_and_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has found the part refused by then; that they share a key is what keeps the money."""
    without_locks(monkeypatch, Rank.ORDER, pause=0)
    meeting, read = Meeting(4), OrderRefundService.payments

    async def together(self: OrderRefundService, refund_id: int) -> Any:
        parts = await read(self, refund_id)
        if any(part.status is REFUSED for part in parts):
            await meeting.arrive()
        return parts

    monkeypatch.setattr(OrderRefundService, "payments", together)
    _, answers = await _asked_again_by_many(shop, monkeypatch)
    assert await _times_asked(shop, answers) > 2


async def test_what_a_killed_server_had_not_asked_for_goes_back_nonetheless(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await paid_twice(shop, "30", "20")
    sent = shop.provider.refund

    async def killed(call: Any) -> Any:
        if call.amount == 20:
            raise asyncio.CancelledError
        return await sent(call)

    monkeypatch.setattr(shop.provider, "refund", killed)
    with pytest.raises(asyncio.CancelledError):
        await back(shop, order, amount=Decimal(50))
    monkeypatch.undo()
    shop.clock = lambda: system_clock() + timedelta(minutes=1)
    await shop.reconcile()
    refund = await back(shop, order, amount=Decimal(50))
    assert refund.status is DONE
    assert (await money(shop, order, refund))[1] == [30, 20]
