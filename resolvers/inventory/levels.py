"""Stock levels: the type, the list and the mutation of what they are beside their stock."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import BadInputError, Problem
from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import LevelFilter, is_low
from resolvers.catalog import variants
from resolvers.catalog.lazy import LazyVariant
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.inventory.locations import StockLocation
from resolvers.inventory.slots import chosen, slot_of
from resolvers.mutations import mutation
from resolvers.nodes import Node, node_id
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error


@strawberry.type(description="The stock of one variant at one location.")
class StockLevel(Node):
    on_hand: int = public("How many units are there.")
    reserved: int = public("How many of them are promised to somebody: held and allocated.")
    held: int = public("How many of the reserved are held by carts, for a while.")
    allocated: int = public("How many of the reserved are promised to orders.")
    available: int = public("How many can be sold: on hand less reserved.")
    low_stock_threshold: int | None = public(
        "From how few available units on it is low; null is never."
    )
    low_stock: bool = public("Whether it is low.")
    updated_at: datetime = public("When it was last changed.")
    variant_id: strawberry.Private[int]
    location_id: strawberry.Private[int]

    @classmethod
    def of(cls, row: Any) -> "StockLevel":
        reserved = row.reserved + row.held
        available = row.on_hand - reserved
        return cls(
            id=node_id("StockLevel", row.id),
            database_id=row.id,
            on_hand=row.on_hand,
            reserved=reserved,
            held=row.held,
            allocated=row.reserved,
            available=available,
            low_stock_threshold=row.low_stock_threshold,
            low_stock=is_low(available, row.low_stock_threshold),
            updated_at=row.updated_at,
            variant_id=row.variant_id,
            location_id=row.location_id,
        )

    @public("What it is the stock of; null when that is archived or not for you to see.")
    async def variant(self, info: Info) -> LazyVariant | None:
        row = await info.context.loaders.catalog.variant_by_id.load(self.variant_id)
        return None if row is None else variants.ProductVariant.of(row)

    @public("Where it is.")
    async def location(self, info: Info) -> StockLocation:
        row = await info.context.loaders.inventory.location_by_id.load(self.location_id)
        return StockLocation.of(row)


@strawberry.input(description="Which stock levels; conditions hold together.")
class StockLevelWhere:
    variant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this variant."
    )
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="At this location."
    )
    low_stock: bool | None = strawberry.field(
        default=None, description="True: only those that are low; false: only the others."
    )


@strawberry.input(description="What is watched about one level.")
class StockLevelUpdateInput:
    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="The location; absent is the default one."
    )
    low_stock_threshold: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="From how few available units on it is low; null is never.",
    )


@strawberry.type(description="The level as it is now, or why nothing was changed.")
class StockLevelUpdatePayload:
    stock_level: StockLevel | None = public("The level; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "StockLevelUpdatePayload":
        if isinstance(result, Problem):
            return cls(stock_level=None, user_errors=[user_error(result)])
        return cls(stock_level=StockLevel.of(result), user_errors=[])


LevelWhere = Annotated[
    StockLevelWhere | None, strawberry.argument(description="Only these; all when absent.")
]


@strawberry.type
class StockLevelQueries:
    @requires(Scope.READ_STOCK, description="Stock levels, by variant and location.")
    async def stock_levels(
        self,
        info: Info,
        where: LevelWhere = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StockLevel]:
        wanted = _filter(where or StockLevelWhere())
        paging = Paging(info, list_scope("stock_levels", wanted), first, after, last, before)
        levels = info.context.services.levels
        page = await levels.page(wanted, paging.args)
        return paging.connection(page, StockLevel.of, lambda limit: levels.count(wanted, limit))


def _filter(where: StockLevelWhere) -> LevelFilter:
    return LevelFilter(
        chosen(where.variant_id, "ProductVariant"),
        chosen(where.location_id, "StockLocation"),
        where.low_stock,
    )


@strawberry.type
class StockLevelMutations:
    @mutation(Scope.WRITE_STOCK, description="Say when a level is low; makes the level if needed.")
    async def stock_level_update(
        self, info: Info, input: StockLevelUpdateInput
    ) -> StockLevelUpdatePayload:
        if input.low_stock_threshold is strawberry.UNSET:
            raise BadInputError("lowStockThreshold must be given; null is never.")
        slot = slot_of(input.variant_id, input.location_id)
        if isinstance(slot, Problem):
            return StockLevelUpdatePayload.of(slot)
        stock = info.context.services.stock
        return StockLevelUpdatePayload.of(
            await stock.set_threshold(*slot, input.low_stock_threshold)
        )
