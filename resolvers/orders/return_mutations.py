"""What buyers send back."""

from typing import Any, Self

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.mutations import Transactional, mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import OrderLineUnitsInput, line_units
from resolvers.orders.parts import OrderReturn
from resolvers.orders.types import Order
from resolvers.permissions import owner, public
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_ORDERS


@strawberry.input(description="Units of an order that come back.")
class ReturnCreateInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    lines: list[OrderLineUnitsInput] = strawberry.field(
        default_factory=list, description="Which units; none means all that were sent."
    )
    reason: str = strawberry.field(default="", description="Why.")
    restock: bool = strawberry.field(
        default=True, description="Whether they are to go back on the shelf."
    )


@strawberry.input(description="A return to agree to.")
class ReturnApproveInput:
    id: strawberry.ID = strawberry.field(description="The return.")
    answer: str = strawberry.field(default="", description="What to tell the buyer.")


@strawberry.input(description="A return to refuse.")
class ReturnRefuseInput:
    id: strawberry.ID = strawberry.field(description="The return.")
    answer: str = strawberry.field(default="", description="What to tell the buyer.")


@strawberry.input(description="A return that is here.")
class ReturnReceiveInput:
    id: strawberry.ID = strawberry.field(description="The return.")
    restock: bool | None = strawberry.field(
        default=None, description="Whether it goes on the shelf; absent: as was said before."
    )
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="The location of the shelf; absent: where it came from."
    )


@strawberry.type(description="The return and its order as they are now.")
class ReturnPayload:
    order_return: OrderReturn | None = public("The return; null with errors.")
    order: Order | None = public("Its order; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed; empty when it was.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(order_return=None, order=None, user_errors=[user_error(result)])
        return cls(
            order_return=OrderReturn.of(result.order_return),
            order=Order.of(result.order),
            user_errors=[],
        )


@strawberry.type(description="The return and its order as they are now.")
class ReturnCreatePayload(ReturnPayload):
    pass


@strawberry.type(description="The return and its order as they are now.")
class ReturnApprovePayload(ReturnPayload):
    pass


@strawberry.type(description="The return and its order as they are now.")
class ReturnRefusePayload(ReturnPayload):
    pass


@strawberry.type(description="The return and its order as they are now.")
class ReturnReceivePayload(ReturnPayload):
    pass


@strawberry.type
class ReturnMutations:
    @owner(
        WRITE,
        description="Announce that units come back. The shop agrees to what buyers ask for with"
        " `returnApprove`.",
        extensions=[Transactional()],
    )
    async def return_create(self, info: Info, input: ReturnCreateInput) -> ReturnCreatePayload:
        id_, units = require_key(input.order_id, "Order", "order_id"), line_units(input.lines)
        if isinstance(id_, Problem) or isinstance(units, Problem):
            return ReturnCreatePayload.of(id_ if isinstance(id_, Problem) else units)
        returns = info.context.services.returns
        done = await returns.create(id_, units, input.reason, restock=input.restock)
        return ReturnCreatePayload.of(done)

    @mutation(WRITE, description="Agree to a return.")
    async def return_approve(self, info: Info, input: ReturnApproveInput) -> ReturnApprovePayload:
        id_ = require_key(input.id, "OrderReturn", "id")
        if isinstance(id_, Problem):
            return ReturnApprovePayload.of(id_)
        returns = info.context.services.returns
        return ReturnApprovePayload.of(await returns.decide(id_, input.answer, approved=True))

    @mutation(WRITE, description="Refuse a return.")
    async def return_refuse(self, info: Info, input: ReturnRefuseInput) -> ReturnRefusePayload:
        id_ = require_key(input.id, "OrderReturn", "id")
        if isinstance(id_, Problem):
            return ReturnRefusePayload.of(id_)
        returns = info.context.services.returns
        return ReturnRefusePayload.of(await returns.decide(id_, input.answer, approved=False))

    @mutation(WRITE, description="Write down that a return is here; it goes back in stock.")
    async def return_receive(self, info: Info, input: ReturnReceiveInput) -> ReturnReceivePayload:
        id_ = require_key(input.id, "OrderReturn", "id")
        location = input.location_id
        location_id = (
            None if location is None else require_key(location, "StockLocation", "location_id")
        )
        if isinstance(id_, Problem) or isinstance(location_id, Problem):
            return ReturnReceivePayload.of(id_ if isinstance(id_, Problem) else location_id)
        returns = info.context.services.returns
        done = await returns.receive(id_, restock=input.restock, location_id=location_id)
        return ReturnReceivePayload.of(done)
