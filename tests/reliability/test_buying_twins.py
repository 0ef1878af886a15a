"""What the proofs of buying would see with a guard removed.

Stock and carts have theirs in `tests/commerce/orders/test_checkout_races.py`, the reconciler and
the model beside their proofs.
"""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Collection
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.core.locks import Rank
from commerce.core.pool import Database, PoolLimits
from commerce.core.viewer import SYSTEM
from commerce.orders.service.cart_payments import Purchase
from commerce.payments.models import Payment
from commerce.payments.repository.payments import PaymentRepository
from commerce.promotions.repository.redemptions import RedemptionRepository
from tests.support.buying import (
    DEADLOCKS,
    IN_PROGRESS,
    ORDER,
    PATIENTLY,
    Basket,
    buying_shop,
    fill,
    market_of,
    told,
)
from tests.support.buying_process import NOWHERE
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.one_cart import bought_at_once
from tests.support.promotions import make_coupon
from tests.support.races import without_locks

Patch = pytest.MonkeyPatch
BUYERS, LIMIT = 16, 3


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(BUYERS + 10, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await pool.close()


async def at_once(*doing: Any) -> list[Any]:
    return list(await asyncio.gather(*doing, return_exceptions=True))


async def test_without_one_order_of_locks_carts_deadlock(
    shop: Shop, database: Database, monkeypatch: Patch
) -> None:
    guarded = UnitOfWork.locked

    async def locked(self: UnitOfWork, rank: Rank, statement: Any, *more: Any, **of: Any) -> Any:
        if rank is Rank.STOCK:
            statement = statement.order_by(None).order_by(func.random())
        return await guarded(self, rank, statement, *more, **of)

    monkeypatch.setattr(UnitOfWork, "locked", locked)
    variants = [await shop.variant(stock=100) for _ in range(6)]
    chosen = [[(variant, 1) for variant in random.sample(variants, 5)] for _ in range(6)]
    baskets = await fill(shop, chosen)
    before = await deadlocks_told(database)
    await at_once(*(shop.buy(basket.token, basket.total, "manual") for basket in baskets))
    await shop.database.close()  # connections tell what they have counted when they end
    async with asyncio.timeout(10):
        while await deadlocks_told(database) == before:  # noqa: ASYNC110  # the database calls nobody
            await asyncio.sleep(0.1)


async def deadlocks_told(database: Database) -> int:
    async with database.reader() as connection:
        return int((await connection.execute(text(DEADLOCKS))).scalar_one())


async def test_without_the_guarded_count_a_coupon_is_used_too_often(
    shop: Shop, monkeypatch: Patch
) -> None:
    async def count(self: RedemptionRepository, table: Any, ids: Collection[int]) -> set[int]:
        counted = update(table).where(among(col(table.id), ids)).values(used=col(table.used) + 1)
        await self._uow.change(counted)
        return set(ids)

    without_locks(monkeypatch, Rank.PROMOTION)
    monkeypatch.setattr(RedemptionRepository, "_count", count)
    mug = await shop.variant(stock=BUYERS)
    async with shop.open_unit() as uow:
        coupon = await make_coupon(uow, usage_limit=LIMIT)
    baskets = await fill(shop, [[(mug, 1)]] * BUYERS)
    await told(
        shop, "UPDATE carts SET codes = ARRAY[CAST(:code AS text)] RETURNING 1", code=coupon.code
    )
    cheaper = [Basket(basket.token, "9") for basket in baskets]
    answers = await at_once(*(shop.buy(each.token, each.total, "manual") for each in cheaper))
    bought = [answer for answer in answers if isinstance(answer, Purchase)]
    assert len(bought) > LIMIT


async def test_without_the_cart_lock_one_cart_is_bought_more_than_once(server_url: str) -> None:
    """Over two processes, or somebody runs into what the database refuses."""
    unlocked = (sys.executable, "-m", "tests.support.buying_process", NOWHERE, "1", "unlocked")
    async with (
        buying_shop(server_url, "unlocked") as shop,
        market_of(shop, patience=PATIENTLY, program=unlocked) as market,
    ):
        (basket,) = await fill(shop, [[(await shop.variant(stock=5), 1)]])
        bought = await bought_at_once(market, basket, BUYERS, "card_1")
        wrong = set(bought.kinds) - {ORDER, IN_PROGRESS} or set(bought.reports) - {200}
        assert wrong or bought.orders > 1 or bought.charges > 1


async def test_without_the_guarded_update_captures_run_into_the_database(
    shop: Shop, monkeypatch: Patch
) -> None:
    """Which refuses what would be too much: nobody is charged more, but somebody sees an error."""

    async def asked(
        self: PaymentRepository, id_: int, pending: Any, amount: Decimal, _possible: Any
    ) -> Any:
        self._uow.hold(Rank.PAYMENT)
        statement = (
            update(Payment).where(col(Payment.id) == id_).values({pending: pending + amount})
        )
        return await self._uow.row(statement.returning(*Payment.__table__.c))  # type: ignore[attr-defined]

    monkeypatch.setattr(PaymentRepository, "_asked", asked)
    token = await shop.cart((await shop.variant("100"), 1))
    bought = await shop.buy(token, "100", "later")
    assert isinstance(bought, Purchase)
    payment = await told(shop, "SELECT max(id) FROM payments")

    async def capture(place: int) -> Any:
        async with shop.services(SYSTEM) as services:
            return await services.order_money.capture(payment, Decimal(30), f"capture {place}")

    answers = await at_once(*(capture(place) for place in range(6)))
    assert any(isinstance(answer, IntegrityError) for answer in answers)
    assert await told(shop, "SELECT captured FROM payments") == 90
    await assert_invariants(shop.database)
