"""Every invariant has teeth: rows that break it are found, and an untouched store has none."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.invariants import Invariant
from commerce.invariants import INVARIANTS, broken
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location

ORDER = """INSERT INTO orders (id, number, number_value, currency, net, tax, total, shipping, due)
    VALUES (1, '1', 1, 'EUR', 8, 2, 10, 10, 10)"""
LINE = """INSERT INTO order_lines (id, order_id, title, quantity) VALUES (7, 1, 'Shirt', 1)"""
ALLOCATION = """INSERT INTO stock_allocations
    (id, order_id, order_line_id, variant_id, location_id, quantity) VALUES (1, 1, 7, 1, 1, 2)"""
HOLD = """INSERT INTO stock_reservations
    (id, cart_id, variant_id, location_id, quantity, expires_at)
    VALUES (1, 1, 1, 1, {units}, now() + interval '1 hour')"""
CART = """INSERT INTO carts (id, token, currency, state, order_id, expires_at)
    VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'EUR', 'completed', 1, now())"""
CARD = """INSERT INTO gift_cards (id, code_sha256, last_characters, currency, issued, balance)
    VALUES (1, 'x', 'abcd', 'EUR', 5, {balance})"""
METHOD = "INSERT INTO payment_methods (id, code, name, provider) VALUES (1, 'x', 'X', 'manual')"
PAYMENT = """INSERT INTO payments (id, order_id, method_id, provider, amount, currency, authorized,
    captured) VALUES (1, 1, 1, 'manual', 5, 'EUR', 5, 5)"""
ATTEMPT = """INSERT INTO payment_attempts (id, payment_id, amount, key, provider_key)
    VALUES (1, 1, 5, 'k', 'p')"""
MOVED = """INSERT INTO payment_transactions (id, payment_id, attempt_id, kind, amount)
    VALUES ({id}, 1, 1, '{kind}', 5)"""
SERIES = "INSERT INTO invoice_series (id, code) VALUES (1, 'a')"
INVOICE = """INSERT INTO invoices (id, series_id, number_value, number, order_id, currency, net,
    tax, total, contents) VALUES (1, 1, 2, '2', 1, 'EUR', 8, 2, 10, '{}')"""
PROMOTION = "INSERT INTO promotions (id, name, used) VALUES (1, 'Sale', {used})"
COUPON = """INSERT INTO coupons (id, promotion_id, code, code_key, used)
    VALUES (1, 1, 'A', 'a', 1)"""

PLANTED: dict[str, Sequence[str]] = {
    "stock levels are the sums of the ledger": ["UPDATE stock_levels SET on_hand = 6"],
    "reserved units are those that orders have been promised": [
        "UPDATE stock_levels SET reserved = 1"
    ],
    "no unit is promised twice": [HOLD.format(units=6)],
    "promotions count their redemptions": [PROMOTION.format(used=1)],
    "coupons count their redemptions": [PROMOTION.format(used=0), COUPON],
    "balances are the sums of the ledger": [CARD.format(balance=5)],
    "what was drawn for a cart is what it has used": [
        CARD.format(balance=0),
        "INSERT INTO gift_card_uses (id, gift_card_id, cart_id, amount) VALUES (1, 1, 1, 5)",
    ],
    "payments are the sums of their transactions": [METHOD, PAYMENT.replace("1, 1, 1", "1, 9, 1")],
    "no more is refunded than was captured, and captured than was authorized": [
        METHOD,
        PAYMENT.replace("5, 5)", "0, 0)"),
        ATTEMPT,
        MOVED.format(id=1, kind="refund"),
    ],
    "carts that are over hold no stock": [CART, HOLD.format(units=1)],
    "a completed cart has its own order": [CART],
    "totals are the sums of their parts": [ORDER.replace("10, 10, 10", "10, 9, 10")],
    "lines are their net and their tax": [
        ORDER.replace("10, 10, 10", "10, 8, 10"),
        LINE.replace("quantity)", "quantity, net, tax, gross)").replace("1)", "1, 1, 2, 2)"),
    ],
    "surcharges are the sum of what was charged, and go back once": [
        ORDER,
        "UPDATE orders SET surcharge = 1",
    ],
    "canceled orders keep no stock": [
        ORDER,
        "UPDATE orders SET status = 'canceled', canceled_at = now()",
        ALLOCATION,
        "UPDATE stock_levels SET reserved = 2",
    ],
    "lines are promised no more than they are": [
        ORDER,
        LINE,
        ALLOCATION,
        "UPDATE stock_levels SET reserved = 2",
    ],
    "numbers of invoices have no gap": [ORDER, SERIES, INVOICE],
    "refunds are what goes back by their payments": [
        ORDER,
        "INSERT INTO refunds (id, order_id, currency, amount) VALUES (1, 1, 'EUR', 5)",
    ],
    "orders say what their payments say": [ORDER, "UPDATE orders SET paid = 1"],
}
ALL = [invariant for invariants in INVARIANTS.values() for invariant in invariants]


@pytest.fixture
async def sound(uow: UnitOfWork) -> None:
    """Five units of variant 1 at location 1."""
    main = await make_location(uow, id=1)
    variant = await make_variant(uow, await make_product(uow), id=1)
    await make_level(uow, variant, main, 5)


@pytest.mark.usefixtures("sound")
async def test_where_nothing_is_wrong_nothing_is_found(uow: UnitOfWork) -> None:
    await uow.change(text(ORDER))
    assert await broken(uow) == []


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("invariant", ALL, ids=lambda invariant: invariant.name)
async def test_what_breaks_an_invariant_is_found(uow: UnitOfWork, invariant: Invariant) -> None:
    for statement in PLANTED[invariant.name]:
        await uow.change(text(statement))
    found = {each.invariant.name: each for each in await broken(uow)}
    assert invariant.name in found
    assert str(found[invariant.name])


def test_invariants_are_told_apart_by_their_names() -> None:
    assert len({invariant.name for invariant in ALL}) == len(ALL)
    assert PLANTED.keys() == {invariant.name for invariant in ALL}


@pytest.mark.usefixtures("sound")
async def test_a_count_may_find_fewer_than_are_promised(uow: UnitOfWork) -> None:
    for statement in (
        HOLD.format(units=5),
        "UPDATE stock_levels SET on_hand = 1",
        "INSERT INTO stock_movements (id, variant_id, location_id, delta, kind)"
        " VALUES (99, 1, 1, -4, 'count')",
    ):
        await uow.change(text(statement))
    assert await broken(uow) == []
