from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from commerce.carts.kinds import CartWarningCode
from commerce.carts.rules.content import CartContent, WantedLine
from commerce.catalog.kinds import ProductStatus
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.places import Area, Place
from commerce.core.viewer import ANONYMOUS
from commerce.pricing.rules.promotions import Selection
from commerce.promotions.kinds import DiscountOn
from commerce.promotions.rules.stored import stored
from commerce.wiring import Services
from tests.support.carts import Goods
from tests.support.catalog import make_category
from tests.support.gift_cards import make_gift_card
from tests.support.pricing import make_price, make_price_list
from tests.support.promotions import make_coupon, make_promotion
from tests.support.services import PORTS
from tests.support.shipping import make_method
from tests.support.taxes import make_tax_zone

D = Decimal


@pytest.fixture
async def goods(uow: UnitOfWork) -> Goods:
    return await Goods.open(uow)


def content_of(*variants: Any, quantity: int = 1, **values: Any) -> CartContent:
    lines = (WantedLine(n, variant.id, quantity) for n, variant in enumerate(variants, 1))
    return CartContent("EUR", tuple(lines), **values)


async def price(uow: UnitOfWork, content: CartContent) -> Any:
    services = Services(uow, ANONYMOUS, system_clock, PORTS)
    return await services.cart_pricing.priced(content, system_clock())


async def _germany(uow: UnitOfWork) -> None:
    await make_tax_zone(uow, "Germany", [Area("DE")], ("VAT", "19", None))


@pytest.mark.parametrize("lines", [1, 40])
async def test_a_price_costs_the_same_statements_for_any_number_of_lines(
    uow: UnitOfWork, goods: Goods, statements: list[str], lines: int
) -> None:
    await _germany(uow)
    method = await make_method(uow)
    made = await goods.variants(lines)
    wanted = content_of(*made, place=Place("DE"), shipping_method_id=method.id)
    statements.clear()
    priced = await price(uow, wanted)
    assert (len(priced.lines), priced.warnings) == (lines, ())
    assert len(statements) == 6  # goods, store, taxes: 2, shipping: 2; without any promotions
    statements.clear()
    assert (await price(uow, wanted)).result == priced.result
    assert len(statements) == 1  # the goods: nothing has changed in how the shop is set up


async def test_what_a_cart_comes_to(uow: UnitOfWork, goods: Goods) -> None:
    await _germany(uow)
    method = await make_method(uow)
    mug = await goods.variant("10")
    wanted = content_of(mug, quantity=2, place=Place("DE"), shipping_method_id=method.id)
    priced = await price(uow, wanted)
    assert (priced.result.total, priced.result.tax) == (D("24.90"), D("3.98"))
    assert (priced.quote.price, priced.requires_shipping) == (D("4.90"), True)
    assert priced.lines[0].available == 50


async def test_taxes_are_those_of_the_shop_until_an_address_is_known(
    uow: UnitOfWork, goods: Goods
) -> None:
    await _germany(uow)
    await uow.change(text("UPDATE store SET country = 'DE'"))
    priced = await price(uow, content_of(await goods.variant("11.90")))
    assert (priced.result.tax, priced.quotes) == (D("1.90"), ())


async def test_a_tier_counts_all_lines_of_a_variant(uow: UnitOfWork, goods: Goods) -> None:
    mug = await goods.variant("10")
    await make_price(uow, goods.prices, mug, "8", min_quantity=4)
    three = content_of(mug, quantity=3)
    assert (await price(uow, three)).result.total == D("30")
    both = replace(three, lines=(*three.lines, WantedLine(2, mug.id, 1)))
    assert (await price(uow, both)).result.total == D("32")


async def test_prices_are_those_of_the_customers_group(uow: UnitOfWork, goods: Goods) -> None:
    mug = await goods.variant("10")
    trade = await make_price_list(uow, "trade", customer_group_id=7)
    await make_price(uow, trade, mug, "6")
    assert (await price(uow, content_of(mug))).result.total == D("10")
    assert (await price(uow, content_of(mug, customer_group_id=7))).result.total == D("6")


async def test_promotions_know_what_the_goods_are(uow: UnitOfWork, goods: Goods) -> None:
    mug, cup = await goods.variant("10"), await goods.variant("10")
    above = await make_category(uow, "Above")
    await make_category(uow, "Below", SimpleNamespace(id=mug.product_id), parent=above)
    target = stored(Selection(categories=frozenset({above.id})))
    await make_promotion(uow, target=target, applies_to=DiscountOn.LINES)
    priced = await price(uow, content_of(mug, cup))
    assert [priced.charge_of(id_).discount for id_ in (1, 2)] == [D("1"), D("0")]


async def test_codes_unlock_and_are_rejected(uow: UnitOfWork, goods: Goods) -> None:
    await make_coupon(uow, "TEN")
    priced = await price(uow, content_of(await goods.variant("10"), codes=("ten", "NONE")))
    assert priced.result.total == D("9")
    assert [one.code for one in priced.result.rejections] == ["NONE"]


async def test_gift_cards_pay_and_dead_ones_are_told(uow: UnitOfWork, goods: Goods) -> None:
    card = await make_gift_card(uow, balance="4")
    ids = (card.id, 404)
    priced = await price(uow, content_of(await goods.variant("10"), gift_card_ids=ids))
    assert (priced.result.total, priced.result.due) == (D("10"), D("6"))
    assert [warning.code for warning in priced.blocking] == [CartWarningCode.GIFT_CARD_UNUSABLE]


async def test_what_cannot_be_bought_is_left_out_and_told(uow: UnitOfWork, goods: Goods) -> None:
    fine, none = await goods.variant("10"), await goods.variant(None)
    draft = await goods.variant(product={"status": ProductStatus.DRAFT})
    old = await goods.variant(archived_at=system_clock() - timedelta(days=1))
    priced = await price(uow, content_of(fine, none, draft, old))
    assert [line.id for line in priced.lines] == [1]
    assert [(warning.code.name, warning.path) for warning in priced.blocking] == [
        ("NO_PRICE", ("lines", "2")),
        ("UNAVAILABLE", ("lines", "3")),
        ("UNAVAILABLE", ("lines", "4")),
    ]


async def test_an_empty_cart_costs_nothing(uow: UnitOfWork, goods: Goods) -> None:
    priced = await price(uow, CartContent("EUR", place=Place("DE")))
    assert (priced.result.total, priced.lines, priced.warnings) == (D("0"), (), ())


async def test_what_a_cart_holds_is_available_to_it_alone(uow: UnitOfWork, goods: Goods) -> None:
    mug = await goods.variant(stock=5)
    services = Services(uow, ANONYMOUS, system_clock, PORTS)
    until = system_clock() + timedelta(minutes=5)
    await uow.transact(lambda: services.reservations.hold(7, {mug.id: 4}, until))
    for cart_id, left in ((7, 5), (8, 1), (None, 1)):
        priced = await price(uow, content_of(mug, cart_id=cart_id))
        assert priced.lines[0].available == left
