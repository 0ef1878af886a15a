"""What is printed adds up, row by row, to what the order says."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS
from commerce.invoices.kinds import PaperKind
from commerce.invoices.rules.papers import Paper
from commerce.invoices.rules.sums import refund_sums
from commerce.pricing.rules.draft import TaxRate
from tests.support.customers import make_customer, viewer_of
from tests.support.invoices import set_store
from tests.support.order_work import done
from tests.support.orders import BERLIN, STANDARD, TEN_PERCENT, Item, place_order

GROSS = Item("23.80", 3, taxes=(TaxRate(4, "MwSt.", Decimal(19)),), includes_tax=True)
NET = Item("9.99", 7, taxes=(STANDARD,))
BARE = Item("3.33", 3)


async def _receipt(uow: UnitOfWork, order: Any, viewer: Any = None) -> Any:
    given = {} if viewer is None else {"viewer": viewer}
    return await done(uow, lambda own: own.papers.receipt(order.id), **given)


def _amount(paper: Paper, *kinds: str) -> Decimal:
    return sum((each.amount for each in paper.sums if each.kind in kinds), Decimal(0))


@pytest.mark.parametrize("promotions", [(), (TEN_PERCENT,)])
@pytest.mark.parametrize("items", [(NET,), (NET, BARE), (BARE,)])
async def test_prices_without_taxes_add_up_to_the_net(
    uow: UnitOfWork, items: Any, promotions: Any
) -> None:
    order = await place_order(uow, *items, shipping="4.90", promotions=promotions)
    paper = await _receipt(uow, order)
    before = _amount(paper, "subtotal", "discount", "shipping", "rounding")
    assert before == order.net
    assert before + _amount(paper, "tax") == _amount(paper, "total") == order.total
    assert _amount(paper, "net") in (order.net, 0)
    assert sum(line.amount for line in paper.lines) == _amount(paper, "subtotal")


@pytest.mark.parametrize("promotions", [(), (TEN_PERCENT,)])
async def test_prices_with_taxes_add_up_to_the_total(uow: UnitOfWork, promotions: Any) -> None:
    order = await place_order(uow, GROSS, promotions=promotions)
    paper = await _receipt(uow, order)
    assert _amount(paper, "subtotal", "discount", "rounding") == order.total
    assert _amount(paper, "net_in") + _amount(paper, "tax_in") == order.total
    kinds = [each.kind for each in paper.sums]
    assert kinds.index("total") < kinds.index("tax_in")


async def test_of_mixed_prices_net_and_taxes_add_up(uow: UnitOfWork) -> None:
    order = await place_order(uow, GROSS, NET)
    paper = await _receipt(uow, order)
    assert _amount(paper, "net", "tax") == _amount(paper, "total") == order.total
    assert not _amount(paper, "rounding")


async def test_what_was_paid_is_taken_off(uow: UnitOfWork) -> None:
    values = {"paid": Decimal(5), "refunded": Decimal(1)}
    order = await place_order(uow, NET, values=values)
    paper = await _receipt(uow, order)
    assert (_amount(paper, "paid"), _amount(paper, "left")) == (-5, order.due - 5)
    assert _amount(paper, "refunded") == 1


async def test_a_receipt_speaks_as_its_buyer_does(uow: UnitOfWork) -> None:
    await set_store(uow, timezone="Pacific/Auckland", locale="de")
    order = await place_order(uow, NET, values={"locale": "de-AT", "billing_address": BERLIN})
    paper = await _receipt(uow, order)
    assert (paper.kind, paper.number, paper.locale) == (PaperKind.RECEIPT, order.number, "de-AT")
    assert str(paper.dated) == "2026-03-05"
    assert paper.buyer.lines[-1] == "DEUTSCHLAND"


async def test_receipts_are_for_who_sees_the_order(uow: UnitOfWork) -> None:
    ada, eve = await make_customer(uow), await make_customer(uow, "eve@shop.test")
    order = await place_order(uow, customer=ada)
    draft = await place_order(uow, placed_at=None)
    assert await _receipt(uow, order, viewer_of(ada)) is not None
    assert await _receipt(uow, order, viewer_of(eve)) is None
    assert await _receipt(uow, order, ANONYMOUS) is None
    assert await _receipt(uow, draft) is None
    assert await _receipt(uow, SimpleNamespace(id=10**30)) is None


def _share(percent: str, amount: str) -> dict[str, str]:
    return {"name": "VAT", "percent": percent, "amount": amount}


def _back(net: str, *shares: dict[str, str]) -> Any:
    tax = sum(Decimal(share["amount"]) for share in shares)
    return SimpleNamespace(net=Decimal(net), gross=Decimal(net) + tax, taxes=list(shares))


@pytest.mark.parametrize(
    ("shipping", "shares", "bases"),
    [
        ("0", [], {"23": "20", "7": "10"}),
        ("12.30", [_share("23", "2.30")], {"23": "30", "7": "10"}),
        ("12.30", [_share("23", "1.15"), _share("7", "0.35")], {"23": None, "7": None}),
    ],
)
def test_a_credit_note_tells_what_each_tax_was_on(
    shipping: str, shares: list[dict[str, str]], bases: dict[str, str | None]
) -> None:
    lines = [_back("10", _share("23", "2.30")), _back("10", _share("23", "2.30"))]
    lines.append(_back("10", _share("7", "0.70")))
    every = [*(share for line in lines for share in line.taxes), *shares]
    tax = sum(Decimal(share["amount"]) for share in every)
    amount = sum(line.gross for line in lines) + Decimal(shipping)
    beside = {"shipping": Decimal(shipping), "surcharge": Decimal(0)}
    refund = SimpleNamespace(amount=amount, tax=tax, taxes=every, **beside)
    rows = refund_sums(refund, lines)
    taxes = [row for row in rows if row["kind"] == "tax_in"]
    assert {row["percent"]: row["base"] for row in taxes} == bases
    assert sum(Decimal(row["amount"]) for row in taxes) == tax
