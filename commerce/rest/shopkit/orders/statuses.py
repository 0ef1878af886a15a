"""Shopkit's numbers and words for the statuses of orders, by their names in GraphQL.

Its reference lists eight words; its samples confirm the numbers 3 and 5, the rest is their order.
`returned` came later: it is what the parcels of an order say.
"""

from collections.abc import Mapping
from typing import Any, Final

NUMBERS: Final[Mapping[str, int]] = {
    "PENDING": 1,
    "PROCESSING": 2,
    "SHIPPED": 3,
    "CANCELED": 4,
    "AWAITING_CONFIRMATION": 5,
    "AWAITING_PAYMENT": 6,
    "AWAITING_STOCK": 7,
    "DELIVERED": 8,
    "RETURNED": 9,
    "READY_FOR_PICKUP": 10,
    "AWAITING_SHIPMENT": 11,
}
ALIASES: Final[Mapping[str, str]] = {
    "PENDING": "pending",
    "PROCESSING": "processing",
    "SHIPPED": "sent",
    "CANCELED": "canceled",
    "AWAITING_CONFIRMATION": "waiting_confirmation",
    "AWAITING_PAYMENT": "waiting_payment",
    "AWAITING_STOCK": "waiting_stock",
    "DELIVERED": "delivered",
    "RETURNED": "returned",
    "READY_FOR_PICKUP": "pickup_available",
    "AWAITING_SHIPMENT": "waiting_shipment",
}
NAMES: Final = {alias: name for name, alias in ALIASES.items()}
BY_NUMBER: Final = {number: ALIASES[name] for name, number in NUMBERS.items()}
# An order is put in these by a call, and found by these; 0 and `all` are whatever it is in.
SETTABLE: Final = tuple(alias for alias in NAMES if alias != "returned")
ALL: Final = "all"
LIKE: Final = {"DRAFT": "PENDING", "COMPLETED": "DELIVERED"}


def status_of(node: Mapping[str, Any]) -> str:
    """By its name in GraphQL, or `RETURNED`."""
    if node["fulfillmentStatus"] == "RETURNED":
        return "RETURNED"
    return LIKE.get(node["status"]) or str(node["status"])
