"""A coupon."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.permissions import requires
from resolvers.promotions import types
from resolvers.promotions.lazy import LazyPromotion

READ = Scope.READ_PROMOTIONS


@strawberry.type(description="What was sold with a coupon, in one currency.")
class CouponSales:
    orders: int = requires(READ, description="How many orders used it, those canceled left out.")
    total: Money = requires(READ, description="What they come to.")
    discount: Money = requires(READ, description="What it took off them, before rounding.")

    @classmethod
    def of(cls, row: Any) -> "CouponSales":
        return cls(
            orders=row.orders,
            total=Money.of(row.total, row.currency),
            discount=Money.of(row.discount, row.currency),
        )


@strawberry.type(description="A code that unlocks a promotion.")
class Coupon(Node):
    promotion_key: strawberry.Private[int]
    code: str = requires(READ, description="What buyers type in, in any case; unique.")
    external_id: str | None = requires(READ, description="Its id in another system, unique.")
    usage_limit: int | None = requires(
        READ, description="How often this code can be used; the promotion's limit counts, too."
    )
    used: int = requires(READ, description="How often it was used, or is held by a checkout.")
    active: bool = requires(READ, description="False while it is paused.")
    expires_at: datetime | None = requires(
        READ, description="It unlocks until just before this time, if the promotion lasts so long."
    )
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "Coupon":
        return cls(
            id=node_id("Coupon", row.id),
            database_id=row.id,
            promotion_key=row.promotion_id,
            code=row.code,
            external_id=row.external_id,
            usage_limit=row.usage_limit,
            used=row.used,
            active=row.active,
            expires_at=row.expires_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @requires(
        READ,
        description="What was sold with it: one entry for each currency, the most orders first.",
        directives=[ListSize(assumed_size=1)],
    )
    async def sales(self, info: Info) -> list[CouponSales]:
        rows = await info.context.loaders.promotions.coupon_sales.load(self.database_id)
        return [CouponSales.of(row) for row in rows]

    @requires(READ, description="What it unlocks.")
    async def promotion(self, info: Info) -> LazyPromotion:
        row = await info.context.loaders.promotions.by_id.load(self.promotion_key)
        return types.Promotion.of(row)
