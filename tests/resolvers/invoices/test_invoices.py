"""Invoices are read by their buyers and the shop's people, who issue them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope, Viewer, ViewerKind
from commerce.wiring import Services
from tests.conftest import Ask
from tests.support.customers import make_customer, viewer_of
from tests.support.invoices import issue, make_series, refund, set_store
from tests.support.orders import STANDARD, Item, place_order
from tests.support.services import PORTS

READER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_ORDERS}))
ISSUE = """
mutation ($input: InvoiceIssueInput!) { invoiceIssue(input: $input) {
  invoice { id number kind net { amount } tax { amount } total { amount } buyerName }
  userErrors { code path } } }
"""
CREDIT = """
mutation ($input: CreditNoteIssueInput!) { creditNoteIssue(input: $input) {
  creditNote { number kind corrects { number } refund { amount { amount } } order { number } }
  userErrors { code path } } }
"""
SERIES = """
mutation ($input: InvoiceSeriesUpsertInput!) { invoiceSeriesUpsert(input: $input) {
  invoiceSeries { id code kind prefix digits yearly isDefault onPayment note version }
  userErrors { code path } } }
"""
LIST = """
query ($where: InvoiceWhere) {
  invoices(first: 20, where: $where) { nodes { number } totalCount { count } }
}
"""
WHOLE = """
query { orders(first: 20) { nodes {
  receiptUrl
  invoices { number pdfUrl series { code } order { number } corrects { number } refund { id } }
} } }
"""


async def _numbers(ask: Ask, viewer: Viewer = READER, **where: Any) -> list[str]:
    answer = await ask(LIST, {"where": where or None}, viewer=viewer)
    found = answer["data"]["invoices"]
    assert found["totalCount"]["count"] == len(found["nodes"])
    return [node["number"] for node in found["nodes"]]


async def test_an_invoice_is_issued_once(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(uow, Item("10.00", taxes=(STANDARD,)))
    asked = {"input": {"orderId": global_id("Order", order.id)}}
    payload = (await ask(ISSUE, asked))["data"]["invoiceIssue"]
    assert payload["userErrors"] == []
    invoice = payload["invoice"]
    assert (invoice["number"], invoice["kind"]) == ("0001", "INVOICE")
    assert (invoice["total"]["amount"], invoice["tax"]["amount"]) == ("12.30", "2.30")
    assert invoice["buyerName"] == "Ada Byron"
    assert (await ask(ISSUE, asked))["data"]["invoiceIssue"] == payload
    node = "query ($id: ID!) { node(id: $id) { ... on Invoice { number } } }"
    answer = await ask(node, {"id": invoice["id"]}, viewer=READER)
    assert answer["data"]["node"] == {"number": "0001"}
    hidden = await ask(node, {"id": invoice["id"]}, viewer=ANONYMOUS)
    assert hidden["data"]["node"] is None


async def test_a_credit_note_tells_what_it_corrects(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(uow, Item("10.00", 2))
    await issue(uow, order)
    back = await refund(uow, order)
    asked = {"input": {"refundId": global_id("Refund", back.id)}}
    payload = (await ask(CREDIT, asked))["data"]["creditNoteIssue"]
    assert payload["creditNote"] == {
        "number": "CN-0001",
        "kind": "CREDIT_NOTE",
        "corrects": {"number": "0001"},
        "refund": {"amount": {"amount": "10.00"}},
        "order": {"number": order.number},
    }


@pytest.mark.parametrize(
    ("order_id", "series", "code", "path"),
    [
        ("x", None, "NOT_FOUND", ["orderId"]),
        (global_id("Product", 1), None, "NOT_FOUND", ["orderId"]),
        (global_id("Order", 2**63 - 1), None, "NOT_FOUND", ["orderId"]),
        (None, "nowhere", "NOT_FOUND", ["series"]),
    ],
)
async def test_what_cannot_be_issued(
    ask: Ask, uow: UnitOfWork, order_id: Any, series: Any, code: str, path: list[str]
) -> None:
    known = global_id("Order", (await place_order(uow)).id)
    asked = {"input": {"orderId": order_id or known, "series": series}}
    payload = (await ask(ISSUE, asked))["data"]["invoiceIssue"]
    assert payload["invoice"] is None
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [(code, path)]


async def test_invoices_of_others_are_not_there(ask: Ask, uow: UnitOfWork) -> None:
    ada, eve = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    await issue(uow, await place_order(uow, customer=ada))
    assert await _numbers(ask, viewer_of(ada)) == ["0001"]
    assert await _numbers(ask, viewer_of(eve)) == []
    assert await _numbers(ask, ANONYMOUS) == []
    one = 'query { invoice(number: "0001") { number } }'
    assert (await ask(one, viewer=viewer_of(ada)))["data"]["invoice"] == {"number": "0001"}
    assert (await ask(one, viewer=viewer_of(eve)))["data"]["invoice"] is None


async def test_lists_are_filtered(ask: Ask, uow: UnitOfWork) -> None:
    await set_store(uow, timezone="Europe/Berlin")
    await make_series(uow, "b2b", prefix="B-")
    orders = [await place_order(uow) for _ in range(3)]
    spans = (timedelta(0), timedelta(minutes=1), timedelta(days=1))
    moments = [datetime(2026, 3, 3, 22, 59, tzinfo=UTC) + span for span in spans]
    for order, at, series in zip(orders, moments, (None, "b2b", None), strict=True):
        services = Services(uow, SYSTEM, lambda at=at: at, PORTS)
        await uow.transact(lambda: services.invoices.issue(order.id, series))  # noqa: B023  # awaited at once
    assert await _numbers(ask) == ["0002", "B-0001", "0001"]
    assert await _numbers(ask, series={"eq": "b2b"}) == ["B-0001"]
    assert await _numbers(ask, number={"startsWith": "00"}) == ["0002", "0001"]
    assert await _numbers(ask, kind=["CREDIT_NOTE"]) == []
    assert await _numbers(ask, kind=[]) == []
    assert await _numbers(ask, orderId={"eq": global_id("Order", orders[1].id)}) == ["B-0001"]
    assert await _numbers(ask, issuedOn={"first": "2026-03-04", "last": "2026-03-04"}) == [
        "0002",
        "B-0001",
    ]
    assert await _numbers(ask, issuedOn={"last": "2026-03-03"}) == ["0001"]
    assert await _numbers(ask, issuedAt={"gte": "2026-03-04T12:00:00Z"}) == ["0002"]
    assert await _numbers(ask, total={"gt": "1000"}, currencyCode="EUR") == []


@pytest.mark.parametrize(
    "where",
    [{"number": {"eq": "\0"}}, {"series": {"eq": "\ud800"}}, {"number": {"eq": "x" * 2000}}],
)
async def test_filters_that_no_list_has(ask: Ask, where: Any) -> None:
    answer = await ask(LIST, {"where": where}, viewer=READER)
    assert answer["data"] is None
    assert "filter" in answer["errors"][0]["message"]


@pytest.mark.parametrize("count", [1, 6])
async def test_statements_do_not_grow_with_orders(
    ask: Ask, uow: UnitOfWork, statements: list[str], count: int
) -> None:
    for _ in range(count):
        order = await place_order(uow, Item("10.00", 2))
        await issue(uow, order)
        back = await refund(uow, order)
        services = Services(uow, SYSTEM, system_clock, PORTS)
        await uow.transact(lambda: services.invoices.credit(back.id))  # noqa: B023  # awaited at once
    statements.clear()
    answer = await ask(WHOLE)
    assert len(answer["data"]["orders"]["nodes"]) == count
    # Orders, their invoices; series, corrected ones and refunds; the orders once more, by id.
    assert len(statements) == 6


async def test_links_are_signed(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(uow)
    invoice = await issue(uow, order)
    (found,) = (await ask(WHOLE))["data"]["orders"]["nodes"]
    pdf, receipt = urlsplit(found["invoices"][0]["pdfUrl"]), urlsplit(found["receiptUrl"])
    assert (pdf.path, receipt.path) == (
        f"/invoices/{invoice.id}.pdf",
        f"/orders/{order.id}/receipt.pdf",
    )
    assert "signature=" in pdf.query
    assert pdf.query != receipt.query


async def test_series_are_set_up(ask: Ask) -> None:
    asked = {"code": "b2b", "prefix": "B-", "digits": 6, "yearly": True, "note": "Thank you."}
    payload = (await ask(SERIES, {"input": asked}))["data"]["invoiceSeriesUpsert"]
    series = payload["invoiceSeries"]
    assert {name: series[name] for name in asked} == asked
    assert (series["kind"], series["isDefault"], series["onPayment"]) == ("INVOICE", False, False)
    again = (await ask(SERIES, {"input": {"id": series["id"], "onPayment": True}}))["data"]
    assert again["invoiceSeriesUpsert"]["invoiceSeries"]["version"] == 2
    listed = await ask("query { invoiceSeries(first: 5) { nodes { code } } }")
    assert listed["data"]["invoiceSeries"]["nodes"] == [{"code": "b2b"}]
    node = await ask(
        "query ($id: ID!) { node(id: $id) { id } }", {"id": series["id"]}, viewer=READER
    )
    assert node["data"]["node"] is None


@pytest.mark.parametrize(
    "values",
    [{"code": "\0"}, {"code": "a", "digits": 99}, {"code": "a", "note": "\ud800"}, {}],
)
async def test_series_that_cannot_be(ask: Ask, values: dict[str, Any]) -> None:
    payload = (await ask(SERIES, {"input": values}))["data"]["invoiceSeriesUpsert"]
    assert payload["invoiceSeries"] is None
    assert [error["code"] for error in payload["userErrors"]] == ["INVALID"]
