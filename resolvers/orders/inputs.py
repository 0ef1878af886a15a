"""What several mutations of orders take."""

from collections.abc import Sequence
from typing import Any, Self

import strawberry

from commerce.core.problems import Problem
from commerce.orders.rules.units import LineUnits
from resolvers.mutations import at_most
from resolvers.nodes import require_key
from resolvers.orders.types import Order
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

EXPECTED = "Change nothing unless the stored version is this one."


def part(description: str) -> Any:
    """A field that stays as it is when it is left out."""
    return strawberry.field(default=strawberry.UNSET, description=description)


def expected_version() -> Any:
    return strawberry.field(default=None, description=EXPECTED)


@strawberry.input(description="Units of a line of an order.")
class OrderLineUnitsInput:
    order_line_id: strawberry.ID = strawberry.field(description="The line.")
    quantity: int = strawberry.field(description="How many units, 1 or more.")


def line_units(lines: Sequence[OrderLineUnitsInput]) -> list[LineUnits] | Problem:
    at_most(lines, "lines")
    units: list[LineUnits] = []
    for place, line in enumerate(lines):
        id_ = require_key(line.order_line_id, "OrderLine", "lines", str(place), "order_line_id")
        if isinstance(id_, Problem):
            return id_
        units.append(LineUnits(id_, line.quantity))
    return units


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderPayload:
    order: Order | None = public("The order; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed; empty when it was.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(order=None, user_errors=[user_error(result)])
        return cls(order=Order.of(result), user_errors=[])
