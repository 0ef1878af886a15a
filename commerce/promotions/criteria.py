"""What lists of promotions and coupons are asked for, as plain values.

None means that nothing is asked. The values print themselves in full: cursors are bound to a list
by them.
"""

from dataclasses import dataclass
from datetime import datetime

from commerce.core.criteria import Ids, TextIs, Times
from commerce.promotions.kinds import DiscountOn, PromotionTrigger


@dataclass(frozen=True, slots=True)
class PromotionWhere:
    """`running_at` finds those whose time that is and that are neither paused nor archived."""

    ids: Ids | None = None
    name: TextIs | None = None
    external_id: TextIs | None = None
    trigger: PromotionTrigger | None = None
    applies_to: DiscountOn | None = None
    active: bool | None = None
    archived: bool | None = None
    running_at: datetime | None = None
    starts_at: Times | None = None
    ends_at: Times | None = None
    created_at: Times | None = None
    updated_at: Times | None = None


@dataclass(frozen=True, slots=True)
class CouponWhere:
    """`usable_at` finds those that unlock something at that time, as far as limits of their own
    and of the promotion go.
    """

    ids: Ids | None = None
    promotion_ids: Ids | None = None
    code: TextIs | None = None
    external_id: TextIs | None = None
    applies_to: DiscountOn | None = None
    active: bool | None = None
    used: bool | None = None
    usable_at: datetime | None = None
    expires_at: Times | None = None
    created_at: Times | None = None
    updated_at: Times | None = None
