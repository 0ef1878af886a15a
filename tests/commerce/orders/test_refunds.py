"""What goes back of an order adds up to what was charged, whatever the steps."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid
from commerce.orders.kinds import RefundStatus
from commerce.orders.models import OrderEvent
from commerce.orders.rules.splitting import Share
from commerce.orders.rules.units import LineUnits
from commerce.orders.service.refunds import Carried
from tests.support.order_work import done
from tests.support.orders import (
    STANDARD,
    TEN_PERCENT,
    Item,
    events_of,
    lines_of,
    order_now,
    place_order,
)


async def _order(uow: UnitOfWork) -> Any:
    items = (Item("9.99", 3, taxes=(STANDARD,)), Item("5.00"))
    return await place_order(uow, *items, shipping="4.90", promotions=(TEN_PERCENT,))


async def _refund(uow: UnitOfWork, order: Any, attempt_id: int, *args: Any) -> Any:
    async def work(own: Any) -> Any:
        taken = await own.repositories.orders.to_change(order.id)
        plan = await own.order_refunds.plan(taken, *args)
        if isinstance(plan, Invalid):
            return plan
        by = Carried(Share(attempt_id, plan.amount), attempt_id)
        return await own.order_refunds.open(taken, plan, [by])

    return await done(uow, work)


async def test_unit_by_unit_is_the_whole_line(uow: UnitOfWork) -> None:
    order = await _order(uow)
    line = (await lines_of(uow, order))[0]
    refunds = [await _refund(uow, order, n, [LineUnits(line.id, 1)]) for n in range(3)]
    assert sum(refund.amount for refund in refunds) == line.gross
    assert sum(refund.tax for refund in refunds) == line.tax
    more = await _refund(uow, order, 9, [LineUnits(line.id, 1)])
    assert isinstance(more, Invalid)


async def test_all_of_it_is_the_total(uow: UnitOfWork) -> None:
    order = await _order(uow)
    units = [LineUnits(line.id, line.quantity) for line in await lines_of(uow, order)]
    refund = await _refund(uow, order, 1, units, order.shipping)
    assert refund.amount == order.total
    assert refund.tax == order.tax
    assert isinstance(await _refund(uow, order, 2, [], Decimal("0.01")), Invalid)


async def test_an_amount_is_spread_and_then_less_is_left(uow: UnitOfWork) -> None:
    order = await _order(uow)
    lines = await lines_of(uow, order)
    first = await _refund(uow, order, 1, [], None, Decimal("10.00"))
    assert first.amount == Decimal("10.00")
    units = [LineUnits(line.id, line.quantity) for line in lines]
    rest = await _refund(uow, order, 2, units, order.shipping - first.shipping)
    assert first.amount + rest.amount == order.total
    assert first.tax + rest.tax == order.tax


async def test_a_fee_is_kept(uow: UnitOfWork) -> None:
    order = await _order(uow)
    line = (await lines_of(uow, order))[0]
    kept = await _refund(uow, order, 1, [LineUnits(line.id, 3)], None, line.gross - 1)
    assert kept.amount == line.gross - 1
    too_much = await _refund(uow, order, 2, [LineUnits(line.id, 1)], None, Decimal(500))
    assert isinstance(too_much, Invalid)
    more: Any = await _refund(uow, order, 3, [], Decimal(500))
    assert more.message == f"Only {order.shipping:.2f} of shipping is left."


@pytest.mark.parametrize(
    "args", [([],), ([], Decimal(-1)), ([], None, Decimal("0.001")), ([], None, Decimal("NaN"))]
)
async def test_refunds_that_say_nothing_sensible(uow: UnitOfWork, args: Any) -> None:
    assert isinstance(await _refund(uow, await _order(uow), 1, *args), Invalid)


async def test_a_refund_is_settled_once(uow: UnitOfWork) -> None:
    order = await _order(uow)
    line = (await lines_of(uow, order))[0]
    await _refund(uow, order, 1, [LineUnits(line.id, 2)], Decimal("1.00"))
    assert (await lines_of(uow, order))[0].refunded == 2
    failed = await done(uow, lambda own: own.order_refunds.book(1, succeeded=False))
    assert failed.status is RefundStatus.FAILED
    assert await done(uow, lambda own: own.order_refunds.book(1, succeeded=True)) is None
    assert (await lines_of(uow, order))[0].refunded == 0
    assert (await order_now(uow, order)).shipping_refunded == 0
    await _refund(uow, order, 2, [LineUnits(line.id, 3)])
    paid = await done(uow, lambda own: own.order_refunds.book(2, succeeded=True))
    assert paid.status is RefundStatus.SUCCEEDED
    assert await done(uow, lambda own: own.order_refunds.book(3, succeeded=True)) is None
    assert await events_of(uow, order) == ["placed", "refund_failed", "refunded"]


async def test_what_the_bank_sends_back_was_not_refunded(uow: UnitOfWork) -> None:
    """Days after it had succeeded: the timeline says so, and it can be refunded anew."""
    order = await _order(uow)
    line = (await lines_of(uow, order))[0]
    await _refund(uow, order, 1, [LineUnits(line.id, 3)], order.shipping)
    await done(uow, lambda own: own.order_refunds.book(1, succeeded=True))
    for news in (RefundStatus.FAILED, None):
        failed = await done(
            uow, lambda own: own.order_refunds.book(1, succeeded=False, reason="lost_card")
        )
        assert (failed and failed.status) == news
    told = (await uow.rows(select(col(OrderEvent.data), col(OrderEvent.is_public))))[-1]
    assert (told.data["amount"], told.data["reason"], told.is_public) == (
        str(line.gross + order.shipping), "lost_card", True
    )  # fmt: skip
    assert await events_of(uow, order) == ["placed", "refunded", "refund_failed"]
    assert (await lines_of(uow, order))[0].refunded == 0
    assert (await order_now(uow, order)).shipping_refunded == 0
    again = await _refund(uow, order, 2, [LineUnits(line.id, 3)], order.shipping)
    assert again.amount == line.gross + order.shipping
