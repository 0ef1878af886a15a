"""The filters of promotions and coupons."""

from datetime import datetime

import strawberry

from commerce.promotions import criteria
from resolvers.filters import DateTimeFilter, IDFilter, StringFilter, optional
from resolvers.promotions.kinds import DiscountOn, PromotionTrigger


@strawberry.input(description="Which promotions; every given part must hold.")
class PromotionWhere:
    id: IDFilter | None = optional("Their id.")
    name: StringFilter | None = optional("Their name.")
    external_id: StringFilter | None = optional("Their id in another system.")
    trigger: PromotionTrigger | None = optional("What makes them apply.")
    applies_to: DiscountOn | None = optional("What becomes cheaper.")
    active: bool | None = optional("False: those that are paused.")
    archived: bool | None = optional("Whether they were archived.")
    running_at: datetime | None = optional("Those that apply at this time, weekdays aside.")
    starts_at: DateTimeFilter | None = optional("When they start.")
    ends_at: DateTimeFilter | None = optional("When they end.")
    created_at: DateTimeFilter | None = optional("When they were added.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")

    def wanted(self) -> criteria.PromotionWhere:
        return criteria.PromotionWhere(
            ids=None if self.id is None else self.id.keys("Promotion"),
            name=None if self.name is None else self.name.wanted(),
            external_id=None if self.external_id is None else self.external_id.wanted(),
            trigger=self.trigger,
            applies_to=self.applies_to,
            active=self.active,
            archived=self.archived,
            running_at=self.running_at,
            starts_at=None if self.starts_at is None else self.starts_at.wanted(),
            ends_at=None if self.ends_at is None else self.ends_at.wanted(),
            created_at=None if self.created_at is None else self.created_at.wanted(),
            updated_at=None if self.updated_at is None else self.updated_at.wanted(),
        )


@strawberry.input(description="Which coupons; every given part must hold.")
class CouponWhere:
    id: IDFilter | None = optional("Their id.")
    promotion_id: IDFilter | None = optional("What they unlock.")
    code: StringFilter | None = optional("Their code, whatever the case.")
    external_id: StringFilter | None = optional("Their id in another system.")
    applies_to: DiscountOn | None = optional("What becomes cheaper.")
    active: bool | None = optional("False: those that are paused.")
    used: bool | None = optional("Whether they were used at all.")
    usable_at: datetime | None = optional("Those that unlock something at this time.")
    expires_at: DateTimeFilter | None = optional("When they expire.")
    created_at: DateTimeFilter | None = optional("When they were added.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")

    def wanted(self) -> criteria.CouponWhere:
        return criteria.CouponWhere(
            ids=None if self.id is None else self.id.keys("Coupon"),
            promotion_ids=None
            if self.promotion_id is None
            else self.promotion_id.keys("Promotion"),
            code=None if self.code is None else self.code.wanted(),
            external_id=None if self.external_id is None else self.external_id.wanted(),
            applies_to=self.applies_to,
            active=self.active,
            used=self.used,
            usable_at=self.usable_at,
            expires_at=None if self.expires_at is None else self.expires_at.wanted(),
            created_at=None if self.created_at is None else self.created_at.wanted(),
            updated_at=None if self.updated_at is None else self.updated_at.wanted(),
        )
