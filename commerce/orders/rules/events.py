"""What others are told of orders: what their timelines say, without a word about a person."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from commerce.core.events import Event, EventType
from commerce.orders.kinds import OrderEventKind, OrderStatus, PaymentStatus

ORDER: Final = "Order"
# Of the others it is said that the order changed, and in which way.
TYPES: Final[Mapping[OrderEventKind, EventType]] = {
    OrderEventKind.DRAFTED: EventType.ORDER_DRAFTED,
    OrderEventKind.PLACED: EventType.ORDER_CREATED,
    OrderEventKind.EDITED: EventType.ORDER_EDITED,
    OrderEventKind.NOTED: EventType.ORDER_NOTED,
    OrderEventKind.PAYMENT_CHANGED: EventType.ORDER_PAYMENT_CHANGED,
    OrderEventKind.SHIPPED: EventType.ORDER_SHIPPED,
    OrderEventKind.RETURN_RECEIVED: EventType.ORDER_RETURNED,
    OrderEventKind.REFUNDED: EventType.ORDER_REFUNDED,
    OrderEventKind.CANCELED: EventType.ORDER_CANCELED,
    OrderEventKind.ARCHIVED: EventType.ORDER_ARCHIVED,
    OrderEventKind.UNARCHIVED: EventType.ORDER_UNARCHIVED,
}
# The part of an order that the same is told of, and what of the data is its id.
PARTS: Final[Mapping[OrderEventKind, tuple[str, str, EventType]]] = {
    OrderEventKind.SHIPPED: ("Fulfillment", "fulfillment_id", EventType.FULFILLMENT_CREATED),
    OrderEventKind.SHIPMENT_UPDATED: (
        "Fulfillment",
        "fulfillment_id",
        EventType.FULFILLMENT_UPDATED,
    ),
    OrderEventKind.DELIVERED: ("Fulfillment", "fulfillment_id", EventType.FULFILLMENT_DELIVERED),
    OrderEventKind.SHIPMENT_CANCELED: (
        "Fulfillment",
        "fulfillment_id",
        EventType.FULFILLMENT_CANCELED,
    ),
    OrderEventKind.RETURN_REQUESTED: ("OrderReturn", "return_id", EventType.RETURN_REQUESTED),
    OrderEventKind.RETURN_APPROVED: ("OrderReturn", "return_id", EventType.RETURN_APPROVED),
    OrderEventKind.RETURN_REFUSED: ("OrderReturn", "return_id", EventType.RETURN_REFUSED),
    OrderEventKind.RETURN_RECEIVED: ("OrderReturn", "return_id", EventType.RETURN_RECEIVED),
}
# What the shop's people say by hand is told as if a parcel had said it.
REACHED: Final[Mapping[OrderStatus, EventType]] = {
    OrderStatus.AWAITING_SHIPMENT: EventType.ORDER_AWAITING_SHIPMENT,
    OrderStatus.READY_FOR_PICKUP: EventType.ORDER_READY_FOR_PICKUP,
    OrderStatus.SHIPPED: EventType.ORDER_SHIPPED,
    OrderStatus.DELIVERED: EventType.ORDER_DELIVERED,
}


def changed_order(order_id: int, kind: str) -> Event:
    """Accompanies everything else that is told of an order."""
    return Event(EventType.ORDER_UPDATED, ORDER, order_id, {"kinds": [kind]})


def told(order_id: int, kind: OrderEventKind, data: Mapping[str, Any]) -> Iterator[Event]:
    if kind in TYPES:
        yield Event(TYPES[kind], ORDER, order_id, data)
    if kind is OrderEventKind.PAYMENT_CHANGED and data["to"] == PaymentStatus.PAID.value:
        yield Event(EventType.ORDER_PAID, ORDER, order_id)
    yield changed_order(order_id, kind.value)
    if kind in PARTS:
        name, key, type_ = PARTS[kind]
        yield Event(type_, name, data[key], {**data, "order_id": order_id})


def restated(order_id: int, before: OrderStatus, after: OrderStatus) -> Iterator[Event]:
    """Of an order that has got another status."""
    if before is after:
        return
    data = {"from": before.value, "to": after.value}
    yield Event(EventType.ORDER_STATUS_CHANGED, ORDER, order_id, data)
    if after in REACHED:
        yield Event(REACHED[after], ORDER, order_id)
    yield changed_order(order_id, OrderEventKind.STATUS_CHANGED.value)


def tagged(order_id: int, before: Collection[str], after: Collection[str]) -> Iterator[Event]:
    """Of an order with other tags: only whether some are new, for they may name people."""
    if set(after) - set(before):
        yield Event(EventType.ORDER_TAGGED, ORDER, order_id)


def bought(order: Any, lines: Sequence[Any]) -> Iterator[Event]:
    """What is told of an order that was just placed beside that it was."""
    if order.payment_status is PaymentStatus.PAID:
        yield Event(EventType.ORDER_PAID, ORDER, order.id)
    for line in lines:
        if line.product_id is not None:
            data = {
                "order_id": order.id,
                "order_line_id": line.id,
                "variant_id": line.variant_id,
                "quantity": line.quantity,
                "revenue": format(line.gross, "f"),
                "currency": order.currency,
            }
            yield Event(EventType.PRODUCT_PURCHASED, "Product", line.product_id, data, line.id)
