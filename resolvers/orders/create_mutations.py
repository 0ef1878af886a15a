"""Orders that programs place for somebody, at once."""

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.mutations import mutation
from resolvers.orders.draft_mutations import OrderDraftCreateInput, wanted_order
from resolvers.orders.inputs import OrderPayload, part


@strawberry.input(description="An order to place for somebody.")
class OrderCreateInput(OrderDraftCreateInput):
    shipping_method: str | None = part("The `code` of a way of shipping, in place of its id.")
    payment_method: str | None = part(
        "The `code` of the payment method it is paid with. What an offline one has to bring is"
        " written down; others are asked by `orderPay`."
    )


@strawberry.type(description="The order as it is placed, or why there is none.")
class OrderCreatePayload(OrderPayload):
    pass


@strawberry.type
class OrderCreateMutations:
    @mutation(
        Scope.WRITE_ORDERS,
        description="Place an order for somebody: a draft, completed in the same step. Its coupons"
        " are counted, its goods are promised, its buyer is told; or nothing of it is done.",
    )
    async def order_create(self, info: Info, input: OrderCreateInput) -> OrderCreatePayload:
        wanted = wanted_order(input, "shipping_method", "payment_method")
        if isinstance(wanted, Problem):
            return OrderCreatePayload.of(wanted)
        shipping, payment = input.shipping_method or None, input.payment_method or None
        creating = info.context.services.order_creating
        return OrderCreatePayload.of(await creating.create(*wanted, shipping, payment))
