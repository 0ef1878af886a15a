"""Promotions that could apply to a cart."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    DateTime,
    Integer,
    LargeBinary,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql import any_
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.models import Coupon, Promotion, PromotionBuyer

OfferRow = Row[Any]
COLUMNS = tuple(columns_of(Promotion))
# As the index has it: with parameters PostgreSQL could not tell that it serves.
AUTOMATIC: Any = literal_column(
    "promotions.trigger = 'automatic' AND promotions.active AND promotions.archived_at IS NULL"
)


class OfferRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def offered(
        self, code_keys: Collection[str], buyer: bytes | None, at: datetime
    ) -> Sequence[OfferRow]:
        """Automatic ones of that time and those of the coupons, with `bought`, how often the buyer
        has used each, and what the coupon says: `coupon_code`, `coupon_used`, `coupon_limit`,
        `coupon_expires_at`.
        """
        values = {"code_keys": list(code_keys), "buyer": buyer, "at": at}
        return await self._uow.rows(_offered(), values)


# Every look at a cart runs this, and building it costs several times what running it does: once.
@cache
def _offered() -> Select[Any]:
    offered = union_all(_automatic(), _unlocked()).subquery()
    return select(offered).order_by(offered.c.id, offered.c.coupon_code)


def any_automatic() -> Any:
    """Whether there are some at all, for statements that read it beside something else."""
    return select(literal_column("1")).select_from(Promotion).where(AUTOMATIC).exists()


def _automatic() -> Select[Any]:
    starts, ends = col(Promotion.starts_at), col(Promotion.ends_at)
    at = bindparam("at", type_=DateTime(timezone=True))
    return select(
        *COLUMNS,
        _bought(),
        null().cast(Text).label("coupon_code"),
        null().cast(Integer).label("coupon_used"),
        null().cast(Integer).label("coupon_limit"),
        null().cast(DateTime(timezone=True)).label("coupon_expires_at"),
    ).where(AUTOMATIC, or_(starts.is_(None), starts <= at), or_(ends.is_(None), ends > at))


def _unlocked() -> Select[Any]:
    code_keys = bindparam("code_keys", type_=ARRAY(Text()))
    joined = and_(
        col(Promotion.id) == col(Coupon.promotion_id),
        col(Promotion.trigger) == PromotionTrigger.COUPON,
        col(Promotion.active),
        col(Promotion.archived_at).is_(None),
    )
    return (
        select(
            *COLUMNS,
            _bought(),
            col(Coupon.code).label("coupon_code"),
            col(Coupon.used).label("coupon_used"),
            col(Coupon.usage_limit).label("coupon_limit"),
            col(Coupon.expires_at).label("coupon_expires_at"),
        )
        .join(Coupon, joined)
        .where(col(Coupon.active), col(Coupon.code_key) == any_(code_keys))
    )


def _bought() -> Any:
    used = (
        select(col(PromotionBuyer.used))
        .where(
            col(PromotionBuyer.promotion_id) == col(Promotion.id),
            col(PromotionBuyer.buyer_sha256) == bindparam("buyer", type_=LargeBinary()),
        )
        .correlate(Promotion)
        .scalar_subquery()
    )
    return func.coalesce(used, 0).label("bought")
