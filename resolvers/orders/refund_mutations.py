"""Giving money of orders back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.orders.kinds import RefundStatus
from commerce.orders.problems import RefundIncomplete
from commerce.orders.repository.refunds import RefundRow
from commerce.orders.rules.splitting import Share
from commerce.orders.service.giving_back import RefundWish
from resolvers.context import Info
from resolvers.mutations import at_most, stepped_mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import OrderLineUnitsInput, line_units
from resolvers.orders.money_mutations import call_key
from resolvers.orders.parts import Refund
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

MAX_PAYMENTS: Final = 20
INCOMPLETE: Final = RefundIncomplete(
    "Some of it was refused. Send it again with the same key to ask for that once more."
)


@strawberry.input(description="How much goes back by a payment.")
class RefundPaymentInput:
    payment_id: strawberry.ID = strawberry.field(description="The payment, of the same order.")
    amount: Decimal = strawberry.field(description="How much of the refund.")


@strawberry.input(
    description="Money of an order to give back: for units of lines, for shipping, for surcharges,"
    " or an `amount`. Without any of the others, an amount is spread over all that is left."
)
class RefundCreateInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    lines: list[OrderLineUnitsInput] = strawberry.field(
        default_factory=list, description="For which units, at what was paid for them."
    )
    shipping: Decimal | None = strawberry.field(
        default=None, description="How much of shipping, taxes included."
    )
    surcharge: Decimal | None = strawberry.field(
        default=None, description="How much of all surcharges, taxes included."
    )
    amount: Decimal | None = strawberry.field(
        default=None, description="How much in all; less than the units come to keeps a fee."
    )
    payments: list[RefundPaymentInput] = strawberry.field(
        default_factory=list,
        description="By which payments; what they leave goes to the gift cards that paid. Absent:"
        " by those with the most left, the newest of equals first, and then to the gift cards."
        " Without anything else, their sum is the `amount`.",
    )
    reason: str = strawberry.field(default="", description="Why; the buyer may read it.")


@strawberry.type(description="The refund, or why nothing goes back.")
class RefundCreatePayload:
    refund: Refund | None = public("The refund; `PENDING` until the provider has answered.")
    user_errors: list[UserError] = public(
        "Why nothing goes back; or, beside a refund that is `PARTIALLY_SUCCEEDED`, not all of it:"
        " sent again with the same key, only what was refused is asked for once more."
    )

    @classmethod
    def of(cls, result: RefundRow | Problem) -> "RefundCreatePayload":
        if isinstance(result, Problem):
            return cls(refund=None, user_errors=[user_error(result)])
        partly = result.status is RefundStatus.PARTIALLY_SUCCEEDED
        return cls(refund=Refund.of(result), user_errors=[user_error(INCOMPLETE)] if partly else [])


@strawberry.type
class RefundMutations:
    @stepped_mutation(
        Scope.REFUND_PAYMENTS,
        needs_key=True,
        description="Give money back, by the payments it came by; what gift cards paid, to them."
        " Of an offline payment it notes that the money was given back.",
    )
    async def refund_create(self, info: Info, input: RefundCreateInput) -> RefundCreatePayload:
        key, lines = require_key(input.order_id, "Order", "order_id"), line_units(input.lines)
        if isinstance(key, Problem):
            return RefundCreatePayload.of(key)
        if isinstance(lines, Problem):
            return RefundCreatePayload.of(lines)
        shares = _shares(input.payments)
        if isinstance(shares, Problem):
            return RefundCreatePayload.of(shares)
        wish = RefundWish(
            key, lines, input.shipping, input.amount, input.reason, shares, input.surcharge
        )
        giving_back = info.context.services.giving_back
        return RefundCreatePayload.of(await giving_back.give_back(wish, call_key(info)))


def _shares(inputs: Sequence[RefundPaymentInput]) -> list[Share] | Problem:
    at_most(inputs, "payments", MAX_PAYMENTS)
    shares: list[Share] = []
    for place, each in enumerate(inputs):
        id_ = require_key(each.payment_id, "Payment", "payments", str(place), "payment_id")
        if isinstance(id_, Problem):
            return id_
        shares.append(Share(id_, each.amount))
    return shares
