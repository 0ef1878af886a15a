"""Drafts with coupons: counted when they are placed, and never more often than they may be."""

from collections.abc import AsyncIterator, Collection
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, among, units_on
from commerce.core.locks import Rank
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.orders.kinds import OrderStatus
from commerce.orders.rules.editing import LineEdit
from commerce.pricing.rules.eligible import Reason
from commerce.promotions.models import Coupon, Promotion
from commerce.promotions.problems import CouponRejected
from commerce.promotions.repository.redemptions import RedemptionRepository
from commerce.wiring import Services
from tests.support.carts import Goods
from tests.support.customers import make_customer
from tests.support.invariants import assert_invariants
from tests.support.invoices import make_series
from tests.support.order_work import done
from tests.support.orders import order_now
from tests.support.promotions import counts, make_coupon, make_promotion
from tests.support.races import without_locks
from tests.support.services import side_by_side

Patch = pytest.MonkeyPatch
DRAFTS, LIMIT = 12, 3
ADA = "ada@shop.test"


async def drafted(uow: UnitOfWork, goods: Goods, code: str = "TEN", **terms: Any) -> Any:
    """A draft of one unit for 10, with a coupon of ten percent."""
    lines = [
        LineEdit(
            1, variant_id=(await goods.variant("10")).id, unit_price=terms.pop("unit_price", None)
        )
    ]
    values = terms.pop("values", {"email": ADA})
    given = {"coupon_codes": [code], **terms}
    draft = await done(uow, lambda own: own.order_drafts.create(lines, values, given))
    assert draft.status is OrderStatus.DRAFT, draft
    return draft


async def complete(uow: UnitOfWork, draft: Any, version: int | None = None) -> Any:
    return await done(uow, lambda own: own.order_drafts.complete(draft.id, version))


async def test_a_coupon_of_a_draft_counts_once_it_is_placed(uow: UnitOfWork) -> None:
    coupon, goods = await make_coupon(uow, usage_limit=1), await Goods.open(uow)
    sale = await make_promotion(uow, usage_limit=5)
    first, second = [await drafted(uow, goods) for _ in range(2)]
    assert first.total == Decimal("8.10")
    assert (await counts(uow))[0] == [0, 0]
    for _ in range(2):
        assert (await complete(uow, first)).status is OrderStatus.PENDING
        assert await counts(uow) == ([1, 1], [1], [1, 1])
    refused = await complete(uow, second)
    assert (refused.reason, refused.path) == (Reason.USED_UP, ("order_id",))
    assert refused.message.startswith(f"{coupon.code}: This coupon was used as often")
    assert (await order_now(uow, second)).status is OrderStatus.DRAFT
    assert await counts(uow) == ([1, 1], [1], [1, 1])
    for _ in range(2):
        await done(uow, lambda own: own.order_cancellations.cancel(first.id))
        assert await counts(uow) == ([0, 0], [0], [0, 0])
    assert (await complete(uow, second)).total == Decimal("8.10")
    assert (await counts(uow))[0] == [1, 1]
    assert sale.id != coupon.promotion_id


async def test_a_used_up_coupon_is_gone_once_the_draft_is_changed(uow: UnitOfWork) -> None:
    await make_coupon(uow, usage_limit=1)
    goods = await Goods.open(uow)
    draft = await drafted(uow, goods)
    await uow.change(update(Coupon).values(used=1))
    changed = await done(uow, lambda own: own.order_drafts.update(draft.id, [], {}))
    assert (changed.total, changed.coupon_codes) == (Decimal(10), [])
    assert (await complete(uow, draft)).total == Decimal(10)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (update(Promotion).values(ends_at=col(Promotion.created_at)), Reason.NOT_NOW),
        (update(Coupon).values(active=False), Reason.UNKNOWN_CODE),
        (update(Promotion).values(per_customer_limit=1), None),
    ],
)
async def test_a_coupon_must_be_good_when_the_draft_is_placed(
    uow: UnitOfWork, change: Any, reason: Reason | None
) -> None:
    await make_coupon(uow)
    draft = await drafted(uow, await Goods.open(uow))
    await uow.change(change)
    placed = await complete(uow, draft)
    assert getattr(placed, "reason", None) is reason


async def test_the_limit_per_customer_counts_the_account_a_draft_is_for(uow: UnitOfWork) -> None:
    await make_coupon(uow, promotion=await make_promotion(uow, trigger="coupon"))
    await uow.change(update(Promotion).values(per_customer_limit=1))
    customer, goods = await make_customer(uow), await Goods.open(uow)
    first, second = [
        await drafted(uow, goods, customer_id=customer.id, values={}) for _ in range(2)
    ]
    assert first.email == customer.email
    assert (await complete(uow, first)).status is OrderStatus.PENDING
    assert (await complete(uow, second)).reason is Reason.USED_UP


async def test_a_draft_that_was_changed_is_not_placed(uow: UnitOfWork) -> None:
    await make_coupon(uow)
    draft = await drafted(uow, await Goods.open(uow))
    assert isinstance(await complete(uow, draft, draft.version + 1), VersionConflict)
    assert (await counts(uow))[0] == [0]


async def test_a_draft_that_costs_nothing_is_paid_once_it_is_placed(uow: UnitOfWork) -> None:
    await make_series(uow, "a", prefix="A", is_default=True, on_payment=True)
    draft = await drafted(uow, await Goods.open(uow), unit_price=Decimal(0), coupon_codes=[])
    placed = await complete(uow, draft)
    assert (placed.status, placed.due) == (OrderStatus.PROCESSING, 0)
    services = Services(uow, SYSTEM, system_clock)
    found = await services.repositories.invoices.by_orders([placed.id])
    assert [invoice.total for invoice in found[placed.id]] == [0]
    assert (await complete(uow, draft)).status is OrderStatus.PROCESSING  # twice is once
    assert len((await services.repositories.invoices.by_orders([placed.id]))[placed.id]) == 1


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    pool = Database(database.url, PoolLimits(DRAFTS + 4, 0, wait=60, statement=60, lock=60))
    yield pool
    await pool.close()


async def _place(draft_id: int, services: Services) -> Any:
    return await services.order_drafts.complete(draft_id)


async def _placed_of(shop: Database, **limits: Any) -> tuple[int, int]:
    """How many of many drafts that are placed at once are, and how often the coupon counted."""
    async with units_on(shop)() as uow:
        coupon_limit = limits.pop("coupon_limit", None)
        promotion = await make_promotion(uow, trigger="coupon", **limits)
        await make_coupon(uow, promotion=promotion, usage_limit=coupon_limit)
        goods = await Goods.open(uow)
        drafts = [await drafted(uow, goods) for _ in range(DRAFTS)]
    answers = await side_by_side(shop, [partial(_place, draft.id) for draft in drafts])
    refused = [answer for answer in answers if isinstance(answer, CouponRejected)]
    assert all(answer.reason is Reason.USED_UP for answer in refused), answers
    async with units_on(shop)() as uow:
        used = (await counts(uow))[0][0]
    return len(answers) - len(refused), used


@pytest.mark.parametrize("limit", ["coupon_limit", "usage_limit", "per_customer_limit"])
async def test_drafts_placed_at_once_use_a_coupon_no_more_often_than_they_may(
    shop: Database, limit: str
) -> None:
    assert await _placed_of(shop, **{limit: LIMIT}) == (LIMIT, LIMIT)
    await assert_invariants(shop)


async def test_without_the_guarded_count_they_do(shop: Database, monkeypatch: Patch) -> None:
    async def count(self: RedemptionRepository, table: Any, ids: Collection[int]) -> set[int]:
        counted = update(table).where(among(col(table.id), ids)).values(used=col(table.used) + 1)
        await self._uow.change(counted)
        return set(ids)

    without_locks(monkeypatch, Rank.PROMOTION)
    monkeypatch.setattr(RedemptionRepository, "_count", count)
    assert (await _placed_of(shop, coupon_limit=LIMIT))[0] > LIMIT


async def test_one_draft_placed_many_times_at_once_counts_once(shop: Database) -> None:
    async with units_on(shop)() as uow:
        await make_coupon(uow, usage_limit=1)
        draft = await drafted(uow, await Goods.open(uow))
    answers = await side_by_side(shop, [partial(_place, draft.id)] * DRAFTS)
    assert all(isinstance(one, VersionConflict) or one.id == draft.id for one in answers)
    assert sum(not isinstance(one, VersionConflict) for one in answers) >= 1
    async with units_on(shop)() as uow:
        assert await counts(uow) == ([1], [1], [1])
