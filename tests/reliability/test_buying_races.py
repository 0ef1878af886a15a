"""Many buyers at once, over two server processes: what is sold, promised, charged and given back.

By themselves these are small. In full:
    COMMERCE_TEST_BUYERS=200 COMMERCE_TEST_REPEATS=20 COMMERCE_TEST_CARTS=1000
    COMMERCE_TEST_COUPON_BUYERS=200 COMMERCE_TEST_COMPLETIONS=100 COMMERCE_TEST_MOVES=100
What they look like without the guards is in `test_buying_twins`.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.ids import global_id
from tests.support.buying import (
    IN_PROGRESS,
    ORDER,
    PATIENTLY,
    Basket,
    Market,
    buying_shop,
    deadlocks,
    fill,
    kinds,
    market_of,
    rush,
    size,
    told,
)
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.one_cart import bought_at_once
from tests.support.promotions import make_coupon

BUYERS, REPEATS = size("BUYERS", 40), size("REPEATS", 1)
CARTS = size("CARTS", 60)
COUPON_BUYERS = size("COUPON_BUYERS", 30)
COMPLETIONS = size("COMPLETIONS", 20)
MOVES = size("MOVES", 40)
UNITS, LIMIT, WIDTH = 10, 5, 40
SOLD_OUT = "INSUFFICIENT_STOCK"

APPLY = """
mutation ($input: CartCouponApplyInput!) {
  cartCouponApply(input: $input) { cart { cost { total { amount } } } userErrors { code } }
}
"""
CAPTURE = """
mutation ($input: TransactionCaptureInput!) {
  transactionCapture(input: $input) { payment { id } userErrors { code } }
}
"""
REFUND = """
mutation ($input: RefundCreateInput!) {
  refundCreate(input: $input) { refund { id } userErrors { code } }
}
"""
ORDERS_OF = "SELECT count(DISTINCT order_id) FROM order_lines WHERE variant_id = :variant"
MONEY = "SELECT ARRAY[authorized, captured, refunded] FROM payments WHERE id = :id"
BOOKED = """
SELECT coalesce(sum(book.amount), 0) FROM test_provider_charges AS book
JOIN payment_attempts ON provider_key = book.key
WHERE payment_id = :id AND book.kind = :kind AND book.state = 'succeeded'
"""

pytestmark = pytest.mark.timeout(3600 if max(BUYERS, CARTS, COUPON_BUYERS) > 100 else 180)


@pytest.fixture(scope="module")
async def shop(server_url: str) -> AsyncIterator[Shop]:
    async with buying_shop(server_url, "buying") as shop:
        yield shop


@pytest.fixture(scope="module")
async def market(shop: Shop) -> AsyncIterator[Market]:
    """Servers as they are by themselves: nobody may be turned away because many come at once."""
    async with market_of(shop) as market:
        yield market


@pytest.fixture(scope="module")
async def patient_market(shop: Shop) -> AsyncIterator[Market]:
    """For what is about how things are locked, on a machine that may be busy."""
    async with market_of(shop, patience=PATIENTLY) as market:
        yield market


@pytest.mark.parametrize("repeat", range(REPEATS))
async def test_what_is_there_is_sold_and_nothing_else(market: Market, repeat: int) -> None:
    shop = market.shop
    mug = await shop.variant(stock=UNITS)
    baskets = await fill(shop, [[(mug, 1)]] * BUYERS)
    method = ("card", "manual")[repeat % 2]
    answers = await rush(market.bought(basket, method, n) for n, basket in enumerate(baskets))
    assert kinds(answers) == {ORDER: UNITS, SOLD_OUT: BUYERS - UNITS}
    assert await shop.left(mug) == 0
    assert await told(shop, ORDERS_OF, variant=mug) == UNITS
    await assert_invariants(shop.database)


async def test_carts_of_many_lines_never_deadlock(patient_market: Market) -> None:
    market, shop, chance = patient_market, patient_market.shop, random.Random(5)
    variants = [await shop.variant(stock=CARTS * 3) for _ in range(12)]
    contents = [
        [(variant, chance.randint(1, 3)) for variant in chance.sample(variants, 5)]
        for _ in range(CARTS)
    ]
    baskets = await fill(shop, contents)
    before = await deadlocks(shop)
    methods = ("card", "manual")
    asking = (market.bought(basket, methods[n // 2 % 2], n) for n, basket in enumerate(baskets))
    answers = await rush(asking, WIDTH)
    assert kinds(answers) == {ORDER: CARTS}
    assert await deadlocks(shop) == before
    await assert_invariants(shop.database)


async def test_a_coupon_is_used_as_often_as_it_may(market: Market) -> None:
    shop = market.shop
    mug = await shop.variant(stock=COUPON_BUYERS)
    async with shop.open_unit() as uow:
        coupon = await make_coupon(uow, usage_limit=LIMIT)
    baskets = await fill(shop, [[(mug, 1)]] * COUPON_BUYERS)
    for n, basket in enumerate(baskets):
        wish = {"cartToken": basket.token, "code": coupon.code}
        own = {"X-Forwarded-For": f"10.0.{n // 250}.{n % 250}"}  # each may try some codes a minute
        applied = await market.ask(APPLY, wish, n, **own)
        cart = applied.json()["data"]["cartCouponApply"]["cart"]
        assert cart is not None, applied.text
        assert cart["cost"]["total"]["amount"] == "9.00"
    cheaper = [Basket(basket.token, "9") for basket in baskets]
    answers = await rush(market.bought(basket, at=n) for n, basket in enumerate(cheaper))
    assert kinds(answers)[ORDER] == LIMIT
    assert {answer.status for answer in answers} == {200}
    assert await told(shop, "SELECT used FROM coupons WHERE id = :id", id=coupon.id) == LIMIT
    assert await told(shop, ORDERS_OF, variant=mug) == LIMIT
    assert await shop.left(mug) == COUPON_BUYERS - LIMIT
    await assert_invariants(shop.database)


@pytest.mark.parametrize("pays_with", ["card_1", "test_lost"])
async def test_one_cart_is_one_order_and_one_charge(market: Market, pays_with: str) -> None:
    """However often it is bought, while the provider reports the payment again and again."""
    shop = market.shop
    mug = await shop.variant(stock=5)
    (basket,) = await fill(shop, [[(mug, 1)]])
    bought = await bought_at_once(market, basket, COMPLETIONS, pays_with)
    assert set(bought.kinds) <= {ORDER, IN_PROGRESS}
    assert set(bought.reports) == {200}
    last = await market.buy(basket)
    assert last.kind == ORDER
    assert {answer.order_id for answer in bought.answers} <= {None, last.order_id}
    assert (bought.orders, bought.charges) == (1, 1)
    assert await shop.left(mug) == 4
    await assert_invariants(shop.database)


async def test_no_more_is_captured_than_set_aside_and_refunded_than_captured(
    patient_market: Market,
) -> None:
    market, shop, chance = patient_market, patient_market.shop, random.Random(7)
    lamp = await shop.variant(stock=10)
    (basket,) = await fill(shop, [[(lamp, 10)]])
    bought = await market.buy(basket, "later")
    assert bought.order_id is not None
    order = global_id("Order", bought.order_id)
    payment = int(
        await told(shop, "SELECT id FROM payments WHERE order_id = :id", id=bought.order_id)
    )
    answers = [await _move(market, order, payment, 0, chance)]
    moving = [_move(market, order, payment, place, chance) for place in range(1, MOVES)]
    answers += await asyncio.gather(*moving)
    assert {"CAPTURED", "REFUNDED", "AMOUNT_TOO_LARGE"} <= set(answers)
    authorized, captured, refunded = await told(shop, MONEY, id=payment)
    assert 0 < refunded <= captured <= authorized == Decimal(100)
    for kind, known in (("capture", captured), ("refund", refunded)):
        assert await told(shop, BOOKED, id=payment, kind=kind) == known
    await assert_invariants(shop.database)


async def _move(market: Market, order: str, payment: int, place: int, chance: random.Random) -> Any:
    """Take some of the money or give some back; each is asked for twice, by both servers."""
    amount = str(Decimal(chance.randint(100, 1500)) / 100)
    captures = place % 2 == 0
    query, done = (CAPTURE, "CAPTURED") if captures else (REFUND, "REFUNDED")
    of = {"paymentId": global_id("Payment", payment)} if captures else {"orderId": order}
    calls = (market.manage(query, of | {"amount": amount}, f"move {place}", at) for at in (0, 1))
    answers = await asyncio.gather(*calls)
    told_by = [(_code(answer, done), answer.json()["data"]) for answer in answers if _ran(answer)]
    # Nothing is kept of a refusal, and the order goes on changing: the same call may be refused
    # before it is done, and each refusal may have another reason. It is done once.
    results = [data for code, data in told_by if code == done]
    assert results[1:] in ([], results[:1])
    return done if results else told_by[0][0]


def _ran(answer: Any) -> bool:
    return bool(answer.status_code != 409)


def _code(answer: Any, done: str) -> str:
    assert answer.status_code == 200, answer.text
    (payload,) = answer.json()["data"].values()
    return payload["userErrors"][0]["code"] if payload["userErrors"] else done
