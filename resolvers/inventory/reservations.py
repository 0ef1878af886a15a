"""What carts hold, for those who look after the stock."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import ReservationFilter
from resolvers.catalog import variants
from resolvers.catalog.lazy import LazyVariant
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.inventory.locations import StockLocation
from resolvers.inventory.slots import chosen
from resolvers.nodes import node_id
from resolvers.permissions import public, requires


@strawberry.type(description="Units that a cart holds for a while.")
class StockReservation:
    cart_id: strawberry.ID = public("The cart.")
    quantity: int = public("How many units.")
    backordered: bool = public("Whether they are not there yet: they are bought beyond the stock.")
    expires_at: datetime = public("When they are free again, unless they are bought.")
    variant_id: strawberry.Private[int]
    location_id: strawberry.Private[int | None]

    @classmethod
    def of(cls, row: Any) -> "StockReservation":
        return cls(
            cart_id=node_id("Cart", row.cart_id),
            quantity=row.quantity,
            backordered=row.location_id is None,
            expires_at=row.expires_at,
            variant_id=row.variant_id,
            location_id=row.location_id,
        )

    @public("What is held; null when that is archived or not for you to see.")
    async def variant(self, info: Info) -> LazyVariant | None:
        row = await info.context.loaders.catalog.variant_by_id.load(self.variant_id)
        return None if row is None else variants.ProductVariant.of(row)

    @public("Where it is; null while backordered.")
    async def location(self, info: Info) -> StockLocation | None:
        if self.location_id is None:
            return None
        row = await info.context.loaders.inventory.location_by_id.load(self.location_id)
        return StockLocation.of(row)


@strawberry.input(description="Which reservations; conditions hold together.")
class StockReservationWhere:
    variant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this variant."
    )
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="At this location."
    )


ReservationWhere = Annotated[
    StockReservationWhere | None, strawberry.argument(description="Only these; all when absent.")
]


@strawberry.type
class StockReservationQueries:
    @requires(
        Scope.READ_STOCK, description="What carts hold just now; what is free soonest comes first."
    )
    async def stock_reservations(
        self,
        info: Info,
        where: ReservationWhere = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StockReservation]:
        wanted = _filter(where or StockReservationWhere())
        paging = Paging(info, list_scope("stock_reservations", wanted), first, after, last, before)
        reservations = info.context.services.reservations
        page = await reservations.page(wanted, paging.args)
        return paging.connection(
            page, StockReservation.of, lambda limit: reservations.count(wanted, limit)
        )


def _filter(where: StockReservationWhere) -> ReservationFilter:
    return ReservationFilter(
        chosen(where.variant_id, "ProductVariant"), chosen(where.location_id, "StockLocation")
    )
