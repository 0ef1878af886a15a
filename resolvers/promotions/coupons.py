"""A coupon."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.nodes import Node, node_id
from resolvers.permissions import requires
from resolvers.promotions import types
from resolvers.promotions.lazy import LazyPromotion

READ = Scope.READ_PROMOTIONS


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

    @requires(READ, description="What it unlocks.")
    async def promotion(self, info: Info) -> LazyPromotion:
        row = await info.context.loaders.promotions.by_id.load(self.promotion_key)
        return types.Promotion.of(row)
