"""Sending orders."""

from typing import Any, Self

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import OrderLineUnitsInput, expected_version, line_units, part
from resolvers.orders.parts import Fulfillment
from resolvers.orders.types import Order
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_ORDERS


@strawberry.input(description="Units of an order that are sent together.")
class FulfillmentCreateInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    lines: list[OrderLineUnitsInput] = strawberry.field(
        default_factory=list, description="Which units; none means all that are left."
    )
    carrier: str = strawberry.field(default="", description="Who carries them.")
    tracking_number: str = strawberry.field(default="", description="The carrier's number.")
    tracking_url: str = strawberry.field(default="", description="Where to follow the parcel.")
    notify: bool = strawberry.field(default=True, description="Whether to write to the buyer.")
    expected_version: int | None = expected_version()


@strawberry.input(description="What to write on a parcel; what is left out stays.")
class FulfillmentUpdateInput:
    id: strawberry.ID = strawberry.field(description="The parcel.")
    carrier: str | None = part("Who carries it.")
    tracking_number: str | None = part("The carrier's number.")
    tracking_url: str | None = part("Where to follow it.")
    expected_version: int | None = expected_version()


@strawberry.input(description="A parcel that has arrived.")
class FulfillmentDeliverInput:
    id: strawberry.ID = strawberry.field(description="The parcel.")


@strawberry.input(description="A parcel that never left.")
class FulfillmentCancelInput:
    id: strawberry.ID = strawberry.field(description="The parcel.")


@strawberry.type(description="The parcel and its order as they are now.")
class FulfillmentPayload:
    fulfillment: Fulfillment | None = public("The parcel; null with errors.")
    order: Order | None = public("Its order; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed; empty when it was.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(fulfillment=None, order=None, user_errors=[user_error(result)])
        return cls(
            fulfillment=Fulfillment.of(result.fulfillment),
            order=Order.of(result.order),
            user_errors=[],
        )


@strawberry.type(description="The parcel and its order as they are now.")
class FulfillmentCreatePayload(FulfillmentPayload):
    pass


@strawberry.type(description="The parcel and its order as they are now.")
class FulfillmentUpdatePayload(FulfillmentPayload):
    pass


@strawberry.type(description="The parcel and its order as they are now.")
class FulfillmentDeliverPayload(FulfillmentPayload):
    pass


@strawberry.type(description="The parcel and its order as they are now.")
class FulfillmentCancelPayload(FulfillmentPayload):
    pass


@strawberry.type
class FulfillmentMutations:
    @mutation(WRITE, description="Send units of an order: they leave the stock.")
    async def fulfillment_create(
        self, info: Info, input: FulfillmentCreateInput
    ) -> FulfillmentCreatePayload:
        id_, units = require_key(input.order_id, "Order", "order_id"), line_units(input.lines)
        if isinstance(id_, Problem) or isinstance(units, Problem):
            return FulfillmentCreatePayload.of(id_ if isinstance(id_, Problem) else units)
        tracking = {
            "carrier": input.carrier,
            "tracking_number": input.tracking_number,
            "tracking_url": input.tracking_url,
        }
        done = await info.context.services.fulfillments.create(
            id_,
            units,
            tracking,
            notify=input.notify,
            expected_version=input.expected_version,
        )
        return FulfillmentCreatePayload.of(done)

    @mutation(WRITE, description="Write who carries a parcel and where it can be followed.")
    async def fulfillment_update(
        self, info: Info, input: FulfillmentUpdateInput
    ) -> FulfillmentUpdatePayload:
        id_ = require_key(input.id, "Fulfillment", "id")
        if isinstance(id_, Problem):
            return FulfillmentUpdatePayload.of(id_)
        tracking = given(input, "id", "expected_version")
        parcels = info.context.services.fulfillments
        done = await parcels.update(id_, tracking, input.expected_version)
        return FulfillmentUpdatePayload.of(done)

    @mutation(WRITE, description="Write down that a parcel has arrived.")
    async def fulfillment_deliver(
        self, info: Info, input: FulfillmentDeliverInput
    ) -> FulfillmentDeliverPayload:
        id_ = require_key(input.id, "Fulfillment", "id")
        if isinstance(id_, Problem):
            return FulfillmentDeliverPayload.of(id_)
        return FulfillmentDeliverPayload.of(await info.context.services.fulfillments.deliver(id_))

    @mutation(WRITE, description="Take back a parcel that never left: its units are in stock.")
    async def fulfillment_cancel(
        self, info: Info, input: FulfillmentCancelInput
    ) -> FulfillmentCancelPayload:
        id_ = require_key(input.id, "Fulfillment", "id")
        if isinstance(id_, Problem):
            return FulfillmentCancelPayload.of(id_)
        return FulfillmentCancelPayload.of(await info.context.services.fulfillments.cancel(id_))
