"""What an order is charged beside goods and shipping: kept, printed, edited, given back once."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.pool import Database
from commerce.core.problems import Invalid
from commerce.core.viewer import SYSTEM
from commerce.invoices.rules.sums import refund_sums
from commerce.orders.problems import PriceChanged
from commerce.orders.rules.charges import rate_of
from commerce.orders.rules.editing import LineEdit
from commerce.orders.rules.refunding import Refundable, refund_plan
from commerce.orders.rules.surcharges import surcharges_flaw, terms_json
from commerce.orders.service.cart_payments import Purchase
from commerce.orders.service.giving_back import RefundWish
from commerce.payments.kinds import MethodKind
from commerce.pricing.kinds import SurchargeBase, SurchargeKind, SurchargeSource
from commerce.pricing.rules.surcharges import SurchargeTerms
from tests.support.carts import Goods
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.order_work import done, promise
from tests.support.orders import STANDARD, Item, lines_of, order_now, place_order
from tests.support.payments import make_method

WRAP = SurchargeTerms("wrap", "Gift wrapping", Decimal("2.00"))
CASH = SurchargeTerms(
    "cash",
    "Cash on delivery",
    Decimal(10),
    SurchargeKind.PERCENT,
    SurchargeBase.SUBTOTAL_AND_SHIPPING,
    SurchargeSource.PAYMENT_METHOD,
    taxable=False,
)


async def _order(uow: UnitOfWork, *items: Item, **more: Any) -> Any:
    """Goods for 20.00 and 4.60 of tax, shipping for 5.00, and both surcharges."""
    bought = items or (Item(quantity=2, taxes=(STANDARD,)),)
    return await place_order(uow, *bought, shipping="5.00", surcharges=(WRAP, CASH), **more)


async def test_an_order_keeps_what_it_was_charged(uow: UnitOfWork) -> None:
    order = await _order(uow)
    wrap, cash = order.surcharges
    assert [Decimal(each["charge"]["gross"]) for each in (wrap, cash)] == [
        Decimal("2.46"),
        Decimal("2.50"),
    ]
    assert (order.surcharge, order.total) == (Decimal("4.96"), Decimal("34.56"))
    assert order.net + order.tax == order.total
    assert [rate_of(rate) for rate in wrap["rates"]] == [STANDARD]
    assert {name: wrap[name] for name in terms_json(WRAP)} == terms_json(WRAP)


async def test_papers_and_mails_tell_of_surcharges(uow: UnitOfWork) -> None:
    order = await _order(uow)
    paper = await done(uow, lambda own: own.papers.receipt(order.id))
    shown = [(each.name, each.amount) for each in paper.sums if each.kind == "surcharge"]
    assert shown == [("Gift wrapping", Decimal(2)), ("Cash on delivery", Decimal("2.5"))]
    before = ("subtotal", "discount", "shipping", "surcharge", "rounding")
    assert sum(each.amount for each in paper.sums if each.kind in before) == order.net
    mail = await done(uow, lambda own: own.order_mails.placed({"order_id": order.id}))
    assert [each["name"] for each in mail.context["surcharges"]] == [
        "Gift wrapping",
        "Cash on delivery",
    ]
    assert "2.46" in mail.context["surcharges"][0]["amount"]


async def test_surcharges_with_taxes_are_a_part_of_the_total_that_is_printed(
    uow: UnitOfWork,
) -> None:
    item = Item("23.80", taxes=(STANDARD,), includes_tax=True)
    order = await place_order(uow, item, surcharges=(WRAP,))
    paper = await done(uow, lambda own: own.papers.receipt(order.id))
    assert order.total == Decimal("25.80")
    before = ("subtotal", "discount", "surcharge", "rounding")
    assert sum(each.amount for each in paper.sums if each.kind in before) == order.total


async def _refundable(uow: UnitOfWork, order: Any, back: str = "0") -> Refundable:
    now = SimpleNamespace(**{**order._mapping, "surcharge_refunded": Decimal(back)})
    return Refundable(now, await lines_of(uow, order), {})


async def test_surcharges_go_back_by_themselves_and_never_twice(uow: UnitOfWork) -> None:
    order = await _order(uow)
    first: Any = refund_plan(await _refundable(uow, order), (), surcharge=Decimal("3.00"))
    assert (first.amount, first.shipping, first.parts) == (Decimal("3.00"), None, ())
    rest: Any = refund_plan(await _refundable(uow, order, "3"), (), surcharge=Decimal("1.96"))
    assert first.tax + rest.tax == Decimal("0.46")
    more: Any = refund_plan(await _refundable(uow, order, "3"), (), surcharge=Decimal("1.97"))
    assert (more.message, more.path) == ("Only 1.96 of surcharge is left.", ("surcharge",))


async def test_an_amount_is_spread_over_surcharges_too(uow: UnitOfWork) -> None:
    order = await _order(uow)
    every: Any = refund_plan(await _refundable(uow, order), (), amount=order.total)
    assert (every.amount, every.tax) == (order.total, order.tax)
    assert every.surcharge.gross == order.surcharge
    half: Any = refund_plan(await _refundable(uow, order), (), amount=order.total / 2)
    assert half.surcharge.gross == Decimal("2.48")


def test_a_credit_note_tells_of_surcharges() -> None:
    tax = {"name": "VAT", "percent": "23", "amount": "0.46"}
    refund = SimpleNamespace(
        amount=Decimal("4.96"),
        shipping=Decimal(0),
        surcharge=Decimal("4.96"),
        tax=Decimal("0.46"),
        taxes=[tax],
    )
    rows = refund_sums(refund, ())
    assert {row["kind"]: row["amount"] for row in rows} == {
        "lines": "0",
        "surcharge": "4.96",
        "credited": "4.96",
        "net_in": "4.5",
        "tax_in": "0.46",
    }
    # One of the surcharges was free of it: what the tax is on is not 4.50.
    assert [row["base"] for row in rows if row["kind"] == "tax_in"] == [None]


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ((replace(WRAP, code=" "),), ("0", "code")),
        ((replace(WRAP, name=""),), ("0", "name")),
        ((WRAP, replace(CASH, code="wrap")), ("1", "code")),
        ((replace(WRAP, value=Decimal(-1)),), ("0", "value")),
        ((replace(WRAP, value=Decimal("0.001")),), ("0", "value")),
        ((replace(CASH, value=Decimal(101)),), ("0", "value")),
        ((WRAP,) * 21, ()),
    ],
)
def test_surcharges_that_an_order_cannot_have(wanted: Any, path: tuple[str, ...]) -> None:
    flaw = surcharges_flaw([terms_json(each) for each in wanted], "EUR")
    assert flaw is not None
    assert flaw.path == ("surcharges", *path)


async def _edit(uow: UnitOfWork, order: Any, *edits: LineEdit, **terms: Any) -> Any:
    return await done(uow, lambda own: own.order_editing.edit(order.id, edits, None, terms))


async def test_an_edit_charges_surcharges_as_they_were_agreed_on(uow: UnitOfWork) -> None:
    """At the rates of then, of what the goods come to now; new ones are taxed as of today."""
    mug = await (await Goods.open(uow)).variant("10")
    order = await _order(uow, Item(quantity=2, taxes=(STANDARD,), variant=mug))
    await promise(uow, order)
    line = (await lines_of(uow, order))[0]
    edited = await _edit(uow, order, LineEdit(1, line_id=line.id))
    assert edited.surcharge == Decimal("2.46") + Decimal("1.50")
    card = replace(WRAP, code="card", name="Card", value=Decimal("1.00"))
    kept = [terms_json(each) for each in (WRAP, card)]
    more = await _edit(uow, edited, surcharges=kept)
    assert [(each["code"], len(each["rates"])) for each in more.surcharges] == [
        ("wrap", 1),
        ("card", 0),
    ]
    assert more.surcharge == Decimal("3.46")
    assert more.total == Decimal("12.30") + Decimal("5.00") + more.surcharge
    none = await _edit(uow, more, surcharges=[])
    assert (none.surcharge, none.surcharges) == (0, [])
    wrong = await _edit(uow, none, surcharges=[terms_json(replace(WRAP, value=Decimal(-1)))])
    assert isinstance(wrong, Invalid)


async def test_surcharges_that_went_back_are_not_taken_off_again(uow: UnitOfWork) -> None:
    order = await _order(uow, values={"surcharge_refunded": Decimal("2.00")})
    gone = await _edit(uow, order, surcharges=[])
    assert isinstance(gone, Invalid)
    assert gone.path == ("surcharges",)
    assert (await order_now(uow, order)).surcharge == Decimal("4.96")


async def test_a_draft_has_surcharges_of_its_own(uow: UnitOfWork) -> None:
    mug = await (await Goods.open(uow)).variant("10")
    lines = [LineEdit(2, variant_id=mug.id)]
    terms = {"surcharges": [terms_json(WRAP)]}
    draft = await done(uow, lambda own: own.order_drafts.create(lines, {}, terms))
    assert (draft.surcharge, draft.total) == (Decimal("2.00"), Decimal("22.00"))
    other = {"surcharges": [terms_json(replace(CASH, source=SurchargeSource.SHIPPING_HANDLING))]}
    changed = await done(uow, lambda own: own.order_drafts.update(draft.id, [], other))
    assert [each["source"] for each in changed.surcharges] == ["shipping_handling"]
    placed = await done(uow, lambda own: own.order_drafts.complete(draft.id))
    assert placed.total == Decimal("22.00")
    wrong = {"surcharges": [terms_json(replace(WRAP, code=""))]}
    assert isinstance(
        await done(uow, lambda own: own.order_drafts.create(lines, {}, wrong)), Invalid
    )


async def test_a_cart_is_bought_with_what_paying_costs(database: Database) -> None:
    """By the method it is bought with, whatever was selected before; refunds of it are counted."""
    shop = await Shop.open(database)
    async with shop.open_unit() as uow:
        cost = {"surcharge_kind": SurchargeKind.FIXED, "surcharge_value": Decimal(2)}
        cash = {"kind": MethodKind.CASH_ON_DELIVERY, "provider": "manual", **cost}
        cod = await make_method(uow, "cod", **cash)
    token = await shop.cart((await shop.variant("10"), 1), payment_method_id=cod.id)
    refused = await shop.buy(token, "10", "cod")
    assert isinstance(refused, PriceChanged)
    assert refused.actual == Decimal("12.00")
    bought: Any = await shop.buy(token, "12", None)
    assert isinstance(bought, Purchase), bought
    order: Any = bought.order
    assert (order.due, order.surcharge) == (Decimal("12.00"), Decimal("2.00"))
    assert order.surcharges[0]["source"] == "payment_method"
    other = await shop.cart((await shop.variant("10"), 1), payment_method_id=cod.id)
    by_card: Any = await shop.buy(other, "10", "card")
    assert (by_card.order.surcharge, by_card.order.paid) == (0, Decimal("10.00"))
    await assert_invariants(database)


async def test_what_paying_has_cost_goes_back_once(database: Database) -> None:
    shop = await Shop.open(database)
    async with shop.open_unit() as uow:
        cost = {"surcharge_kind": SurchargeKind.PERCENT, "surcharge_value": Decimal(5)}
        await make_method(uow, "dear", kind=MethodKind.CARD, **cost)
    token = await shop.cart((await shop.variant("10"), 2))
    bought: Any = await shop.buy(token, "21", "dear")
    assert bought.order.paid == Decimal("21.00")
    answers = []
    for key, amount in (("one", "0.60"), ("two", "0.60"), ("three", "0.40")):
        async with shop.services(SYSTEM) as services:
            wish = RefundWish(bought.order.id, surcharge=Decimal(amount))
            answers.append(await services.giving_back.give_back(wish, key))
    first, refused, rest = answers
    assert (first.amount, first.surcharge, rest.surcharge) == tuple(
        map(Decimal, ("0.60", "0.60", "0.40"))
    )
    assert refused.message == "Only 0.40 of surcharge is left."
    async with shop.open_unit() as uow:
        now = await order_now(uow, bought.order)
    assert (now.surcharge_refunded, now.refunded) == (Decimal(1), Decimal(1))
    await assert_invariants(database)
