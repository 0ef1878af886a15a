"""What the shop's people write on orders."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.orders.rules.texts import DISPATCH
from resolvers.addresses import PostalAddressInput
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.orders.inputs import OrderPayload, expected_version, part
from resolvers.orders.kinds import CancelReason, OrderStatus
from resolvers.scalars import JSON

WRITE = Scope.WRITE_ORDERS
NULLABLE = ("email", "phone", "payment_status_id", "fulfillment_status_id", "invoice_url")
CUSTOM = ("payment_status_id", "fulfillment_status_id")


@strawberry.input(description="Where the status of an order is to go.")
class OrderTransitionInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    status: OrderStatus = strawberry.field(
        description="One of its `allowedTransitions`; CANCELED is `orderCancel` without a reason."
    )
    force: bool = strawberry.field(
        default=False,
        description="Whatever it is now, as long as it is neither a draft nor canceled. Its units"
        " stay where they are.",
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="A note for the timeline of an order.")
class OrderNoteAddInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    message: str = strawberry.field(description="What to note.")
    is_public: bool = strawberry.field(default=False, description="Whether the buyer sees it, too.")


@strawberry.input(
    description="What is known of sending an order, before there are parcels or beside them."
)
class OrderDispatchInput:
    tracking_carrier: str | None = part("Who will carry it; empty or null removes it.")
    tracking_number: str | None = part("The carrier's number.")
    tracking_url: str | None = part("Where it can be followed.")
    label_url: str | None = part("Where its label is.")
    transport_code: str | None = part("What the authorities call its transport.")
    pickup_code: str | None = part("What the buyer says to be handed it.")


@strawberry.input(description="What to write on an order; what is left out stays.")
class OrderUpdateInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    email: str | None = part("Where the buyer is written to; null: nowhere.")
    phone: str | None = part("The buyer's phone number from `+` on; null removes it.")
    billing_address: PostalAddressInput | None = part("Whom the bill is for.")
    shipping_address: PostalAddressInput | None = part("Where it is sent; charges stay.")
    note: str | None = part("What the buyer wrote.")
    staff_note: str | None = part("A note for the shop's people.")
    public_note: str | None = part("A note that buyer and shop both see.")
    invoice_url: str | None = part("Where an invoice made elsewhere is; null: there is none.")
    invoice_file_id: strawberry.ID | None = part(
        "A document kept here that is an invoice made elsewhere, in place of its address."
    )
    dispatch: OrderDispatchInput | None = part("What is known of sending it, part by part.")
    tags: list[str] | None = part("All its tags.")
    seen: bool | None = part("Whether somebody of the shop has looked at it.")
    extra_fields: JSON | None = part("Answers to the shop's questions: an object of texts.")
    payment_status_id: strawberry.ID | None = part("A status of the store's own; null takes it.")
    fulfillment_status_id: strawberry.ID | None = part(
        "A status of the store's own; null takes it."
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="An order to cancel.")
class OrderCancelInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")
    reason: CancelReason = strawberry.field(default=CancelReason.OTHER, description="Why.")
    message: str = strawberry.field(default="", description="What to tell the buyer about it.")
    notify: bool = strawberry.field(default=True, description="Whether to write to the buyer.")
    expected_version: int | None = expected_version()


@strawberry.input(description="An order to file away: lists leave it out.")
class OrderArchiveInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")


@strawberry.input(description="An order to take out again.")
class OrderUnarchiveInput:
    order_id: strawberry.ID = strawberry.field(description="The order.")


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderTransitionPayload(OrderPayload):
    pass


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderNoteAddPayload(OrderPayload):
    pass


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderUpdatePayload(OrderPayload):
    pass


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderCancelPayload(OrderPayload):
    pass


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderArchivePayload(OrderPayload):
    pass


@strawberry.type(description="The order as it is now, or why nothing was changed.")
class OrderUnarchivePayload(OrderPayload):
    pass


@strawberry.type
class OrderMutations:
    @mutation(WRITE, description="Change the status of an order by hand.")
    async def order_transition(
        self, info: Info, input: OrderTransitionInput
    ) -> OrderTransitionPayload:
        id_ = require_key(input.order_id, "Order", "order_id")
        if isinstance(id_, Problem):
            return OrderTransitionPayload.of(id_)
        changes = info.context.services.order_changes
        done = await changes.transition(
            id_, input.status, input.expected_version, force=input.force
        )
        return OrderTransitionPayload.of(done)

    @mutation(WRITE, description="Note something in the timeline of an order.")
    async def order_note_add(self, info: Info, input: OrderNoteAddInput) -> OrderNoteAddPayload:
        id_ = require_key(input.order_id, "Order", "order_id")
        if isinstance(id_, Problem):
            return OrderNoteAddPayload.of(id_)
        changes = info.context.services.order_changes
        done = await changes.note(id_, input.message, is_public=input.is_public)
        return OrderNoteAddPayload.of(done)

    @mutation(WRITE, description="Write on an order: addresses, notes, statuses of one's own.")
    async def order_update(self, info: Info, input: OrderUpdateInput) -> OrderUpdatePayload:
        id_, values = require_key(input.order_id, "Order", "order_id"), _values(input)
        if isinstance(id_, Problem) or isinstance(values, Problem):
            flaw = id_ if isinstance(id_, Problem) else values
            return OrderUpdatePayload.of(flaw)
        changes = info.context.services.order_changes
        done = await changes.update(id_, values, input.expected_version)
        return OrderUpdatePayload.of(done)

    @mutation(WRITE, description="Cancel an order: stock, coupons, gift cards and money go back.")
    async def order_cancel(self, info: Info, input: OrderCancelInput) -> OrderCancelPayload:
        id_ = require_key(input.order_id, "Order", "order_id")
        if isinstance(id_, Problem):
            return OrderCancelPayload.of(id_)
        done = await info.context.services.order_cancellations.cancel(
            id_,
            input.reason,
            input.message,
            notify=input.notify,
            expected_version=input.expected_version,
        )
        return OrderCancelPayload.of(done)

    @mutation(WRITE, description="File an order away.")
    async def order_archive(self, info: Info, input: OrderArchiveInput) -> OrderArchivePayload:
        done = await _filed(info, input.order_id, archived=True)
        return OrderArchivePayload.of(done)

    @mutation(WRITE, description="Take an order out again that was filed away.")
    async def order_unarchive(
        self, info: Info, input: OrderUnarchiveInput
    ) -> OrderUnarchivePayload:
        done = await _filed(info, input.order_id, archived=False)
        return OrderUnarchivePayload.of(done)


async def _filed(info: Info, order_id: str, *, archived: bool) -> Any:
    id_ = require_key(order_id, "Order", "order_id")
    if isinstance(id_, Problem):
        return id_
    return await info.context.services.order_changes.archive(id_, archived=archived)


def _values(input_: OrderUpdateInput) -> dict[str, Any] | Problem:
    """The given fields: addresses as objects, files and statuses by their keys."""
    values = given(input_, "order_id", "expected_version", nullable=NULLABLE)
    for name in ("billing_address", "shipping_address"):
        if name in values:
            values[name] = given(values[name], nullable=("phone",))
    if "dispatch" in values:
        values["dispatch"] = given(values["dispatch"], nullable=DISPATCH)
    for name in (name for name in CUSTOM if name in values):
        id_ = values.pop(name)
        key = None if id_ is None else require_key(id_, "CustomOrderStatus", name)
        if isinstance(key, Problem):
            return key
        values[f"custom_{name}"] = key
    if input_.invoice_file_id:
        document = require_key(input_.invoice_file_id, "File", "invoice_file_id")
        if isinstance(document, Problem):
            return document
        values["invoice_file_id"] = document
    return values
