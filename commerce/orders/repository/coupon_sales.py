"""What was sold with coupons."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Numeric, Row, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.orders.models import Order
from commerce.promotions.kinds import RedemptionState
from commerce.promotions.models import PromotionRedemption


class CouponSalesRepository:
    """Sums alone: whoever may read a coupon may read them."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_coupons(self, ids: Keys[int]) -> dict[int, Sequence[Row[Any]]]:
        """By currency: how many orders used a coupon, what they came to, and what it took off
        them before rounding. Orders that gave it back do not count.
        """
        found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._uow.rows(_sums(ids)):
            found[row.coupon_id].append(row)
        return dict(found)


def _sums(ids: Keys[int]) -> Any:
    coupon_id, currency = col(PromotionRedemption.coupon_id), col(Order.currency)
    redeemed = col(PromotionRedemption.state) == RedemptionState.REDEEMED
    return (
        select(
            coupon_id.label("coupon_id"),
            currency.label("currency"),
            func.count().label("orders"),
            func.sum(col(Order.total)).label("total"),
            func.coalesce(func.sum(_exact()), 0).label("discount"),
        )
        .join(Order, col(Order.id) == col(PromotionRedemption.order_id))
        .where(among(coupon_id, ids), redeemed)
        .group_by(coupon_id, currency)
        .order_by(coupon_id, func.count().desc(), currency)
    )


def _exact() -> Any:
    """What the promotion took off its order, as the order keeps it."""
    kept = func.jsonb_array_elements(col(Order.discounts)).table_valued("value").alias("kept")
    held = cast(kept.c.value, JSONB)
    same = cast(held["promotion_id"].astext, BigInteger()) == col(PromotionRedemption.promotion_id)
    total = func.sum(cast(held["exact"].astext, Numeric()))
    return select(total).where(same).correlate(Order, PromotionRedemption).scalar_subquery()
