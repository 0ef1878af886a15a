"""The mutation that changes stock."""

from typing import Any, Self

import strawberry

from commerce.core.problems import BadInputError, Problem
from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import Note, StockChange
from resolvers.context import Info
from resolvers.inventory.levels import StockLevel
from resolvers.inventory.movements import StockMovement
from resolvers.inventory.slots import slot_of
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

UNSET: Any = strawberry.UNSET


@strawberry.input(one_of=True, description="By how much stock changes, or to how much.")
class StockQuantityInput:
    delta: int | None = strawberry.field(
        default=UNSET, description="So many units more; negative: fewer, if they are available."
    )
    set_to: int | None = strawberry.field(
        default=UNSET, description="So many units were counted; may be fewer than are reserved."
    )


@strawberry.input(description="A change of one level.")
class StockChangeInput:
    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="The location; absent is the default one."
    )
    change: StockQuantityInput = strawberry.field(description="By how much, or to how much.")
    change_from_quantity: int | None = strawberry.field(
        default=None, description="Change nothing unless this many units are on hand."
    )


@strawberry.input(description="Changes of stock: all of them, or none.")
class StockAdjustInput:
    changes: list[StockChangeInput] = strawberry.field(
        description="At most 250, each of another level."
    )
    reason: str = strawberry.field(default="", description="Why; kept in the ledger.")
    reference: str = strawberry.field(
        default="",
        description="What the changes belong to, such as a delivery note. The same changes under "
        "the same reference are done once, however often they are sent.",
    )


@strawberry.type(description="What was done, or why nothing was.")
class StockAdjustPayload:
    stock_levels: list[StockLevel] = public("The levels as they are now, in the order given.")
    movements: list[StockMovement] = public(
        "What was written into the ledger; a repeated request shows what the first one wrote."
    )
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(stock_levels=[], movements=[], user_errors=[user_error(result)])
        return cls(
            stock_levels=[StockLevel.of(row) for row in result.levels],
            movements=[StockMovement.of(row) for row in result.movements],
            user_errors=[],
        )


@strawberry.type
class StockAdjustMutations:
    @mutation(
        Scope.WRITE_STOCK,
        description="Add, take or count stock, on many levels at once.",
        needs_key=True,
        own_key="reference",
    )
    async def stock_adjust(self, info: Info, input: StockAdjustInput) -> StockAdjustPayload:
        at_most(input.changes, "changes")
        changes = _changes(input.changes)
        if isinstance(changes, Problem):
            return StockAdjustPayload.of(changes)
        note = Note(input.reason, input.reference, info.context.viewer.name)
        return StockAdjustPayload.of(await info.context.services.stock.adjust(changes, note))


def _changes(inputs: list[StockChangeInput]) -> list[StockChange] | Problem:
    changes: list[StockChange] = []
    for place, given in enumerate(inputs):
        slot = slot_of(given.variant_id, given.location_id, "changes", str(place))
        if isinstance(slot, Problem):
            return slot
        delta, set_to = _or_none(given.change.delta), _or_none(given.change.set_to)
        if (delta is None) == (set_to is None):
            raise BadInputError("A change is either a delta or a count.")
        changes.append(StockChange(*slot, delta, set_to, given.change_from_quantity))
    return changes


def _or_none(value: int | None) -> int | None:
    return None if value is UNSET else value
