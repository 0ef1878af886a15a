"""How a cart is paid, and what that costs."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from commerce.core.db import UnitOfWork
from commerce.core.places import Area
from commerce.payments.models import PaymentMethod
from commerce.pricing.kinds import SurchargeBase, SurchargeKind
from tests.conftest import Ask
from tests.support.carts import TOKEN, Change, Goods, errors, make_cart, make_cart_line
from tests.support.gift_cards import make_gift_card
from tests.support.payments import make_method
from tests.support.taxes import make_tax_zone

COST = "cost { surcharge { amount } tax { amount } total { amount } due { amount } }"
CHARGED = "surcharges { code name source kind value base net { amount } gross { amount } }"
CART = f"""query {{ cart(token: "{TOKEN}") {{ {COST} {CHARGED} selectedPayment {{ code }}
  paymentOptions {{ method {{ code surcharge {{ value }} }} surcharge {{ gross {{ amount }} }}
    total {{ amount }} }} warnings {{ code path }} }} }}"""
CALCULATE = f"""query ($input: CartCalculateInput!) {{
  cartCalculate(input: $input) {{ {COST} {CHARGED} }} }}"""
FIXED = {"provider": "manual", "surcharge_kind": SurchargeKind.FIXED, "surcharge_value": Decimal(2)}
OF_ALL = SurchargeBase.SUBTOTAL_AND_SHIPPING
PERCENT = {
    "provider": "manual",
    "surcharge_kind": SurchargeKind.PERCENT,
    "surcharge_value": Decimal(10),
}


@pytest.fixture
async def cart(uow: UnitOfWork, goods: Goods) -> Any:
    """Two at 10.00, plain, and two ways to pay that cost something."""
    made = await make_cart(uow)
    await make_cart_line(uow, made, await goods.variant("10"), 2)
    await make_method(uow, "cod", name="Cash on delivery", **FIXED)
    await make_method(uow, "card", **PERCENT, surcharge_base=OF_ALL)
    await make_method(uow, "free", provider="manual")
    await make_method(uow, "rich", min_total=Decimal(21), **FIXED)
    return made


async def _shown(ask: Ask) -> Any:
    answer = await ask(CART)
    assert "errors" not in answer, answer
    return answer["data"]["cart"]


async def test_a_way_of_paying_is_shown_with_what_it_costs(
    change: Change, ask: Ask, cart: Any
) -> None:
    """Whether a method is offered does not depend on what it costs itself: `rich` is not."""
    options = (await _shown(ask))["paymentOptions"]
    assert [
        (option["method"]["code"], option["surcharge"], option["total"]["amount"])
        for option in options
    ] == [
        ("cod", {"gross": {"amount": "2.00"}}, "22.00"),
        ("card", {"gross": {"amount": "2.00"}}, "22.00"),
        ("free", None, "20.00"),
    ]
    assert errors(await change("cartPaymentSelect", cartToken=TOKEN, paymentMethod="cod")) == []
    shown = await _shown(ask)
    assert shown["selectedPayment"] == {"code": "cod"}
    assert shown["cost"]["total"] == {"amount": "22.00"}
    assert shown["surcharges"] == [
        {
            "code": "cod",
            "name": "Cash on delivery",
            "source": "PAYMENT_METHOD",
            "kind": "FIXED",
            "value": "2.000000",
            "base": "SUBTOTAL",
            "net": {"amount": "2.00"},
            "gross": {"amount": "2.00"},
        }
    ]
    assert shown["paymentOptions"] == options
    none = await change("cartPaymentSelect", cartToken=TOKEN, paymentMethod=None)
    assert none["cart"]["cost"]["total"]["amount"] == "20.00"


async def test_what_is_not_offered_is_not_selected(change: Change, ask: Ask, cart: Any) -> None:
    for code in ("rich", "nothing", ""):
        refused = await change("cartPaymentSelect", cartToken=TOKEN, paymentMethod=code)
        assert errors(refused) == [("NOT_FOUND", ["paymentMethod"])]
    assert (await _shown(ask))["selectedPayment"] is None


async def test_a_way_that_is_offered_no_more_costs_nothing_and_is_told(
    change: Change, ask: Ask, cart: Any, uow: UnitOfWork
) -> None:
    await change("cartPaymentSelect", cartToken=TOKEN, paymentMethod="cod")
    await uow.change(update(PaymentMethod).values(active=False))
    shown = await _shown(ask)
    assert (shown["selectedPayment"], shown["surcharges"]) == (None, [])
    assert shown["cost"]["total"]["amount"] == "20.00"
    assert shown["warnings"] == [{"code": "PAYMENT_UNAVAILABLE", "path": ["paymentMethod"]}]


@pytest.mark.parametrize(("balance", "due"), [("20", "0.00"), ("19", "3.00")])
async def test_who_pays_all_with_gift_cards_pays_for_no_way_of_paying(
    change: Change, ask: Ask, cart: Any, uow: UnitOfWork, balance: str, due: str
) -> None:
    await change("cartPaymentSelect", cartToken=TOKEN, paymentMethod="cod")
    await make_gift_card(uow, balance, "ABCD-EFGH-JKLM")
    await change("cartGiftCardApply", cartToken=TOKEN, code="ABCD-EFGH-JKLM")
    shown = await _shown(ask)
    assert shown["cost"]["due"] == {"amount": due}
    assert len(shown["surcharges"]) == (due != "0.00")


@pytest.mark.parametrize(
    ("included", "charged", "total"),
    [(True, ("1.68", "2.00"), "22.00"), (False, ("2.00", "2.38"), "26.18")],
)
async def test_a_surcharge_is_taxed_as_prices_are(
    ask: Ask, uow: UnitOfWork, included: bool, charged: tuple[str, str], total: str
) -> None:
    goods = await Goods.open(uow, prices_include_tax=included)
    variant = await goods.variant("10")
    await make_tax_zone(uow, "Germany", [Area("DE")], ("VAT", "19", None))
    await make_method(uow, "cod", **FIXED)
    await make_method(uow, "bare", **FIXED, surcharge_taxable=False)
    line = {"sku": variant.sku, "quantity": 2}
    asked = {"lines": [line], "place": {"country": "DE"}, "paymentMethod": "cod"}
    told = (await ask(CALCULATE, {"input": asked}))["data"]["cartCalculate"]
    (only,) = told["surcharges"]
    assert (only["net"]["amount"], only["gross"]["amount"]) == charged
    assert told["cost"]["total"]["amount"] == total
    bare = await ask(CALCULATE, {"input": {**asked, "paymentMethod": "bare"}})
    (only,) = bare["data"]["cartCalculate"]["surcharges"]
    assert only["net"] == only["gross"] == {"amount": "2.00"}
