"""Changing what was bought."""

from collections.abc import Sequence
from decimal import Decimal

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.orders.rules.editing import LineEdit
from commerce.orders.rules.texts import extra_values
from resolvers.context import Info
from resolvers.mutations import at_most, mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import EXPECTED, OrderPayload, part
from resolvers.orders.surcharges import OrderSurchargeInput, surcharge_terms
from resolvers.scalars import JSON

WRITE = Scope.WRITE_ORDERS


@strawberry.input(description="A line of an order to change, or units of a variant to add.")
class OrderLineEditInput:
    order_line_id: strawberry.ID | None = strawberry.field(
        default=None, description="The line to change."
    )
    variant_id: strawberry.ID | None = strawberry.field(
        default=None, description="The variant to add, at today's price."
    )
    quantity: int = strawberry.field(description="How many units; 0 removes the line.")
    unit_price: Decimal | None = strawberry.field(
        default=None, description="A price set by hand; absent, lines keep theirs."
    )
    extra_fields: JSON | None = strawberry.field(
        default=None, description="What the buyer wishes of an added line: an object of texts."
    )


@strawberry.input(description="Lines of an order to change; lines that are not named stay.")
class OrderEditInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    lines: list[OrderLineEditInput] = strawberry.field(
        default_factory=list, description="What to change."
    )
    surcharges: list[OrderSurchargeInput] | None = part(
        "What is charged beside goods and shipping, all of it: those the order has as they are"
        " stay as they were taxed."
    )
    expected_version: int = strawberry.field(description=EXPECTED)


@strawberry.type(description="The order as it is now: `cost.balance` is to be paid or goes back.")
class OrderEditPayload(OrderPayload):
    pass


@strawberry.type
class OrderEditMutations:
    @mutation(
        WRITE,
        description="Change what was bought. Lines keep the price they were bought at, what is"
        " added has today's; totals, stock and gift cards follow, all at once or not at all.",
    )
    async def order_edit(self, info: Info, input: OrderEditInput) -> OrderEditPayload:
        id_, lines = require_key(input.order_id, "Order", "order_id"), line_edits(input.lines)
        if isinstance(id_, Problem) or isinstance(lines, Problem):
            return OrderEditPayload.of(id_ if isinstance(id_, Problem) else lines)
        terms = surcharge_terms(input.surcharges)
        if isinstance(terms, Problem):
            return OrderEditPayload.of(terms)
        editing = info.context.services.order_editing
        return OrderEditPayload.of(await editing.edit(id_, lines, input.expected_version, terms))


def line_edits(lines: Sequence[OrderLineEditInput]) -> list[LineEdit] | Problem:
    at_most(lines, "lines")
    edits: list[LineEdit] = []
    for place, line in enumerate(lines):
        edit = _edit(line, "lines", str(place))
        if isinstance(edit, Problem):
            return edit
        edits.append(edit)
    return edits


def _edit(line: OrderLineEditInput, *path: str) -> LineEdit | Problem:
    named, added = line.order_line_id, line.variant_id
    line_id = None if named is None else require_key(named, "OrderLine", *path, "order_line_id")
    variant_id = (
        None if added is None else require_key(added, "ProductVariant", *path, "variant_id")
    )
    extra = extra_values({} if line.extra_fields is None else line.extra_fields, *path)
    for found in (line_id, variant_id, extra):
        if isinstance(found, Problem):
            return found
    return LineEdit(line.quantity, line_id, variant_id, line.unit_price, extra)  # type: ignore[arg-type]  # no problems
