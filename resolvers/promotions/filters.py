"""The filters of promotions and coupons."""

from datetime import datetime

import strawberry

from commerce.promotions import criteria
from resolvers.filters import (
    DateTimeFilter,
    IDFilter,
    StringFilter,
    keys_wanted,
    optional,
    wanted_of,
)
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
    running: bool | None = optional("True: those that apply right now, weekdays aside.")
    starts_at: DateTimeFilter | None = optional("When they start.")
    ends_at: DateTimeFilter | None = optional("When they end.")
    created_at: DateTimeFilter | None = optional("When they were added.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")

    def wanted(self, now: datetime) -> criteria.PromotionWhere:
        return criteria.PromotionWhere(
            ids=keys_wanted(self.id, "Promotion"),
            name=wanted_of(self.name),
            external_id=wanted_of(self.external_id),
            trigger=self.trigger,
            applies_to=self.applies_to,
            active=self.active,
            archived=self.archived,
            running_at=self.running_at or (now if self.running else None),
            starts_at=wanted_of(self.starts_at),
            ends_at=wanted_of(self.ends_at),
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
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
            ids=keys_wanted(self.id, "Coupon"),
            promotion_ids=None
            if self.promotion_id is None
            else self.promotion_id.keys("Promotion"),
            code=wanted_of(self.code),
            external_id=wanted_of(self.external_id),
            applies_to=self.applies_to,
            active=self.active,
            used=self.used,
            usable_at=self.usable_at,
            expires_at=wanted_of(self.expires_at),
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
        )
