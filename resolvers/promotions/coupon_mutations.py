"""Adding, changing and deleting coupons."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.promotions.coupons import Coupon

WRITE = Scope.WRITE_PROMOTIONS
UNSET: Any = strawberry.UNSET
NULLABLE = ("external_id", "usage_limit", "expires_at")


def _limit() -> Any:
    return strawberry.field(
        default=UNSET, description="How often each code can be used; null is without end."
    )


def _expiry() -> Any:
    return strawberry.field(
        default=UNSET, description="It unlocks until just before this time; null is for ever."
    )


def _active() -> Any:
    return strawberry.field(default=UNSET, description="False pauses it.")


@strawberry.input(description="A code for a promotion.")
class CouponCreateInput:
    promotion_id: strawberry.ID = strawberry.field(
        description="What it unlocks: a promotion with the trigger `COUPON`."
    )
    code: str = strawberry.field(description="What buyers type in, in any case; unique.")
    external_id: str | None = strawberry.field(
        default=UNSET, description="Its id in another system, unique."
    )
    usage_limit: int | None = _limit()
    expires_at: datetime | None = _expiry()
    active: bool | None = _active()


@strawberry.input(description="Changes to a coupon; what is absent stays.")
class CouponUpdateInput:
    id: strawberry.ID = strawberry.field(description="The coupon.")
    code: str | None = strawberry.field(default=UNSET, description="What buyers type in; unique.")
    external_id: str | None = strawberry.field(
        default=UNSET, description="Its id in another system; null forgets it."
    )
    usage_limit: int | None = _limit()
    expires_at: datetime | None = _expiry()
    active: bool | None = _active()
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="Many codes for a promotion, which nobody can guess.")
class CouponBulkCreateInput:
    promotion_id: strawberry.ID = strawberry.field(
        description="What they unlock: a promotion with the trigger `COUPON`."
    )
    count: int = strawberry.field(description="How many: 1 to 250.")
    prefix: str = strawberry.field(default="", description="What each code begins with.")
    reference: str = strawberry.field(
        description="Names this request: sent again, it answers the same coupons."
    )
    usage_limit: int | None = _limit()
    expires_at: datetime | None = _expiry()
    active: bool | None = _active()


@strawberry.input(description="A coupon to delete.")
class CouponDeleteInput:
    id: strawberry.ID = strawberry.field(description="The coupon.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="The coupon as it is now, or why nothing was changed.")
class CouponPayload:
    coupon: Coupon | None = public("The coupon; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CouponPayload":
        if isinstance(result, Problem):
            return cls(coupon=None, user_errors=[user_error(result)])
        return cls(coupon=Coupon.of(result), user_errors=[])


@strawberry.type(description="The coupons that were made, or why none was.")
class CouponBulkCreatePayload:
    coupons: list[Coupon] = public("The coupons; empty with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CouponBulkCreatePayload":
        if isinstance(result, Problem):
            return cls(coupons=[], user_errors=[user_error(result)])
        return cls(coupons=[Coupon.of(row) for row in result], user_errors=[])


@strawberry.type(description="What was deleted, or why nothing was.")
class CouponDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, result: Any) -> "CouponDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class CouponMutations:
    @mutation(WRITE, description="Add a code for a promotion.")
    async def coupon_create(self, info: Info, input: CouponCreateInput) -> CouponPayload:
        promotion = require_key(input.promotion_id, "Promotion", "promotion_id")
        if isinstance(promotion, Problem):
            return CouponPayload.of(promotion)
        values = given(input, "promotion_id", nullable=NULLABLE)
        return CouponPayload.of(await info.context.services.coupons.add(promotion, values))

    @mutation(WRITE, description="Make up to 250 codes that nobody can guess.")
    async def coupon_bulk_create(
        self, info: Info, input: CouponBulkCreateInput
    ) -> CouponBulkCreatePayload:
        promotion = require_key(input.promotion_id, "Promotion", "promotion_id")
        if isinstance(promotion, Problem):
            return CouponBulkCreatePayload.of(promotion)
        own = ("promotion_id", "count", "prefix", "reference")
        made = await info.context.services.coupons.add_many(
            promotion,
            input.count,
            input.prefix,
            given(input, *own, nullable=NULLABLE),
            input.reference,
        )
        return CouponBulkCreatePayload.of(made)

    @mutation(WRITE, description="Change the given parts of a coupon.")
    async def coupon_update(self, info: Info, input: CouponUpdateInput) -> CouponPayload:
        id_ = require_key(input.id, "Coupon", "id")
        if isinstance(id_, Problem):
            return CouponPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=NULLABLE)
        coupons = info.context.services.coupons
        return CouponPayload.of(await coupons.change(id_, values, input.expected_version))

    @mutation(WRITE, description="Delete a coupon; orders that used it keep its code.")
    async def coupon_delete(self, info: Info, input: CouponDeleteInput) -> CouponDeletePayload:
        id_ = require_key(input.id, "Coupon", "id")
        if isinstance(id_, Problem):
            return CouponDeletePayload.of(input.id, id_)
        coupons = info.context.services.coupons
        return CouponDeletePayload.of(input.id, await coupons.delete(id_, input.expected_version))
