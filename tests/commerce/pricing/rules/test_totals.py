"""Totals that the documents of other shops print, and what they have in common."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from commerce.pricing.rules.amounts import Rounding
from commerce.pricing.rules.draft import Buyer, Draft, GiftCard, Goods, Line, Shipping, TaxRate
from commerce.pricing.rules.eligible import Reason
from commerce.pricing.rules.promotions import (
    Amount,
    Bundle,
    BuyXGetY,
    Conditions,
    FixedPrice,
    FreeShipping,
    Percent,
    Promotion,
    Selection,
    Stage,
    Value,
)
from commerce.pricing.rules.totals import Calculation, calculate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VAT_23, VAT_7 = TaxRate(1, "VAT 23", Decimal(23)), TaxRate(2, "VAT 7", Decimal(7))
TEN_OFF = Promotion(1, "Ten", Percent(Decimal(10)), Stage.ORDER, code="TEN")


def calculated(*lines: Line, currency: str = "EUR", **parts: Any) -> Calculation:
    return calculate(Draft(currency, lines, NOW, **parts))


def off(value: Value, stage: Stage = Stage.LINE, **parts: Any) -> Promotion:
    return Promotion(parts.pop("id", 1), "Off", value, stage, **parts)


def test_an_order_of_shopkit_comes_out_to_the_cent() -> None:
    found = calculated(
        Line(1, 1, Decimal("77.32"), (VAT_23,)),
        Line(2, 1, Decimal("71.32")),
        shipping=Shipping(1, "Post", Decimal("7.25")),
        promotions=(TEN_OFF,),
        codes=("ten",),
    )
    exact = [found.lines[id_].exact for id_ in (1, 2)]
    assert found.total == Decimal("157.03")
    assert exact[0].tax == Decimal("16.00524")
    assert sum(each.discount for each in exact) == Decimal("14.864")
    assert [each.gross for each in exact] == [Decimal("85.59324"), Decimal("64.188")]
    assert found.net + found.tax == found.total
    assert found.subtotal - found.discount + Decimal("7.25") + found.tax == found.total


def test_an_order_of_cartino_comes_out_to_the_cent() -> None:
    rate = TaxRate(1, "Sales tax", Decimal(9))
    shipping = Shipping(1, "Ground", Decimal("10.00"))
    found = calculated(Line(1, 3, Decimal("19.99"), (rate,)), shipping=shipping, currency="USD")
    shown = (found.subtotal, found.tax, found.total)
    assert shown == (Decimal("59.97"), Decimal("5.40"), Decimal("75.37"))


def test_many_units_are_discounted_as_one_line() -> None:
    found = calculated(Line(1, 25, Decimal("399.00")), promotions=(off(Percent(Decimal(10))),))
    assert found.total == Decimal("8977.50")


@pytest.mark.parametrize(
    ("value", "stage", "total"),
    [
        (Percent(Decimal(50)), Stage.LINE, "20"),
        (Percent(Decimal(50)), Stage.ORDER, "20"),
        (Percent(Decimal(50)), Stage.SHIPPING, "32.50"),
        (Amount(Decimal(5)), Stage.LINE, "30"),
        (Amount(Decimal(5), each_unit=True), Stage.LINE, "20"),
        (Amount(Decimal(99)), Stage.ORDER, "5"),
        (Amount(Decimal(99)), Stage.SHIPPING, "30"),
        (FixedPrice(Decimal(4)), Stage.LINE, "17"),
        (FixedPrice(Decimal(4)), Stage.SHIPPING, "34"),
        (BuyXGetY(buy=2, get=1), Stage.LINE, "25"),
        (FreeShipping(), Stage.SHIPPING, "30"),
    ],
)
def test_what_promotions_give(value: Value, stage: Stage, total: str) -> None:
    """Of two lines, 2 x 10 and 1 x 10, and 5 for shipping."""
    lines = (Line(1, 2, Decimal(10)), Line(2, 1, Decimal(10)))
    post = Shipping(1, "Post", Decimal(5))
    assert calculated(*lines, shipping=post, promotions=(off(value, stage),)).total == Decimal(
        total
    )


def test_a_price_that_contains_tax_does_not_move() -> None:
    found = calculated(
        Line(1, 1, Decimal("10.00"), (VAT_23,), includes_tax=True),
        Line(2, 3, Decimal("9.99"), (VAT_7,), includes_tax=True),
    )
    assert (found.total, found.subtotal) == (Decimal("39.97"), Decimal("39.97"))
    assert [total.amount for total in found.taxes] == [Decimal("1.87"), Decimal("1.96")]


def test_who_is_exempt_pays_the_net() -> None:
    inside = Line(1, 1, Decimal("12.30"), (VAT_23,), includes_tax=True)
    on_top = Line(2, 1, Decimal("10.00"), (VAT_23,))
    found = calculated(inside, on_top, buyer=Buyer(tax_exempt=True))
    assert (found.total, found.tax, found.discount) == (Decimal("20.00"), Decimal(0), Decimal(0))


def test_compound_rates_tax_the_taxes_before_them() -> None:
    rates = (TaxRate(1, "GST", Decimal(5)), TaxRate(2, "QST", Decimal("9.975"), compound=True))
    assert calculated(Line(1, 1, Decimal("100.00"), rates)).total == Decimal("115.47")
    inside = calculated(Line(1, 1, Decimal("115.47"), rates, includes_tax=True))
    assert (inside.total, inside.net) == (Decimal("115.47"), Decimal("100.00"))


def test_shipping_is_taxed_like_the_goods() -> None:
    found = calculated(
        Line(1, 1, Decimal("75.00"), (VAT_23,)),
        Line(2, 1, Decimal("25.00"), (VAT_7,)),
        shipping=Shipping(1, "Post", Decimal("10.00"), taxes=None),
    )
    assert found.shipping is not None
    assert found.shipping.exact.tax == Decimal("7.5") * Decimal("0.23") + Decimal("2.5") * Decimal(
        "0.07"
    )


def test_gift_cards_pay_and_change_no_total() -> None:
    cards = (GiftCard(1, Decimal("5.00")), GiftCard(2, Decimal("50.00")))
    found = calculated(Line(1, 1, Decimal("20.00"), (VAT_23,)), gift_cards=cards)
    assert (found.total, found.due) == (Decimal("24.60"), Decimal("0.00"))
    assert [use.amount for use in found.gift_cards] == [Decimal("5.00"), Decimal("19.60")]


def test_an_exclusive_coupon_sends_the_others_away_and_says_so() -> None:
    alone = off(Percent(Decimal(30)), Stage.ORDER, id=2, code="ALONE", exclusive=True)
    for codes in (("TEN", "ALONE"), ("ALONE", "TEN")):
        found = calculated(Line(1, 1, Decimal(100)), promotions=(TEN_OFF, alone), codes=codes)
        assert found.total == Decimal(70)
        assert [(one.code, one.reason) for one in found.rejections] == [
            ("TEN", Reason.NOT_COMBINABLE)
        ]


@pytest.mark.parametrize(
    ("currency", "exponent", "price", "total"),
    [("JPY", 0, "105", "129"), ("KWD", 3, "1.235", "1.519"), ("IDR", 2, "30000000.00", None)],
)
def test_every_currency_has_its_own_smallest_unit(
    currency: str, exponent: int, price: str, total: str | None
) -> None:
    found = calculated(
        Line(1, 1, Decimal(price), (VAT_23,)), currency=currency, rounding=Rounding(exponent)
    )
    assert found.total == Decimal(total or "36900000.00")


def test_every_cent_is_explained() -> None:
    found = calculated(
        Line(1, 3, Decimal("3.33"), (VAT_23,)),
        promotions=(off(Percent(Decimal("33.3"))),),
        shipping=Shipping(1, "Post", Decimal("4.99"), (VAT_7,)),
    )
    assert sum(step.change for step in found.trace) == found.total


def test_a_coupon_that_gives_way_says_so_and_counts_nothing() -> None:
    found = calculated(
        Line(1, 1, Decimal(100)),
        promotions=(
            off(Percent(Decimal(10)), id=1, code="TEN"),
            off(Percent(Decimal(20)), id=2, code="ALONE", combinable=False),
        ),
        codes=("ten", "alone"),
    )
    assert found.total == 80
    assert [discount.promotion.code for discount in found.discounts] == ["ALONE"]
    (rejection,) = found.rejections
    assert (rejection.code, rejection.reason) == ("ten", Reason.NOT_COMBINABLE)


SHOES, SOCKS = Goods(product_id=1), Goods(product_id=2)
OF_SHOES = Selection(products=frozenset({1}))
OF_SOCKS = Selection(products=frozenset({2}))


def bonus(get: int = 1, **parts: Any) -> Promotion:
    value = BuyXGetY(buy=2, get=get, percent=Decimal(50), given=OF_SOCKS, **parts)
    return off(value, target=OF_SHOES)


@pytest.mark.parametrize(
    ("shoes", "socks", "get", "most", "less"),
    [
        (2, 1, 1, None, "2"),
        (4, 1, 1, None, "2"),
        (5, 9, 1, None, "4"),
        (6, 9, 1, 2, "4"),
        (4, 3, 2, None, "4"),
        (1, 5, 1, None, "0"),
        (2, 0, 1, None, "0"),
        (0, 5, 1, None, "0"),
    ],
)
def test_something_else_is_given_than_what_is_bought(
    shoes: int, socks: int, get: int, most: int | None, less: str
) -> None:
    """Shoes at 50, of which some may not be discounted themselves, and socks at 4."""
    found = calculated(
        Line(1, shoes, Decimal(50), goods=SHOES, discountable=False),
        Line(2, socks, Decimal(4), goods=SOCKS),
        promotions=(bonus(get, most=most),),
    )
    assert found.discount == Decimal(less)


@pytest.mark.parametrize(("quantity", "less"), [(2, "0"), (3, "5"), (5, "5"), (6, "10")])
def test_what_is_bought_is_not_given(quantity: int, less: str) -> None:
    """Where all can be both, as where nothing else is said."""
    line = Line(1, quantity, Decimal(10), goods=SHOES)
    for gifts in (None, OF_SHOES, Selection()):
        value = BuyXGetY(buy=2, get=1, percent=Decimal(50), given=gifts)
        found = calculated(line, promotions=(off(value, target=OF_SHOES),))
        assert found.discount == Decimal(less), gifts


@pytest.mark.parametrize(("most", "total"), [(None, "35"), (1, "35"), (0, "42")])
def test_a_bundle_has_a_price_of_its_own(most: int | None, total: str) -> None:
    """Three for 20: of 4 x 9 and 2 x 3 the dearest first; the last three cost less than that."""
    lines = (Line(1, 4, Decimal(9)), Line(2, 2, Decimal(3)))
    found = calculated(*lines, promotions=(off(Bundle(3, Decimal(20), most)),))
    assert found.total == Decimal(total)


def test_a_discount_never_goes_below_zero_whatever_it_says() -> None:
    wild = (
        off(Percent(Decimal(250)), id=1),
        off(FixedPrice(Decimal(-5)), id=2),
        off(BuyXGetY(1, 1, Decimal(900)), id=3),
    )
    for promotion in wild:
        found = calculated(Line(1, 2, Decimal(10)), promotions=(promotion,))
        assert Decimal(0) <= found.total <= Decimal(10)


def test_no_units_and_no_price_are_no_trouble() -> None:
    promotions = (
        off(BuyXGetY(1, 1), id=1),
        off(Bundle(1, Decimal(1)), id=2),
        off(Percent(Decimal(10)), id=3),
        off(BuyXGetY(0, 0), id=4),
        off(Bundle(0, Decimal(0)), id=5),
    )
    lines = (Line(1, 0, Decimal(10), (VAT_23,)), Line(2, 3, Decimal(0), (VAT_7,)))
    assert calculated(*lines, promotions=promotions).total == 0


def test_shipping_with_free_goods_is_taxed_like_them_all_the_same() -> None:
    post = Shipping(1, "Post", Decimal("10.00"), taxes=None)
    free = off(Percent(Decimal(100)), Stage.ORDER)
    goods = (Line(1, 1, Decimal("75.00"), (VAT_23,)), Line(2, 1, Decimal("25.00"), (VAT_7,)))
    found = calculated(*goods, shipping=post, promotions=(free,))
    assert found.tax == Decimal("1.90"), "by what the goods cost before"
    gift = calculated(Line(1, 2, Decimal(0), (VAT_23,)), shipping=post)
    assert gift.tax == Decimal("2.30")


def test_a_tax_that_spares_shipping_is_not_on_shipping_like_the_goods() -> None:
    levy = TaxRate(3, "Levy", Decimal(10), on_shipping=False)
    post = Shipping(1, "Post", Decimal("10.00"), taxes=None)
    found = calculated(Line(1, 1, Decimal("100.00"), (VAT_7, levy)), shipping=post)
    assert [share.amount for share in found.taxes] == [Decimal("7.70"), Decimal("10.00")]


def test_who_is_exempt_sees_free_goods_without_taxes_too() -> None:
    inside = Line(1, 1, Decimal("12.30"), (VAT_23,), includes_tax=True)
    free = off(Percent(Decimal(100)))
    found = calculated(inside, promotions=(free,), buyer=Buyer(tax_exempt=True))
    assert (found.subtotal, found.discount, found.total) == (Decimal("10.00"), Decimal("10.00"), 0)


def test_discounts_inside_mixed_prices_go_by_their_gross() -> None:
    found = calculated(
        Line(1, 1, Decimal("119.00"), (TaxRate(1, "VAT", Decimal(19)),), includes_tax=True),
        Line(2, 1, Decimal("107.00"), (VAT_7,), includes_tax=True),
        promotions=(off(Amount(Decimal("22.60")), Stage.ORDER),),
    )
    assert [found.lines[id_].discount for id_ in (1, 2)] == [Decimal("11.90"), Decimal("10.70")]
    assert [total.amount for total in found.taxes] == [Decimal("17.10"), Decimal("6.30")]


def test_a_coupon_for_one_way_of_shipping_waits_for_it() -> None:
    only_pickup = off(
        Amount(Decimal(5)),
        Stage.ORDER,
        code="PICKUP",
        conditions=Conditions(shipping_methods=frozenset({7})),
    )
    goods = Line(1, 1, Decimal(20))
    for method, total in ((7, "15"), (8, "20")):
        shipping = Shipping(method, "Post", Decimal(0))
        found = calculated(goods, shipping=shipping, promotions=(only_pickup,), codes=("pickup",))
        assert found.total == Decimal(total)


def test_sale_items_and_other_goods_do_not_count_where_they_are_left_out() -> None:
    regular = Selection(exclude_sale=True)
    coupon = off(
        Percent(Decimal(10)),
        Stage.ORDER,
        target=regular,
        conditions=Conditions(least_subtotal=Decimal(100), counted=regular),
    )
    sale = Line(1, 1, Decimal(80), goods=Goods(on_sale=True))
    for price, total in (("90", "170"), ("100", "170")):
        found = calculated(sale, Line(2, 1, Decimal(price)), promotions=(coupon,))
        assert found.total == Decimal(total)


def test_gift_cards_hold_more_than_is_due_or_than_can_be_paid() -> None:
    cards = (GiftCard(1, Decimal("5.009")), GiftCard(2, Decimal(0)), GiftCard(3, Decimal(500)))
    found = calculated(Line(1, 1, Decimal("20.00")), gift_cards=cards)
    assert [(use.id, use.amount) for use in found.gift_cards] == [
        (1, Decimal("5.00")),
        (3, Decimal("15.00")),
    ]
    assert found.due == 0
