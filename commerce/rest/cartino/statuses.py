"""What Cartino calls the statuses of orders. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from commerce.rest.route import Node

# By GraphQL's names; whatever else there is waits.
SHOWN: Final = {
    "PROCESSING": "processing",
    "AWAITING_SHIPMENT": "processing",
    "READY_FOR_PICKUP": "processing",
    "SHIPPED": "shipped",
    "DELIVERED": "completed",
    "COMPLETED": "completed",
    "CANCELED": "cancelled",
}
WAITING: Final = ("PENDING", "AWAITING_CONFIRMATION", "AWAITING_PAYMENT", "AWAITING_STOCK")
PENDING: Final = "pending"
CANCELLED: Final = "cancelled"
REFUNDED: Final = "refunded"
# Where an order goes that is given one of these by hand.
WRITTEN: Final = {
    PENDING: "PENDING",
    "processing": "PROCESSING",
    "shipped": "SHIPPED",
    "completed": "COMPLETED",
}
STATUSES: Final = (*WRITTEN, CANCELLED, REFUNDED)
PAYMENTS: Final = {
    "AUTHORIZED": "authorized",
    "PARTIALLY_PAID": "pending",
    "PAID": "paid",
    "PARTIALLY_REFUNDED": "partially_refunded",
    "REFUNDED": "refunded",
    "VOIDED": "failed",
}
FULFILLMENTS: Final = {
    "PARTIALLY_FULFILLED": "partial",
    "FULFILLED": "fulfilled",
    "PARTIALLY_RETURNED": "fulfilled",
    "RETURNED": "fulfilled",
}
LINES: Final = ("unfulfilled", "partial", "fulfilled", "returned")


def status_of(node: Node) -> str:
    """An order whose money went back is refunded, unless it was cancelled before."""
    if node["status"] != "CANCELED" and node["paymentStatus"] == "REFUNDED":
        return REFUNDED
    return named(node["status"])


def named(status: str) -> str:
    return SHOWN.get(status, PENDING)


def payment_of(node: Node) -> str:
    return PAYMENTS.get(node["paymentStatus"], PENDING)


def fulfillment_of(node: Node) -> str:
    return FULFILLMENTS.get(node["fulfillmentStatus"], "unfulfilled")


def line_status(line: Node) -> str:
    left = line["quantity"] - line["canceled"]
    if line["returned"] and line["returned"] >= line["fulfilled"]:
        return "returned"
    if not line["fulfilled"]:
        return "unfulfilled"
    return "fulfilled" if line["fulfilled"] >= left else "partial"


def having(statuses: Iterable[str]) -> Mapping[str, Any]:
    """The orders that are shown with any of these, as GraphQL filters them."""
    conditions = [_shown_as(status) for status in statuses]
    return conditions[0] if len(conditions) == 1 else {"or": conditions}


def _shown_as(status: str) -> dict[str, Any]:
    if status == CANCELLED:
        return {"status": ["CANCELED"]}
    gone = {"paymentStatus": ["REFUNDED"]}
    if status == REFUNDED:
        return {**gone, "not": {"status": ["CANCELED"]}}
    kinds = [kind for kind, shown in SHOWN.items() if shown == status] or list(WAITING)
    return {"status": kinds, "not": gone}
