"""The ledger of stock."""

from datetime import datetime
from typing import Annotated

import strawberry

from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import MovementFilter
from resolvers.catalog import variants
from resolvers.catalog.lazy import LazyVariant
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.inventory.kinds import MovementKind
from resolvers.inventory.locations import StockLocation
from resolvers.inventory.slots import chosen
from resolvers.nodes import Node
from resolvers.permissions import public, requires
from resolvers.rows import FromRow


@strawberry.type(description="One change of one level; movements are never changed or deleted.")
class StockMovement(FromRow, Node):
    delta: int = public("How many units came; negative ones went.")
    kind: MovementKind = public("Why stock moved.")
    reason: str = public("Why, in the words of who did it.")
    reference: str = public("What the movement belongs to, such as a delivery note.")
    actor: str = public("Who did it.")
    created_at: datetime = public("When it was done.")
    variant_id: strawberry.Private[int]
    location_id: strawberry.Private[int]

    @public("What moved; null when that is archived or not for you to see.")
    async def variant(self, info: Info) -> LazyVariant | None:
        row = await info.context.loaders.catalog.variant_by_id.load(self.variant_id)
        return None if row is None else variants.ProductVariant.of(row)

    @public("Where it moved.")
    async def location(self, info: Info) -> StockLocation:
        row = await info.context.loaders.inventory.location_by_id.load(self.location_id)
        return StockLocation.of(row)


@strawberry.input(description="Which movements; conditions hold together.")
class StockMovementWhere:
    variant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this variant."
    )
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="At this location."
    )
    reference: str | None = strawberry.field(
        default=None, description="Under this reference: the number of an order, for one."
    )


MovementWhere = Annotated[
    StockMovementWhere | None, strawberry.argument(description="Only these; all when absent.")
]


@strawberry.type
class StockMovementQueries:
    @requires(Scope.READ_STOCK, description="The ledger of stock, the newest movement first.")
    async def stock_movements(
        self,
        info: Info,
        where: MovementWhere = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StockMovement]:
        wanted = _filter(where or StockMovementWhere())
        paging = Paging(info, list_scope("stock_movements", wanted), first, after, last, before)
        levels = info.context.services.levels
        page = await levels.movements(wanted, paging.args)
        return paging.connection(
            page, StockMovement.of, lambda limit: levels.count_movements(wanted, limit)
        )


def _filter(where: StockMovementWhere) -> MovementFilter:
    return MovementFilter(
        chosen(where.variant_id, "ProductVariant"),
        chosen(where.location_id, "StockLocation"),
        where.reference or None,
    )
