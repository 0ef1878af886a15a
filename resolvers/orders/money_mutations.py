"""Taking the money of orders, and letting it go."""

from decimal import Decimal
from secrets import token_hex
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.mutations import mutation, stepped_mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import OrderPayload
from resolvers.payments.types import Payment
from resolvers.permissions import public
from resolvers.problems import UserError, user_error


@strawberry.input(description="Money that is set aside, to be taken.")
class TransactionCaptureInput:
    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    amount: Decimal | None = strawberry.field(
        default=None, description="How much of it; absent, all that is left."
    )


@strawberry.input(description="Money that is set aside, to be let go.")
class TransactionVoidInput:
    payment_id: strawberry.ID = strawberry.field(description="The payment.")


@strawberry.type(description="The payment as it is now, or why nothing was moved.")
class TransactionPayload:
    payment: Payment | None = public("The payment; null with errors.")
    user_errors: list[UserError] = public("Why nothing was moved.")

    @classmethod
    def of(cls, result: Any) -> Any:
        if isinstance(result, Problem):
            return cls(payment=None, user_errors=[user_error(result)])
        return cls(payment=Payment.of(result), user_errors=[])


@strawberry.type(description="The payment as it is now, or why nothing was taken.")
class TransactionCapturePayload(TransactionPayload):
    pass


@strawberry.type(description="The payment as it is now, or why nothing was let go.")
class TransactionVoidPayload(TransactionPayload):
    pass


@strawberry.input(description="An order that was paid somewhere else.")
class OrderMarkPaidInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    payment_method: str | None = strawberry.field(
        default=None,
        description="The `code` of the offline payment method that the money came by, unless the"
        " order has an offline payment; absent, the first one on offer.",
    )
    reference: str = strawberry.field(default="", description="What the bank calls it.")


@strawberry.type(description="The order as it is now, or why nothing was noted.")
class OrderMarkPaidPayload(OrderPayload):
    pass


@strawberry.type
class MoneyMutations:
    @mutation(
        Scope.CAPTURE_PAYMENTS,
        description="Note that all that is left of an order has come, outside of any provider.",
    )
    async def order_mark_paid(self, info: Info, input: OrderMarkPaidInput) -> OrderMarkPaidPayload:
        id_ = require_key(input.order_id, "Order", "order_id")
        if isinstance(id_, Problem):
            return OrderMarkPaidPayload.of(id_)
        marking = info.context.services.order_marking
        done = await marking.mark(id_, input.payment_method, input.reference)
        return OrderMarkPaidPayload.of(done)

    @stepped_mutation(
        Scope.CAPTURE_PAYMENTS,
        needs_key=True,
        description="Take money that is set aside or, of an offline payment, note that it came.",
    )
    async def transaction_capture(
        self, info: Info, input: TransactionCaptureInput
    ) -> TransactionCapturePayload:
        key = require_key(input.payment_id, "Payment", "payment_id")
        if isinstance(key, Problem):
            return TransactionCapturePayload.of(key)
        money = info.context.services.order_money
        result = await money.capture(key, input.amount, call_key(info))
        return TransactionCapturePayload.of(result)

    @stepped_mutation(
        Scope.CAPTURE_PAYMENTS,
        needs_key=True,
        description="Let go of money that is set aside and not taken.",
    )
    async def transaction_void(
        self, info: Info, input: TransactionVoidInput
    ) -> TransactionVoidPayload:
        key = require_key(input.payment_id, "Payment", "payment_id")
        if isinstance(key, Problem):
            return TransactionVoidPayload.of(key)
        money = info.context.services.order_money
        return TransactionVoidPayload.of(await money.void(key, call_key(info)))


def call_key(info: Info) -> str:
    """The key of the call or, of one without, one that no other call has."""
    return info.context.services.call.key or token_hex(16)
