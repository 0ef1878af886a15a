"""Many coupons made at once, from many sides; twins show what happens without the guard."""

import random
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import IdempotencyConflict
from commerce.core.references import Claimed
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Coupon, CouponBatch
from commerce.promotions.repository.coupons import CouponRepository
from commerce.promotions.service import coupons as service
from commerce.wiring import Services
from tests.support.promotions import make_promotion
from tests.support.races import Meeting
from tests.support.services import side_by_side

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
MANY, COUNT = 10, 20


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    shop = Database(database.url, PoolLimits(MANY, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()


async def _promotions(shop: Database, many: int) -> list[int]:
    async with units_on(shop)() as uow:
        made = [
            await make_promotion(uow, str(number), trigger=PromotionTrigger.COUPON)
            for number in range(many)
        ]
    return [row.id for row in made]


async def _make(promotion: int, reference: str, services: Services) -> Any:
    return await services.coupons.add_many(promotion, COUNT, "SPRING-", {}, reference)


async def _codes(shop: Database) -> list[str]:
    async with units_on(shop)() as uow:
        return list(await uow.scalars(select(col(Coupon.code_key))))


async def test_one_reference_is_one_batch_however_many_ask(shop: Database) -> None:
    (promotion,) = await _promotions(shop, 1)
    answers = await side_by_side(shop, [partial(_make, promotion, "spring")] * MANY)
    assert {tuple(row.id for row in rows) for rows in answers} == {
        tuple(row.id for row in answers[0])
    }
    assert len(answers[0]) == len(await _codes(shop)) == COUNT


async def _same_reference_for_two(shop: Database) -> list[Any]:
    """Each for a promotion of its own, so that no lock of those keeps them apart."""
    works = [partial(_make, promotion, "spring") for promotion in await _promotions(shop, 2)]
    return await side_by_side(shop, works)


async def test_one_reference_is_for_one_promotion(shop: Database) -> None:
    answers = await _same_reference_for_two(shop)
    assert sum(isinstance(answer, IdempotencyConflict) for answer in answers) == 1
    assert len(await _codes(shop)) == COUNT


async def test_looking_for_the_batch_first_lets_both_of_them_make_it(
    shop: Database, monkeypatch: Patch
) -> None:
    """Until the database refuses one of them, with an error where an answer should be."""
    meeting = Meeting()

    async def claim(self: Any, actor: str, reference: str, digest: bytes) -> Claimed:
        known = select(CouponBatch.__table__.c).where(col(CouponBatch.reference) == reference)  # type: ignore[attr-defined]
        old = await self._uow.row(known)
        if old is not None:
            return Claimed(old, False)
        await meeting.arrive()
        added = insert(CouponBatch).values(actor=actor, reference=reference, digest=digest)
        return Claimed(await self._uow.row(added.returning(col(CouponBatch.id))), True)

    monkeypatch.setattr(CouponRepository, "claim", claim)
    answers = await _same_reference_for_two(shop)
    assert [type(answer) for answer in answers].count(IntegrityError) == 1


def _few_codes(patch: Patch) -> None:
    """So few that batches draw the same ones again and again, each in an order of its own."""
    every = [f"SPRING-{number}" for number in range(3 * COUNT)]
    patch.setattr(service, "new_codes", lambda _prefix, count: random.sample(every, count))


async def _overlapping(shop: Database) -> list[Any]:
    promotions = await _promotions(shop, 2)
    return await side_by_side(
        shop, [partial(_make, promotion, f"for {promotion}") for promotion in promotions]
    )


async def test_batches_that_draw_the_same_codes_get_as_many_as_were_asked_for(
    shop: Database, monkeypatch: Patch
) -> None:
    _few_codes(monkeypatch)
    answers = await _overlapping(shop)
    assert [len(rows) for rows in answers] == [COUNT, COUNT]
    codes = await _codes(shop)
    assert len(set(codes)) == len(codes) == 2 * COUNT


async def test_looking_for_free_codes_first_draws_some_twice(
    shop: Database, monkeypatch: Patch
) -> None:
    meeting = Meeting()

    async def add_new(self: Any, coupons: Sequence[Any]) -> int:
        taken = set(await self._uow.scalars(select(col(Coupon.code_key))))
        await meeting.arrive()
        free = [values for values in coupons if values["code_key"] not in taken]
        return int(await self._uow.change(insert(Coupon).values(free))) if free else 0

    _few_codes(monkeypatch)
    monkeypatch.setattr(CouponRepository, "add_new", add_new)
    answers = await _overlapping(shop)
    assert IntegrityError in {type(answer) for answer in answers}
