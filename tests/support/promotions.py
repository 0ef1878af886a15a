"""Builders of promotions and coupons, and how often they were used."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert, select
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.pricing.rules.eligible import normalised
from commerce.pricing.rules.promotions import Percent, Value
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Coupon, Promotion, PromotionBuyer
from commerce.promotions.rules.claims import CouponUse
from commerce.promotions.rules.stored import stored_value

TEN_PERCENT = Percent(Decimal(10))


async def make_promotion(
    uow: UnitOfWork, name: str = "Sale", value: Value = TEN_PERCENT, **values: Any
) -> Row[Any]:
    given = {"name": name, "value": stored_value(value), **values}
    return await _added(uow, Promotion, given)


async def make_coupon(
    uow: UnitOfWork, code: str = "TEN", promotion: Any = None, **values: Any
) -> Row[Any]:
    """A coupon, of a promotion of its own unless one is given."""
    if promotion is None:
        promotion = await make_promotion(uow, trigger=PromotionTrigger.COUPON)
    given = {"promotion_id": promotion.id, "code": code, "code_key": normalised(code), **values}
    return await _added(uow, Coupon, given)


def use_of(thing: Any, amount: str = "1") -> CouponUse:
    """What a cart claims of a coupon, or of an automatic promotion."""
    if hasattr(thing, "code"):
        return CouponUse(thing.promotion_id, thing.code, Decimal(amount))
    return CouponUse(thing.id, None, Decimal(amount))


async def counts(uow: UnitOfWork) -> tuple[list[int], list[int], list[int]]:
    """How often promotions, coupons and buyers were counted."""
    promotions = await uow.scalars(select(col(Promotion.used)).order_by(col(Promotion.id)))
    coupons = await uow.scalars(select(col(Coupon.used)).order_by(col(Coupon.id)))
    buyers = await uow.scalars(
        select(col(PromotionBuyer.used)).order_by(
            col(PromotionBuyer.promotion_id), col(PromotionBuyer.buyer_sha256)
        )
    )
    return list(promotions), list(coupons), list(buyers)


async def _added(uow: UnitOfWork, model: Any, values: dict[str, Any]) -> Row[Any]:
    row = await uow.row(insert(model).values(**values).returning(*columns_of(model)))
    assert row is not None
    return row
