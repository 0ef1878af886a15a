"""What programs note on orders, and find them by."""

from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.orders.models import Fulfillment, Order
from tests.conftest import Ask
from tests.support.invoices import issue
from tests.support.orders import Item, place_order
from tests.support.payments import make_method

SCOPES = frozenset({Scope.READ_ORDERS, Scope.WRITE_ORDERS, Scope.CAPTURE_PAYMENTS})
CLERK = Viewer(ViewerKind.STAFF, 1, SCOPES)
UPDATE = """mutation ($i: OrderUpdateInput!) { orderUpdate(input: $i) {
  order { publicNote invoiceUrl tags seenAt dispatch { trackingCarrier trackingUrl pickupCode } }
  userErrors { code path } } }"""
FIND = "query ($where: OrderWhere) { orders(first: 50, where: $where) { nodes { databaseId } } }"
PAY = """mutation ($i: OrderMarkPaidInput!) { orderMarkPaid(input: $i) {
  order { status paymentStatus cost { paid { amount } }
    payments { amount { amount } captured { amount } method { code } } }
  userErrors { code path } } }"""


async def _update(ask: Ask, order: Any, **values: Any) -> Any:
    given = {"orderId": global_id("Order", order.id), **values}
    answer = await ask(UPDATE, {"i": given}, viewer=CLERK)
    return answer["data"]["orderUpdate"]


async def _found(ask: Ask, **where: Any) -> list[int]:
    answer = await ask(FIND, {"where": where}, viewer=CLERK)
    return sorted(node["databaseId"] for node in answer["data"]["orders"]["nodes"])


async def test_programs_note_what_they_know_of_sending_an_order(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(uow)
    first = await _update(
        ask,
        order,
        publicNote="Leave it with the neighbour.",
        invoiceUrl="https://books.example/7.pdf",
        tags=["gift", " vip ", "gift"],
        seen=True,
        dispatch={"trackingCarrier": "CTT", "pickupCode": "1234"},
    )
    assert first["userErrors"] == []
    shown = first["order"]
    assert (shown["publicNote"], shown["tags"]) == ("Leave it with the neighbour.", ["gift", "vip"])
    assert shown["invoiceUrl"] == "https://books.example/7.pdf"
    assert shown["seenAt"] is not None
    second = await _update(
        ask, order, seen=True, dispatch={"pickupCode": None, "trackingUrl": "https://ctt.example/1"}
    )
    assert second["order"]["dispatch"] == {
        "trackingCarrier": "CTT",
        "trackingUrl": "https://ctt.example/1",
        "pickupCode": "",
    }
    assert second["order"]["seenAt"] == shown["seenAt"]
    third = await _update(ask, order, seen=False, invoiceUrl=None, tags=[])
    assert (third["order"]["seenAt"], third["order"]["invoiceUrl"]) == (None, None)
    assert third["order"]["tags"] == []


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"invoiceUrl": "javascript:1"}, ["invoiceUrl"]),
        ({"dispatch": {"labelUrl": "nowhere"}}, ["dispatch", "labelUrl"]),
        ({"tags": ["x" * 201]}, ["tags", "0"]),
        ({"tags": [""]}, ["tags", "0"]),
        ({"tags": [str(n) for n in range(51)]}, ["tags"]),
    ],
)
async def test_what_cannot_be_noted(
    ask: Ask, uow: UnitOfWork, values: dict[str, Any], path: list[str]
) -> None:
    order = await place_order(uow)
    answer = await _update(ask, order, **values)
    (flaw,) = answer["userErrors"]
    assert flaw["path"] == path


async def test_orders_are_found_by_what_was_noted(ask: Ask, uow: UnitOfWork) -> None:
    noted = await place_order(uow, email="Ada@Shop.test", values={"tags": ["vip", "gift"]})
    other = await place_order(uow, email="bob@shop.test", values={"seen_at": system_clock()})
    digest = md5(b"ada@shop.test", usedforsecurity=False).hexdigest()
    assert await _found(ask, emailMd5=[digest.upper()]) == [noted.id]
    assert await _found(ask, tags=["gift", "none"]) == [noted.id]
    assert await _found(ask, tags=[]) == []
    assert await _found(ask, seen=True) == [other.id]
    assert await _found(ask, seen=False) == [noted.id]


async def test_orders_are_found_by_their_invoices(ask: Ask, uow: UnitOfWork) -> None:
    elsewhere = await place_order(uow, values={"invoice_url": "https://books.example/1"})
    issued, without = await place_order(uow), await place_order(uow)
    await issue(uow, issued)
    assert await _found(ask, invoiced=True) == sorted([elsewhere.id, issued.id])
    assert await _found(ask, invoiced=False) == [without.id]


async def test_recent_days_are_the_shops(ask: Ask, uow: UnitOfWork) -> None:
    """The week that ends today begins six days ago."""
    now = system_clock()
    ages = (0, 1, 6, 7)
    orders = [
        await place_order(uow, placed_at=now - timedelta(days=days), values={"number": f"N{days}"})
        for days in ages
    ]
    ids = [order.id for order in orders]
    assert await _found(ask, placedOn={"recent": 1}) == ids[:1]
    assert await _found(ask, placedOn={"recent": 1, "ago": 1}) == ids[1:2]
    assert await _found(ask, placedOn={"recent": 7}) == ids[:3]
    answer = await ask(FIND, {"where": {"placedOn": {"recent": 0}}}, viewer=CLERK)
    assert answer["errors"][0]["message"].startswith("recent is a number of days from 1")


async def test_orders_are_found_by_when_they_were_sent_and_changed(
    ask: Ask, uow: UnitOfWork
) -> None:
    order, other = await place_order(uow), await place_order(uow)
    sent = {"order_id": order.id, "shipped_at": datetime(2026, 5, 3, 9, tzinfo=UTC)}
    await uow.change(Fulfillment.__table__.insert().values(**sent))  # type: ignore[attr-defined]  # a table
    day = {"first": "2026-05-03", "last": "2026-05-03"}
    assert await _found(ask, shippedOn=day) == [order.id]
    long_ago = datetime(2020, 1, 1, 12, tzinfo=UTC)
    await uow.change(update(Order).where(col(Order.id) == other.id).values(updated_at=long_ago))
    assert await _found(ask, updatedOn={"last": "2020-01-01"}) == [other.id]


async def test_an_order_that_was_paid_elsewhere_is_marked(ask: Ask, uow: UnitOfWork) -> None:
    await make_method(uow, "bank", provider="manual")
    order = await place_order(uow, Item("10.00", 2))
    given = {"i": {"orderId": global_id("Order", order.id), "reference": "B-1"}}
    for _ in range(2):
        answer = await ask(PAY, given, viewer=CLERK)
        shown = answer["data"]["orderMarkPaid"]
        assert shown["userErrors"] == []
        assert (shown["order"]["paymentStatus"], shown["order"]["status"]) == ("PAID", "PROCESSING")
        (payment,) = shown["order"]["payments"]
        assert (payment["captured"]["amount"], payment["method"]["code"]) == ("20.00", "bank")
    paid_on = {"recent": 1}
    assert await _found(ask, paidOn=paid_on) == [order.id]


async def test_no_method_is_made_up_to_mark_an_order_paid(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(uow)
    given = {"orderId": global_id("Order", order.id), "paymentMethod": "none"}
    answer = await ask(PAY, {"i": given}, viewer=CLERK)
    (flaw,) = answer["data"]["orderMarkPaid"]["userErrors"]
    assert (flaw["code"], flaw["path"]) == ("NOT_FOUND", ["paymentMethod"])
