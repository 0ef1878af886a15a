from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, update

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.locks import LockOrderError, Rank
from commerce.core.viewer import SYSTEM
from commerce.pricing.rules.eligible import Reason
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Coupon, Promotion
from commerce.promotions.problems import CouponRejected
from commerce.promotions.rules.claims import CouponUse
from commerce.wiring import Services
from tests.support.promotions import counts, make_coupon, make_promotion, use_of
from tests.support.services import PORTS

ADA, BOB = "ada@shop.test", "bob@shop.test"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return Services(uow, SYSTEM, system_clock, PORTS)


async def _claim(services: Services, cart: int, *uses: CouponUse, buyer: str | None = ADA) -> Any:
    async def work() -> Any:
        return await services.redemptions.claim(cart, uses, buyer)

    return await services.uow.transact(work, keep=lambda problem: problem is None)


async def _release(services: Services, cart: int) -> None:
    await services.uow.transact(lambda: services.redemptions.release(cart))


async def _cancel(services: Services, order: int) -> None:
    await services.uow.transact(lambda: services.redemptions.give_back(order))


async def test_a_claim_counts_once_for_promotion_coupon_and_buyer(
    services: Services, uow: UnitOfWork
) -> None:
    coupon, sale = await make_coupon(uow), await make_promotion(uow)
    for _ in range(3):
        assert await _claim(services, 1, use_of(coupon), use_of(sale)) is None
    assert await counts(uow) == ([1, 1], [1], [1, 1])
    assert await _claim(services, 2, use_of(coupon), buyer="ADA@shop.test") is None
    assert await counts(uow) == ([2, 1], [2], [2, 1])


async def test_what_a_cart_claims_no_more_is_given_back(
    services: Services, uow: UnitOfWork
) -> None:
    one, other = await make_coupon(uow), await make_coupon(uow, "other")
    await _claim(services, 1, use_of(one), use_of(other))
    await _claim(services, 1, use_of(other))
    assert await counts(uow) == ([0, 1], [0, 1], [0, 1])
    await _claim(services, 1, use_of(other), buyer=BOB)
    assert sorted((await counts(uow))[2]) == [0, 0, 1]
    await _claim(services, 1)
    assert await counts(uow) == ([0, 0], [0, 0], [0, 0, 0])


async def test_a_released_cart_may_claim_again(services: Services, uow: UnitOfWork) -> None:
    coupon = await make_coupon(uow, usage_limit=1)
    for _ in range(2):
        assert await _claim(services, 1, use_of(coupon)) is None
        assert await counts(uow) == ([1], [1], [1])
        await _release(services, 1)
        await _release(services, 1)
        assert await counts(uow) == ([0], [0], [0])


async def test_a_canceled_order_gives_each_use_back_once(
    services: Services, uow: UnitOfWork
) -> None:
    coupon = await make_coupon(uow)
    await _claim(services, 1, use_of(coupon))
    await services.redemptions.attach(1, 77)
    await _release(services, 1)
    assert await counts(uow) == ([1], [1], [1])
    await _cancel(services, 77)
    await _cancel(services, 77)
    assert await counts(uow) == ([0], [0], [0])


async def test_a_coupon_that_is_deleted_meanwhile_is_given_back_by_its_promotion(
    services: Services, uow: UnitOfWork
) -> None:
    coupon = await make_coupon(uow)
    await _claim(services, 1, use_of(coupon))
    await uow.change(delete(Coupon))
    await _release(services, 1)
    assert await counts(uow) == ([0], [], [0])


@pytest.mark.parametrize("limited", ["coupon", "promotion", "customer"])
async def test_limits_are_named(services: Services, uow: UnitOfWork, limited: str) -> None:
    promotion = await make_promotion(
        uow,
        trigger=PromotionTrigger.COUPON,
        usage_limit=2 if limited == "promotion" else None,
        per_customer_limit=2 if limited == "customer" else None,
    )
    coupon = await make_coupon(
        uow, promotion=promotion, usage_limit=2 if limited == "coupon" else None
    )
    for cart in (1, 2):
        assert await _claim(services, cart, use_of(coupon)) is None
    refused = await _claim(services, 3, use_of(coupon))
    assert isinstance(refused, CouponRejected)
    assert (refused.reason, refused.limit) == (Reason.USED_UP, Decimal(2))
    assert await counts(uow) == ([2], [2], [2])
    assert (await _claim(services, 3, use_of(coupon), buyer=BOB) is None) is (limited == "customer")
    (offer,) = await services.promotion_offers.offers(["ten"], ADA, NOW)
    assert offer.used_up


async def test_what_is_limited_for_each_customer_is_not_for_nobody(
    services: Services, uow: UnitOfWork
) -> None:
    coupon = await make_coupon(uow)
    await uow.change(update(Promotion).values(per_customer_limit=3))
    refused = await _claim(services, 1, use_of(coupon), buyer=None)
    assert (refused.reason, refused.limit) == (Reason.CUSTOMER, Decimal(3))
    (offer,) = await services.promotion_offers.offers(["TEN"], None, NOW)
    assert not offer.used_up


@pytest.mark.parametrize(
    "change",
    [
        update(Promotion).values(active=False),
        update(Promotion).values(archived_at=NOW),
        update(Coupon).values(active=False),
    ],
)
async def test_what_was_switched_off_meanwhile_is_unknown(
    services: Services, uow: UnitOfWork, change: Any
) -> None:
    coupon = await make_coupon(uow)
    await uow.change(change)
    refused = await _claim(services, 1, use_of(coupon))
    assert refused.reason is Reason.UNKNOWN_CODE
    assert await services.promotion_offers.offers(["TEN"], None, NOW) == ()


async def test_offers_are_those_of_the_time_and_of_the_codes(
    services: Services, uow: UnitOfWork, statements: list[str]
) -> None:
    day = timedelta(days=1)
    sale = await make_promotion(uow, starts_at=NOW, ends_at=NOW + day)
    await make_promotion(uow, "later", starts_at=NOW + day)
    await make_promotion(uow, "over", ends_at=NOW)
    coupons = [
        await make_coupon(uow, "Straße", expires_at=NOW),
        await make_coupon(uow, "TWO"),
        await make_coupon(uow, "not asked for"),
    ]
    statements.clear()
    codes = [" STRASSE ", "two", "two", "unknown", "bad\0one", "\ud800", "x" * 9999]
    offers = await services.promotion_offers.offers(codes, ADA, NOW)
    assert len(statements) == 1
    assert [(offer.id, offer.code) for offer in offers] == [
        (sale.id, None),
        (coupons[0].promotion_id, "Straße"),
        (coupons[1].promotion_id, "TWO"),
    ]
    assert offers[1].conditions.schedule.ends_at == NOW


@pytest.mark.parametrize("many", [1, 7])
async def test_claiming_many_costs_as_much_as_claiming_one(
    services: Services, uow: UnitOfWork, statements: list[str], many: int
) -> None:
    uses = [use_of(await make_coupon(uow, str(number))) for number in range(many)]
    statements.clear()
    await _claim(services, 1, *uses)
    assert len(statements) == 7  # held, both locks, three counters, redemptions
    statements.clear()
    await services.redemptions.attach(1, 7)
    assert len(statements) == 1
    statements.clear()
    await _cancel(services, 7)
    assert len(statements) == 6  # redemptions, both locks, three counters


async def test_promotions_are_locked_before_orders(services: Services) -> None:
    async def late() -> None:
        services.uow.hold(Rank.ORDER)
        await services.redemptions.give_back(1)

    with pytest.raises(LockOrderError):
        await services.uow.transact(late)
