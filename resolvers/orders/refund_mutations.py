"""Giving money of orders back."""

from decimal import Decimal

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.orders.repository.refunds import RefundRow
from commerce.orders.service.giving_back import RefundWish
from resolvers.context import Info
from resolvers.mutations import stepped_mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import OrderLineUnitsInput, line_units
from resolvers.orders.money_mutations import call_key
from resolvers.orders.parts import Refund
from resolvers.permissions import public
from resolvers.problems import UserError, user_error


@strawberry.input(
    description="Money of an order to give back: for units of lines, for shipping, or an `amount`."
    " Without lines and shipping, an amount is spread over all that is left."
)
class RefundCreateInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    lines: list[OrderLineUnitsInput] = strawberry.field(
        default_factory=list, description="For which units, at what was paid for them."
    )
    shipping: Decimal | None = strawberry.field(
        default=None, description="How much of shipping, taxes included."
    )
    amount: Decimal | None = strawberry.field(
        default=None, description="How much in all; less than the units come to keeps a fee."
    )
    reason: str = strawberry.field(default="", description="Why; the buyer may read it.")


@strawberry.type(description="The refund, or why nothing goes back.")
class RefundCreatePayload:
    refund: Refund | None = public("The refund; `PENDING` until the provider has answered.")
    user_errors: list[UserError] = public("Why nothing goes back.")

    @classmethod
    def of(cls, result: RefundRow | Problem) -> "RefundCreatePayload":
        if isinstance(result, Problem):
            return cls(refund=None, user_errors=[user_error(result)])
        return cls(refund=Refund.of(result), user_errors=[])


@strawberry.type
class RefundMutations:
    @stepped_mutation(
        Scope.REFUND_PAYMENTS,
        needs_key=True,
        description="Give money back, by the payment it came by; what gift cards paid, to them."
        " Of an offline payment it notes that the money was given back.",
    )
    async def refund_create(self, info: Info, input: RefundCreateInput) -> RefundCreatePayload:
        key, lines = require_key(input.order_id, "Order", "order_id"), line_units(input.lines)
        if isinstance(key, Problem):
            return RefundCreatePayload.of(key)
        if isinstance(lines, Problem):
            return RefundCreatePayload.of(lines)
        wish = RefundWish(key, lines, input.shipping, input.amount, input.reason)
        giving_back = info.context.services.giving_back
        return RefundCreatePayload.of(await giving_back.give_back(wish, call_key(info)))
