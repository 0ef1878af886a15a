"""Coupons claimed from many sides; twins show what happens without the guard."""

import asyncio
from collections.abc import AsyncIterator, Collection
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Coupon, PromotionBuyer
from commerce.promotions.problems import CouponRejected
from commerce.promotions.repository.redemptions import RedemptionRepository
from commerce.wiring import Services
from tests.support.invariants import Books
from tests.support.promotions import counts, make_coupon, make_promotion, use_of
from tests.support.races import Meeting
from tests.support.services import side_by_side, transacted

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
BUYERS = 50


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """Patience, and connections enough for a crowd: the server has a hundred, and two suites share
    them.
    """
    shop = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()


async def _coupon(shop: Database, coupon_limit: int | None, **limits: Any) -> Any:
    async with units_on(shop)() as uow:
        promotion = await make_promotion(uow, trigger=PromotionTrigger.COUPON, **limits)
        return await make_coupon(uow, promotion=promotion, usage_limit=coupon_limit)


async def _counts(shop: Database) -> tuple[list[int], list[int], list[int]]:
    async with units_on(shop)() as uow:
        return await counts(uow)


async def _claim(coupon: Any, cart: int, buyer: str, services: Services) -> Any:
    return await services.redemptions.claim(cart, [use_of(coupon)], buyer)


async def _all_claim(
    shop: Database, coupon: Any, *, buyer: str | None = None, carts: int = 20
) -> int:
    """Carts of as many buyers unless one is named; answers how many got the coupon."""
    answers = await side_by_side(
        shop,
        [
            partial(_claim, coupon, cart, buyer or f"buyer-{cart}@shop.test")
            for cart in range(carts)
        ],
    )
    got = answers.count(None)
    assert sum(isinstance(answer, CouponRejected) for answer in answers) == carts - got
    return got


def _read_then_write(patch: Patch) -> None:
    """What is counted was looked at a moment ago, by a transaction that holds no lock: one more
    than there is for has looked before any counts."""
    meeting = Meeting(6, patience=10)

    async def unlocked(self: Any, table: Any, ids: Collection[int]) -> set[int]:
        columns = (col(table.id), col(table.used), col(table.usage_limit))
        rows = await self._uow.rows(select(*columns).where(col(table.id).in_(ids)))
        await meeting.arrive()
        free = [row for row in rows if row.usage_limit is None or row.used < row.usage_limit]
        for row in free:
            one = update(table).where(col(table.id) == row.id)
            await self._uow.change(one.values(used=row.used + 1))
        return {row.id for row in free}

    patch.setattr(RedemptionRepository, "_count", unlocked)


def _without_locks(patch: Patch) -> None:
    locked = Services.__init__

    def unlocked(self: Services, uow: Any, *rest: Any) -> None:
        locked(self, uow, *rest)
        uow.locked = lambda _rank, statement: uow.rows(statement)

    patch.setattr(Services, "__init__", unlocked)


@pytest.mark.parametrize("limits", [{"coupon_limit": 5}, {"coupon_limit": None, "usage_limit": 5}])
async def test_of_fifty_buyers_five_get_the_coupon(shop: Database, limits: dict[str, Any]) -> None:
    coupon = await _coupon(shop, **limits)
    assert await _all_claim(shop, coupon, carts=BUYERS) == 5
    assert await _counts(shop) == ([5], [5], [1] * 5)


async def test_the_smaller_of_two_limits_counts_and_both_counters_agree(shop: Database) -> None:
    assert await _all_claim(shop, await _coupon(shop, 7, usage_limit=4)) == 4
    assert await _counts(shop) == ([4], [4], [1] * 4)


async def test_locks_alone_are_not_needed_where_counting_refuses(
    shop: Database, monkeypatch: Patch
) -> None:
    """One coupon, one row of each kind: there is no order to be kept."""
    _without_locks(monkeypatch)
    assert await _all_claim(shop, await _coupon(shop, 5)) == 5


async def test_looking_before_counting_gives_more_than_there_are(
    shop: Database, monkeypatch: Patch, books: Books
) -> None:
    books.add_up = False
    _without_locks(monkeypatch)
    _read_then_write(monkeypatch)
    assert await _all_claim(shop, await _coupon(shop, None, usage_limit=5)) > 5


async def test_looking_before_counting_gives_more_than_the_coupon_has(
    shop: Database, monkeypatch: Patch, books: Books
) -> None:
    """Its promotion's row, which is counted first, would keep the buyers apart: it goes, too."""
    books.add_up = False
    _without_locks(monkeypatch)
    _read_then_write(monkeypatch)
    monkeypatch.setattr(RedemptionRepository, "count_promotions", _all_of)
    assert await _all_claim(shop, await _coupon(shop, 5)) > 5


async def test_counting_without_the_limit_gives_all_of_them_the_coupon(
    shop: Database, monkeypatch: Patch
) -> None:
    """Even though they come one after the other."""

    async def counted(self: Any, ids: Collection[int]) -> set[int]:
        one_more = update(Coupon).where(col(Coupon.id).in_(ids)).values(used=col(Coupon.used) + 1)
        await self._uow.change(one_more)
        return set(ids)

    monkeypatch.setattr(RedemptionRepository, "count_coupons", counted)
    assert await _all_claim(shop, await _coupon(shop, 5)) == 20


async def test_one_customer_with_many_carts_gets_it_once(shop: Database) -> None:
    coupon = await _coupon(shop, None, per_customer_limit=1)
    assert await _all_claim(shop, coupon, buyer="ada@shop.test") == 1
    assert await _counts(shop) == ([1], [1], [1])


async def test_looking_before_counting_gives_one_customer_more(
    shop: Database, monkeypatch: Patch, books: Books
) -> None:
    books.add_up = False
    coupon = await _coupon(shop, None, per_customer_limit=1)
    meeting = Meeting(2, patience=10)

    async def looking(self: Any, ids: Collection[int], buyer: bytes) -> set[int]:
        found = await self._uow.scalar(select(col(PromotionBuyer.used)))
        await meeting.arrive()
        if found is None:
            values = {"promotion_id": coupon.promotion_id, "buyer_sha256": buyer + b"%d" % id(self)}
            await self._uow.change(insert(PromotionBuyer).values(**values, used=1))
        return set() if found else set(ids)

    _without_locks(monkeypatch)
    monkeypatch.setattr(RedemptionRepository, "count_promotions", _all_of)
    monkeypatch.setattr(RedemptionRepository, "count_coupons", _all_of)
    monkeypatch.setattr(RedemptionRepository, "count_buyer", looking)
    assert await _all_claim(shop, coupon, buyer="ada@shop.test") > 1


async def _all_of(_self: Any, ids: Collection[int]) -> set[int]:
    return set(ids)


async def test_canceling_gives_exactly_one_back(shop: Database) -> None:
    coupon = await _coupon(shop, 1)
    await transacted(shop, partial(_claim, coupon, 99, "ada@shop.test"))
    await transacted(shop, lambda services: services.redemptions.attach(99, 7))
    cancel = lambda services: services.redemptions.give_back(7)  # noqa: E731  # said ten times
    assert set(await side_by_side(shop, [cancel] * 10)) == {None}
    assert await _all_claim(shop, coupon) == 1
    assert (await _counts(shop))[:2] == ([1], [1])


async def test_claiming_and_releasing_side_by_side_loses_nothing(shop: Database) -> None:
    """Each cart claims several coupons in an order of its own, and half of them let go."""
    async with units_on(shop)() as uow:
        coupons = [await make_coupon(uow, str(number)) for number in range(4)]

    async def claim(cart: int, services: Services) -> Any:
        uses = [use_of(coupon) for coupon in (coupons if cart % 2 else coupons[::-1])]
        return await services.redemptions.claim(cart, uses, "ada@shop.test")

    async def come_and_go(cart: int) -> list[Any]:
        done = [await transacted(shop, partial(claim, cart))]
        if cart % 2:
            done.append(await transacted(shop, lambda services: services.redemptions.release(cart)))
        return done

    answers = await asyncio.gather(*(come_and_go(cart) for cart in range(20)))
    assert {answer for one in answers for answer in one} == {None}
    assert await _counts(shop) == ([10] * 4, [10] * 4, [10] * 4)
