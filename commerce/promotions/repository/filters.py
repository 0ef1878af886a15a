"""Filters of promotions and coupons as SQL conditions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, or_, select
from sqlmodel import col

from commerce.core.comparisons import range_is, text_is
from commerce.core.criteria import TextIs, given
from commerce.core.db import among
from commerce.pricing.rules.eligible import normalised
from commerce.promotions.criteria import CouponWhere, PromotionWhere
from commerce.promotions.models import Coupon, Promotion

Condition = ColumnElement[bool]


def promotions_where(where: PromotionWhere) -> list[Condition]:
    return [PROMOTIONS[name](value) for name, value in given(where).items()]


def coupons_where(where: CouponWhere) -> list[Condition]:
    return [COUPONS[name](value) for name, value in given(where).items()]


def _archived(wanted: bool) -> Condition:
    column = col(Promotion.archived_at)
    return column.is_not(None) if wanted else column.is_(None)


def _running(at: datetime) -> Condition:
    starts, ends = col(Promotion.starts_at), col(Promotion.ends_at)
    return and_(
        col(Promotion.active),
        _archived(False),
        or_(starts.is_(None), starts <= at),
        or_(ends.is_(None), ends > at),
    )


def _left(table: Any) -> Condition:
    limit = col(table.usage_limit)
    return or_(limit.is_(None), col(table.used) < limit)


def _usable(at: datetime) -> Condition:
    expires = col(Coupon.expires_at)
    running = select(col(Promotion.id)).where(_running(at), _left(Promotion))
    return and_(
        col(Coupon.active),
        or_(expires.is_(None), expires > at),
        _left(Coupon),
        col(Coupon.promotion_id).in_(running),
    )


def _code(wanted: TextIs) -> Condition:
    """Equal in any spelling, as when it is typed in."""
    if wanted.any_of is not None:
        return among(col(Coupon.code_key), [normalised(code) for code in wanted.any_of], Text())
    return text_is(col(Coupon.code), wanted)


PROMOTIONS: Mapping[str, Callable[[Any], Condition]] = {
    "ids": lambda ids: among(col(Promotion.id), ids),
    "name": lambda wanted: text_is(col(Promotion.name), wanted),
    "external_id": lambda wanted: text_is(col(Promotion.external_id), wanted),
    "trigger": lambda trigger: col(Promotion.trigger) == trigger,
    "applies_to": lambda place: col(Promotion.applies_to) == place,
    "active": lambda wanted: col(Promotion.active).is_(wanted),
    "archived": _archived,
    "running_at": _running,
    "starts_at": lambda bounds: range_is(col(Promotion.starts_at), bounds),
    "ends_at": lambda bounds: range_is(col(Promotion.ends_at), bounds),
    "created_at": lambda bounds: range_is(col(Promotion.created_at), bounds),
    "updated_at": lambda bounds: range_is(col(Promotion.updated_at), bounds),
}
COUPONS: Mapping[str, Callable[[Any], Condition]] = {
    "ids": lambda ids: among(col(Coupon.id), ids),
    "promotion_ids": lambda ids: among(col(Coupon.promotion_id), ids),
    "code": _code,
    "external_id": lambda wanted: text_is(col(Coupon.external_id), wanted),
    "applies_to": lambda place: col(Coupon.promotion_id).in_(
        select(col(Promotion.id)).where(col(Promotion.applies_to) == place)
    ),
    "active": lambda wanted: col(Coupon.active).is_(wanted),
    "used": lambda wanted: col(Coupon.used) > 0 if wanted else col(Coupon.used) == 0,
    "usable_at": _usable,
    "expires_at": lambda bounds: range_is(col(Coupon.expires_at), bounds),
    "created_at": lambda bounds: range_is(col(Coupon.created_at), bounds),
    "updated_at": lambda bounds: range_is(col(Coupon.updated_at), bounds),
}
