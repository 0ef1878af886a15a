"""Promotions and coupons: one, or a list of them."""

from typing import Annotated

import strawberry

from commerce.core.problems import BadInputError
from commerce.core.viewer import Scope
from commerce.promotions import criteria
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.nodes import key_of
from resolvers.permissions import requires
from resolvers.promotions.coupons import Coupon
from resolvers.promotions.filters import CouponWhere, PromotionWhere
from resolvers.promotions.types import Promotion

READ = Scope.READ_PROMOTIONS
Id = Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")]
ExternalId = Annotated[str | None, strawberry.argument(description="Its id in another system.")]


@strawberry.type
class PromotionQueries:
    @requires(READ, description="A promotion by exactly one of these; null when there is none.")
    async def promotion(
        self, info: Info, id: Id = None, external_id: ExternalId = None
    ) -> Promotion | None:
        if (id is None) == (external_id is None):
            raise BadInputError("Give exactly one of id and externalId.")
        if external_id is not None:
            row = await info.context.services.promotions.by_external_id(external_id)
        else:
            key = key_of(id, "Promotion")
            row = None if key is None else await info.context.loaders.promotions.by_id.load(key)
        return None if row is None else Promotion.of(row)

    @requires(READ, description="Promotions, the newest first, archived ones among them.")
    async def promotions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            PromotionWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
    ) -> Connection[Promotion]:
        now = info.context.services.clock()
        wanted = criteria.PromotionWhere() if where is None else where.wanted(now)
        paging = Paging(info, list_scope("promotions", wanted), first, after, last, before)
        promotions = info.context.services.promotions
        page = await promotions.page(wanted, paging.args)
        return paging.connection(page, Promotion.of, lambda limit: promotions.count(wanted, limit))


@strawberry.type
class CouponQueries:
    @requires(READ, description="A coupon by exactly one of these; null when there is none.")
    async def coupon(
        self,
        info: Info,
        id: Id = None,
        code: Annotated[
            str | None, strawberry.argument(description="Its code, whatever the case.")
        ] = None,
        external_id: ExternalId = None,
    ) -> Coupon | None:
        if sum(value is not None for value in (id, code, external_id)) != 1:
            raise BadInputError("Give exactly one of id, code and externalId.")
        coupons, key = info.context.services.coupons, key_of(id, "Coupon")
        if code is not None:
            row = await coupons.by_code(code)
        elif external_id is not None:
            row = await coupons.by_external_id(external_id)
        else:
            loader = info.context.loaders.promotions.coupon_by_id
            row = None if key is None else await loader.load(key)
        return None if row is None else Coupon.of(row)

    @requires(READ, description="Coupons, the newest first.")
    async def coupons(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            CouponWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
    ) -> Connection[Coupon]:
        wanted = criteria.CouponWhere() if where is None else where.wanted()
        paging = Paging(info, list_scope("coupons", wanted), first, after, last, before)
        coupons = info.context.services.coupons
        page = await coupons.page(wanted, paging.args)
        return paging.connection(page, Coupon.of, lambda limit: coupons.count(wanted, limit))
