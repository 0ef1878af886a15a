"""Shopkit's numbers and words for the statuses of orders, by their names in GraphQL.

Its reference lists eight words; its samples confirm the numbers 3 and 5, the rest is their order.
"""

from collections.abc import Mapping
from typing import Final

NUMBERS: Final[Mapping[str, int]] = {
    "PENDING": 1,
    "PROCESSING": 2,
    "SHIPPED": 3,
    "CANCELED": 4,
    "AWAITING_CONFIRMATION": 5,
    "AWAITING_PAYMENT": 6,
    "AWAITING_STOCK": 7,
    "DELIVERED": 8,
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
}
