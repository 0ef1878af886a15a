"""How far an order can go from where it is, and what its units say of it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from commerce.orders.kinds import FulfillmentStatus, OrderStatus
from commerce.orders.problems import InvalidTransition

# Between these an order goes to and fro: nothing has left the house yet.
OPEN: Final = (
    OrderStatus.PENDING,
    OrderStatus.AWAITING_CONFIRMATION,
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.AWAITING_STOCK,
    OrderStatus.PROCESSING,
    OrderStatus.AWAITING_SHIPMENT,
    OrderStatus.READY_FOR_PICKUP,
)
TRANSITIONS: Final[Mapping[OrderStatus, tuple[OrderStatus, ...]]] = {
    OrderStatus.DRAFT: (OrderStatus.PENDING, OrderStatus.CANCELED),
    **{
        status: (
            *(other for other in OPEN if other is not status),
            OrderStatus.SHIPPED,
            OrderStatus.CANCELED,
        )
        for status in OPEN
    },
    OrderStatus.SHIPPED: (
        OrderStatus.PROCESSING,
        OrderStatus.DELIVERED,
        OrderStatus.COMPLETED,
    ),
    OrderStatus.DELIVERED: (OrderStatus.SHIPPED, OrderStatus.COMPLETED),
    OrderStatus.COMPLETED: (),
    OrderStatus.CANCELED: (),
}


def transition_flaw(
    current: OrderStatus, wanted: OrderStatus, *path: str
) -> InvalidTransition | None:
    """Why an order cannot go there; None when it can, or is there."""
    allowed = TRANSITIONS[current]
    if wanted is current or wanted in allowed:
        return None
    message = f"An order that is {current.name} cannot become {wanted.name}."
    return InvalidTransition(message, path, current.name, tuple(each.name for each in allowed))


def fulfillment_status(lines: Iterable[Any]) -> FulfillmentStatus:
    """`lines` have `quantity`, `canceled`, `fulfilled` and `returned`."""
    every = list(lines)
    wanted = sum(line.quantity - line.canceled for line in every)
    sent = sum(line.fulfilled for line in every)
    back = sum(line.returned for line in every)
    if back:
        whole = back == sent == wanted
        return FulfillmentStatus.RETURNED if whole else FulfillmentStatus.PARTIALLY_RETURNED
    if not sent:
        return FulfillmentStatus.UNFULFILLED
    return FulfillmentStatus.FULFILLED if sent == wanted else FulfillmentStatus.PARTIALLY_FULFILLED


def status_once_sent(current: OrderStatus, fulfillment: FulfillmentStatus) -> OrderStatus:
    """Where an order goes by itself when units have left the house."""
    if fulfillment is FulfillmentStatus.FULFILLED and current in OPEN:
        return OrderStatus.SHIPPED
    if fulfillment is FulfillmentStatus.PARTIALLY_FULFILLED and current in OPEN:
        return OrderStatus.PROCESSING
    return current


def status_once_recalled(current: OrderStatus, fulfillment: FulfillmentStatus) -> OrderStatus:
    """Where it goes when a parcel turns out not to have left."""
    sent_all = fulfillment is FulfillmentStatus.FULFILLED
    return OrderStatus.PROCESSING if current is OrderStatus.SHIPPED and not sent_all else current
