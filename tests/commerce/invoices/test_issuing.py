"""Invoices are issued once, one number after the other, and stay as they are."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Taken
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.models import Invoice
from commerce.orders.kinds import OrderStatus
from commerce.orders.problems import InvalidTransition
from commerce.privacy.kinds import ErasureReason
from commerce.privacy.rules import Retention
from commerce.wiring import Services
from tests.support.customers import make_customer
from tests.support.invoices import (
    SELLER,
    invoices_now,
    issue,
    make_series,
    refund,
    series_now,
    set_store,
)
from tests.support.order_work import done
from tests.support.orders import (
    STANDARD,
    TEN_PERCENT,
    ZERO_RATE,
    Item,
    place_order,
)
from tests.support.services import PORTS


async def _golden(uow: UnitOfWork, **values: Any) -> Any:
    return await place_order(
        uow,
        Item("77.32", taxes=(STANDARD,), title="Lamp"),
        Item("71.32", taxes=(ZERO_RATE,), title="Book"),
        shipping="7.25",
        promotions=(TEN_PERCENT,),
        **values,
    )


def _sums(row: Any) -> dict[str, str]:
    return {each["kind"]: each["amount"] for each in row.contents["sums"]}


async def _issue_at(uow: UnitOfWork, order: Any, at: datetime, series: str | None = None) -> Any:
    services = Services(uow, SYSTEM, lambda: at, PORTS)
    return await uow.transact(lambda: services.invoices.issue(order.id, series))


async def _erase(uow: UnitOfWork, customer: Any) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    await services.privacy.erase(customer.id, None, ErasureReason.CUSTOMER_REQUEST)


async def test_all_that_is_printed_is_kept(uow: UnitOfWork) -> None:
    await set_store(uow, **SELLER)
    customer = await make_customer(uow, tax_id="DE987654321")
    order = await _golden(uow, customer=customer)
    issued = await issue(uow, order)
    (row,) = await invoices_now(uow)
    assert (row.id, row.number, row.kind) == (issued.id, "0001", InvoiceKind.INVOICE)
    assert (row.net, row.tax, row.total) == (order.net, order.tax, order.total)
    assert row.buyer["lines"] == ["Ada Byron", "Ring 1", "10115 BERLIN", "GERMANY"]
    assert row.buyer["tax_id"] == "DE987654321"
    assert row.contents["seller"]["lines"][0] == "Mugs & More GmbH"
    assert row.contents["seller"]["registration"] == "Amtsgericht Berlin HRB 12345"
    assert row.contents["seller"]["logo"] == ""
    assert _sums(row) == {
        "subtotal": "148.64",
        "discount": "-14.87",
        "shipping": "7.25",
        "net": "141.02",
        "tax": "0",
        "total": "157.03",
        "left": "157.03",
    }
    lamp = row.contents["lines"][0]
    assert (lamp["title"], lamp["details"], lamp["taxes"][0]["percent"]) == (
        "Lamp",
        "Colour: Blue",
        "23",
    )


async def test_asked_again_it_is_the_same_one(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    await make_series(uow, "other", prefix="X-")
    first = await issue(uow, order)
    assert await issue(uow, order) == first
    assert await issue(uow, order, "other") == first
    assert len(await invoices_now(uow)) == 1


async def test_numbers_follow_each_other_in_each_series(uow: UnitOfWork) -> None:
    await set_store(uow, invoice_prefix="RE")
    await make_series(uow, "b2b", prefix="B-", digits=6)
    numbers = [
        (await issue(uow, await place_order(uow), series)).number
        for series in (None, "b2b", None, "b2b")
    ]
    assert numbers == ["RE0001", "B-000001", "RE0002", "B-000002"]


async def test_a_year_begins_when_it_does_in_the_shop(uow: UnitOfWork) -> None:
    await set_store(uow, timezone="Pacific/Auckland")
    await make_series(uow, "y", prefix="", suffix="", yearly=True)
    moments = (
        datetime(2026, 12, 31, 10, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 11, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 10, 59, 59, tzinfo=UTC),  # a clock that is late
        datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
    )
    numbers = [(await _issue_at(uow, await place_order(uow), at, "y")).number for at in moments]
    assert numbers == ["2026-0001", "2027-0001", "2027-0002", "2027-0003"]


async def test_a_number_that_is_in_use_is_not_used_up(uow: UnitOfWork) -> None:
    await make_series(uow, "a", prefix="A", suffix="", digits=3)
    await make_series(uow, "b", prefix="A0", suffix="", digits=2)
    await issue(uow, await place_order(uow), "a")
    order = await place_order(uow)
    assert isinstance(await issue(uow, order, "b"), Taken)
    await make_series(uow, "b", prefix="B", is_default=True, on_payment=True)
    assert (await issue(uow, order, "b")).number == "B01"


async def test_a_payment_goes_through_though_the_number_is_in_use(uow: UnitOfWork) -> None:
    await make_series(uow, "a", prefix="A", suffix="", digits=3)
    on = {"is_default": True, "on_payment": True}
    await make_series(uow, "b", prefix="A0", suffix="", digits=2, **on)
    await issue(uow, await place_order(uow), "a")
    order = await place_order(uow)
    assert await done(uow, lambda own: own.invoices.paid(order.id)) is None
    assert (await series_now(uow, "b")).next_value == 1


@pytest.mark.parametrize("on_payment", [True, False])
async def test_paid_orders_are_invoiced_if_the_shop_wants_it(
    uow: UnitOfWork, on_payment: bool
) -> None:
    nobody = Viewer(ViewerKind.ANONYMOUS)
    await make_series(uow, "a", prefix="A", is_default=True, on_payment=on_payment)
    order = await place_order(uow)
    for _ in range(2):
        await done(uow, lambda own: own.invoices.paid(order.id), nobody)
    assert len(await invoices_now(uow)) == on_payment


async def test_drafts_and_canceled_orders_have_no_invoice(uow: UnitOfWork) -> None:
    draft = await place_order(uow, placed_at=None, values={"status": OrderStatus.DRAFT})
    gone = {"status": OrderStatus.CANCELED, "canceled_at": system_clock()}
    canceled = await place_order(uow, values=gone)
    for order in (draft, canceled):
        assert isinstance(await issue(uow, order), InvalidTransition)


async def test_one_that_must_be_new_is_issued_once(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    issued = await done(uow, lambda own: own.invoices.issue(order.id, must_be_new=True))
    assert issued.number
    again = await done(uow, lambda own: own.invoices.issue(order.id, must_be_new=True))
    assert again == Taken("The order has an invoice already.", ("order_id",))
    assert await issue(uow, order) == issued


async def test_who_may_not_write_orders_finds_none(uow: UnitOfWork) -> None:
    reader = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_ORDERS}))
    order = await place_order(uow)
    back = await refund(uow, order)
    answers = [
        await done(uow, lambda own: own.invoices.issue(order.id), reader),
        await done(uow, lambda own: own.invoices.credit(back.id), reader),
        await done(uow, lambda own: own.invoices.issue(10**9)),
        await done(uow, lambda own: own.invoices.credit(10**9)),
    ]
    assert [type(answer) for answer in answers] == [NotFound] * 4


async def test_a_series_must_be_there_and_of_the_kind(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    await make_series(uow, "notes", kind=InvoiceKind.CREDIT_NOTE)
    for series in ("nowhere", "notes"):
        assert isinstance(await issue(uow, order, series), NotFound)


async def test_a_credit_note_corrects_the_invoice(uow: UnitOfWork) -> None:
    items = (Item("9.99", 3, taxes=(STANDARD,)), Item("5.00", taxes=(ZERO_RATE,)))
    order = await place_order(uow, *items, shipping="4.90")
    back = await refund(uow, order, 2, "1.00")
    assert isinstance(await done(uow, lambda own: own.invoices.credit(back.id)), Invalid)
    invoice = await issue(uow, order)
    note = await done(uow, lambda own: own.invoices.credit(back.id))
    assert await done(uow, lambda own: own.invoices.credit(back.id)) == note
    assert (note.number, note.corrects_id) == ("CN-0001", invoice.id)
    assert (note.total, note.net + note.tax) == (back.amount, back.amount)
    row = (await invoices_now(uow))[-1]
    assert row.contents["corrects"] == invoice.number
    assert row.contents["lines"][0]["quantity"] == 2
    sums = {each["kind"]: Decimal(each["amount"]) for each in row.contents["sums"]}
    assert sums["lines"] + sums["shipping"] == sums["credited"] == back.amount
    taxes = [each for each in row.contents["sums"] if each["kind"] == "tax_in"]
    assert sum(Decimal(each["amount"]) for each in taxes) == back.tax


async def test_money_that_has_not_gone_back_has_no_credit_note(uow: UnitOfWork) -> None:
    order = await place_order(uow)
    await issue(uow, order)
    waiting = await refund(uow, order, settled=False)
    assert isinstance(await done(uow, lambda own: own.invoices.credit(waiting.id)), Invalid)


async def test_what_was_issued_stays_as_it_is(uow: UnitOfWork) -> None:
    invoice = await issue(uow, await place_order(uow))
    own = col(Invoice.id) == invoice.id
    changes = (
        update(Invoice).where(own).values(number="X"),
        update(Invoice).where(own).values(buyer={"lines": ["Eve"]}),
        update(Invoice).where(own).values(contents={}),
        delete(Invoice).where(own),
    )
    for change in changes:

        async def attempt(statement: Any = change) -> None:
            await uow.change(statement)

        with pytest.raises(DBAPIError, match="append-only"):
            await uow.transact(attempt)


async def test_an_erased_buyer_stays_for_the_law_and_then_goes_alone(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    order = await place_order(uow, customer=customer)
    await issue(uow, order)
    (before,) = await invoices_now(uow)
    await _erase(uow, customer)
    (kept,) = await invoices_now(uow)
    assert kept == before
    ports = replace(PORTS, retention=Retention(invoice_years=0))
    assert await Services(uow, SYSTEM, system_clock, ports).privacy.blank_kept() == 1
    (after,) = await invoices_now(uow)
    assert after.buyer is None
    assert (after.number, after.total, after.contents) == (
        before.number,
        before.total,
        before.contents,
    )
    paper = await done(uow, lambda own: own.papers.invoice(after.id))
    assert (paper.buyer, paper.number) == (None, before.number)


async def test_orders_of_the_erased_are_invoiced_to_nobody(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    order = await place_order(uow, customer=customer)
    await _erase(uow, customer)
    await issue(uow, order)
    assert (await invoices_now(uow))[0].buyer is None
