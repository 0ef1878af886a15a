"""Adding, changing and archiving promotions."""

from dataclasses import replace
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.promotions.inputs import (
    PromotionCreateInput,
    PromotionUpdateInput,
    named,
    values_of,
)
from resolvers.promotions.types import Promotion

WRITE = Scope.WRITE_PROMOTIONS


@strawberry.type(description="The promotion as it is now, or why nothing was changed.")
class PromotionPayload:
    promotion: Promotion | None = public("The promotion; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "PromotionPayload":
        if isinstance(result, Problem):
            return cls(promotion=None, user_errors=[user_error(named(result))])
        return cls(promotion=Promotion.of(result), user_errors=[])


@strawberry.input(description="A promotion to archive: it and its coupons give nothing any more.")
class PromotionDeleteInput:
    id: strawberry.ID = strawberry.field(description="The promotion.")
    expected_version: int | None = strawberry.field(
        default=None, description="Archive nothing unless the stored version is this one."
    )


@strawberry.type(description="What was archived, or why nothing was.")
class PromotionDeletePayload:
    deleted_id: strawberry.ID | None = public("The promotion's id; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, id_: str, result: Any) -> "PromotionDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=strawberry.ID(id_), user_errors=[])


@strawberry.type
class PromotionMutations:
    @mutation(WRITE, description="Add a promotion, and its first coupon if it is given one.")
    async def promotion_create(self, info: Info, input: PromotionCreateInput) -> PromotionPayload:
        values = values_of(input)
        if isinstance(values, Problem):
            return PromotionPayload.of(values)
        services, coupon = info.context.services, input.coupon_values()
        added = await services.promotions.add(values)
        if coupon is None or isinstance(added, Problem):
            return PromotionPayload.of(added)
        code = await services.coupons.add(added.id, coupon)
        flaw = replace(code, path=("coupon", *code.path)) if isinstance(code, Problem) else None
        return PromotionPayload.of(flaw or added)

    @mutation(WRITE, description="Change the given parts of a promotion.")
    async def promotion_update(self, info: Info, input: PromotionUpdateInput) -> PromotionPayload:
        id_ = require_key(input.id, "Promotion", "id")
        values = values_of(input)
        if isinstance(id_, Problem):
            return PromotionPayload.of(id_)
        if isinstance(values, Problem):
            return PromotionPayload.of(values)
        promotions = info.context.services.promotions
        return PromotionPayload.of(await promotions.change(id_, values, input.expected_version))

    @mutation(WRITE, description="Archive a promotion for good; orders keep what it gave.")
    async def promotion_delete(
        self, info: Info, input: PromotionDeleteInput
    ) -> PromotionDeletePayload:
        id_ = require_key(input.id, "Promotion", "id")
        if isinstance(id_, Problem):
            return PromotionDeletePayload.of(input.id, id_)
        promotions = info.context.services.promotions
        return PromotionDeletePayload.of(
            input.id, await promotions.archive(id_, input.expected_version)
        )
