"""Buying side by side; each race has a twin that shows what happens without the guard."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from commerce.core.locks import Rank
from commerce.core.pool import Database, PoolLimits
from commerce.inventory.problems import InsufficientStock
from commerce.orders.problems import PaymentInProgress
from commerce.orders.service.cart_payments import Purchase
from commerce.payments.kinds import AttemptKind
from commerce.payments.ports import Outcome, OutcomeState, ProviderEvent
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.races import without_locks

Patch = pytest.MonkeyPatch
BUYERS = 16


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(BUYERS + 10, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await pool.close()


def kinds(answers: list[Any]) -> Counter[str]:
    """How often each kind of answer came."""
    return Counter(_kind(answer) for answer in answers)


def _kind(answer: Any) -> str:
    if isinstance(answer, Purchase):
        return "order" if answer.order is not None else "action"
    return type(answer).__name__


async def at_once(*doing: Any) -> list[Any]:
    return list(await asyncio.gather(*doing, return_exceptions=True))


async def _rush(shop: Shop, units: int, method: str) -> tuple[Counter[str], int]:
    """Many buyers want one unit each of too few; what they were answered, and what is left."""
    mug = await shop.variant(stock=units)
    carts = [await shop.cart((mug, 1), email=f"b{n}@example.com") for n in range(BUYERS)]
    answers = await at_once(*(shop.buy(cart, "10", method) for cart in carts))
    return kinds(answers), await shop.left(mug)


@pytest.mark.parametrize("method", ["card", "manual"])
async def test_nobody_buys_what_is_not_there(shop: Shop, method: str) -> None:
    told, left = await _rush(shop, 4, method)
    assert told == {"order": 4, InsufficientStock.__name__: BUYERS - 4}
    assert (left, await shop.orders()) == (0, 4)
    await assert_invariants(shop.database)


async def test_without_locked_levels_more_is_sold_than_there_is(
    shop: Shop, monkeypatch: Patch
) -> None:
    without_locks(monkeypatch, Rank.STOCK)
    told, left = await _rush(shop, 4, "manual")
    assert told["order"] > 4
    assert left < 0


async def _one_cart(shop: Shop, method: str, reports: bool) -> tuple[list[Any], int, int]:
    """The same cart completed many times at once, beside the provider's own reports."""
    mug = await shop.variant(stock=5)
    token = await shop.cart((mug, 1))
    buying = [shop.buy(token, "10", method) for _ in range(12)]
    answers = await at_once(*buying, *([_reported(shop)] * 1 if reports else []))
    return answers, await shop.orders(), await shop.charges()


async def _reported(shop: Shop) -> None:
    """The provider reports every payment it has taken, again and again while buyers wait."""
    for _ in range(10):
        for key in await shop.provider_keys():
            event = ProviderEvent(
                "test", f"evt-{random.random()}", AttemptKind.CHARGE, key, None,
                Outcome(OutcomeState.SUCCEEDED, payment_reference=f"tp_{key}"),
            )  # fmt: skip
            async with shop.services() as services:
                await services.settling.report(event)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("method", ["card", "manual"])
async def test_one_cart_is_one_order_and_one_charge(shop: Shop, method: str) -> None:
    answers, orders, charges = await _one_cart(shop, method, reports=method == "card")
    told = kinds(answers)
    assert told["order"] >= 1
    assert set(told) <= {"order", PaymentInProgress.__name__, "NoneType"}
    numbers = {answer.order.number for answer in answers if isinstance(answer, Purchase)}
    assert (orders, len(numbers)) == (1, 1)
    assert charges == (1 if method == "card" else 0)
    await assert_invariants(shop.database)


async def test_without_the_cart_lock_buyers_run_into_each_other(
    shop: Shop, monkeypatch: Patch
) -> None:
    without_locks(monkeypatch, Rank.CART)
    answers, _, _ = await _one_cart(shop, "card", reports=False)
    unexpected = set(kinds(answers)) - {"order", PaymentInProgress.__name__}
    assert unexpected or (kinds(answers)["order"] > 1 and await shop.charges() > 1)


async def test_carts_of_many_lines_never_deadlock(shop: Shop) -> None:
    variants = [await shop.variant(stock=1000) for _ in range(8)]
    carts = []
    for n in range(BUYERS):
        lines = random.sample(variants, 5)
        wanted = [(variant, random.randint(1, 3)) for variant in lines]
        carts.append((await shop.cart(*wanted, email=f"b{n}@example.com"), wanted))
    totals = [str(10 * sum(units for _, units in wanted)) for _, wanted in carts]
    answers = await at_once(
        *(shop.buy(cart, total, "manual") for (cart, _), total in zip(carts, totals, strict=True))
    )
    assert kinds(answers) == {"order": BUYERS}
    await assert_invariants(shop.database)
