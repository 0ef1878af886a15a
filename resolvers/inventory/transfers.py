"""The mutation that moves stock between locations."""

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import Note
from commerce.inventory.rules.transfers import StockTransfer
from resolvers.context import Info
from resolvers.inventory.adjustments import StockAdjustPayload
from resolvers.mutations import at_most, mutation
from resolvers.nodes import require_key


@strawberry.input(description="Units of one variant that are moved.")
class StockTransferItemInput:
    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    quantity: int = strawberry.field(description="How many units; they must be available.")


@strawberry.input(description="Stock that goes from one location to another: all of it, or none.")
class StockTransferInput:
    from_location_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where it is; absent is the default location."
    )
    to_location_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where it goes; absent is the default location."
    )
    items: list[StockTransferItemInput] = strawberry.field(
        description="At most 250, each of another variant."
    )
    reason: str = strawberry.field(default="", description="Why; kept in the ledger.")
    reference: str = strawberry.field(
        default="",
        description="What the transfer belongs to. The same transfer under the same reference is "
        "done once, however often it is sent.",
    )


@strawberry.type(description="What was moved, or why nothing was.")
class StockTransferPayload(StockAdjustPayload):
    pass


@strawberry.type
class StockTransferMutations:
    @mutation(
        Scope.WRITE_STOCK,
        description="Move stock from one location to another.",
        needs_key=True,
        own_key="reference",
    )
    async def stock_transfer(self, info: Info, input: StockTransferInput) -> StockTransferPayload:
        at_most(input.items, "items")
        transfer = _transfer(input)
        if isinstance(transfer, Problem):
            return StockTransferPayload.of(transfer)
        note = Note(input.reason, input.reference, info.context.viewer.name)
        return StockTransferPayload.of(await info.context.services.stock.transfer(transfer, note))


def _transfer(input: StockTransferInput) -> StockTransfer | Problem:
    origin = _location(input.from_location_id, "from_location_id")
    if isinstance(origin, Problem):
        return origin
    target = _location(input.to_location_id, "to_location_id")
    if isinstance(target, Problem):
        return target
    items = _items(input.items)
    return items if isinstance(items, Problem) else StockTransfer(origin, target, items)


def _items(inputs: list[StockTransferItemInput]) -> list[tuple[int, int]] | Problem:
    items: list[tuple[int, int]] = []
    for place, item in enumerate(inputs):
        path = ("items", str(place), "variant_id")
        variant = require_key(item.variant_id, "ProductVariant", *path)
        if isinstance(variant, Problem):
            return variant
        items.append((variant, item.quantity))
    return items


def _location(given: str | None, field: str) -> int | Problem | None:
    return None if given is None else require_key(given, "StockLocation", field)
