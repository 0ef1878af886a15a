"""A promotion."""

from datetime import date, datetime, time
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from commerce.promotions.rules.spans import first_day, last_day
from commerce.promotions.rules.states import state_of
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.money import Money
from resolvers.nodes import Node, node_id
from resolvers.permissions import requires
from resolvers.promotions import coupons
from resolvers.promotions.conditions import PromotionConditions
from resolvers.promotions.kinds import DiscountOn, PromotionState, PromotionTrigger, Weekday
from resolvers.promotions.lazy import LazyCoupon
from resolvers.promotions.selections import GoodsSelection
from resolvers.promotions.values import PromotionValue, value_shown

READ = Scope.READ_PROMOTIONS


@strawberry.type(description="What is given, on what, to whom, when, and how often.")
class Promotion(Node):
    name: str = requires(READ, description="What buyers are told that they get.")
    description: str = requires(
        READ, description="What there is to be said of it, such as its conditions."
    )
    external_id: str | None = requires(READ, description="Its id in another system, unique.")
    trigger: PromotionTrigger = requires(READ, description="What makes it apply.")
    applies_to: DiscountOn = requires(READ, description="What becomes cheaper.")
    value: PromotionValue = requires(READ, description="What is given.")
    free_shipping: bool = requires(READ, description="Whether shipping is free besides.")
    target: GoodsSelection = requires(READ, description="The goods that become cheaper.")
    conditions: PromotionConditions = requires(READ, description="What must hold.")
    starts_at: datetime | None = requires(READ, description="It applies from this time on.")
    ends_at: datetime | None = requires(READ, description="It applies until just before this time.")
    weekdays: list[Weekday] = requires(
        READ, description="Only on these days of the shop; empty is always."
    )
    from_hour: str | None = requires(READ, description="Only from this hour of the shop on: 09:30.")
    to_hour: str | None = requires(
        READ, description="Only until just before this hour of the shop; may pass midnight."
    )
    priority: int = requires(READ, description="Of those that apply, the lowest comes first.")
    exclusive: bool = requires(READ, description="Whether it suffers no other beside it.")
    combinable: bool = requires(
        READ, description="Whether others may make the same cheaper; if not, the best counts."
    )
    max_discount: Money | None = requires(READ, description="It gives no more than this.")
    max_units: int | None = requires(READ, description="Of its goods only so many units.")
    min_units: int | None = requires(READ, description="Only from so many units of its goods on.")
    usage_limit: int | None = requires(READ, description="How often it can be used in all.")
    per_customer_limit: int | None = requires(
        READ, description="How often each customer can use it, by e-mail address."
    )
    used: int = requires(READ, description="How often it was used, or is held by a checkout.")
    active: bool = requires(READ, description="False while it is paused.")
    archived_at: datetime | None = requires(READ, description="When it was archived, for good.")
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "Promotion":
        return cls(
            id=node_id("Promotion", row.id),
            database_id=row.id,
            name=row.name,
            description=row.description,
            external_id=row.external_id,
            trigger=row.trigger,
            applies_to=row.applies_to,
            value=value_shown(row.value, row.currency),
            free_shipping=row.free_shipping,
            target=GoodsSelection.of(row.target),
            conditions=PromotionConditions.of(row.conditions, row.currency),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            weekdays=[Weekday(day + 1) for day in row.weekdays],
            from_hour=_shown(row.from_hour),
            to_hour=_shown(row.to_hour),
            priority=row.priority,
            exclusive=row.exclusive,
            combinable=row.combinable,
            max_discount=Money.maybe(row.most_off, row.currency or ""),
            max_units=row.most_units,
            min_units=row.least_units,
            usage_limit=row.usage_limit,
            per_customer_limit=row.per_customer_limit,
            used=row.used,
            active=row.active,
            archived_at=row.archived_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @requires(READ, description="Whether it gives anything right now.")
    def state(self, info: Info) -> PromotionState:
        return state_of(self, info.context.services.clock())

    @requires(READ, description="The day of the shop on which it starts.")
    async def first_day(self, info: Info) -> date | None:
        return first_day(self.starts_at, await info.context.services.store.zone())

    @requires(READ, description="The last day of the shop on which it applies.")
    async def last_day(self, info: Info) -> date | None:
        return last_day(self.ends_at, await info.context.services.store.zone())

    @requires(READ, description="Its coupons, in the order of adding.")
    async def coupons(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyCoupon]:
        loaders, id_ = info.context.loaders.promotions, self.database_id
        paging = Paging(info, "promotion.coupons", first, after, last, before)
        page = await loaders.coupon_pages.load((id_, paging.args))
        return paging.connection(
            page, coupons.Coupon.of, lambda limit: loaders.coupon_counts.load((id_, limit))
        )


def _shown(hour: time | None) -> str | None:
    return None if hour is None else hour.strftime("%H:%M")
