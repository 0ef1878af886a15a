"""The words of notifications as GraphQL enums; types import them from here."""

from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
    NotificationState,
)
from resolvers.enums import described

described(
    NotificationKind,
    "What people are told of.",
    ORDER_PLACED="An order was placed.",
    ORDER_PAID="All of an order was paid.",
    ORDER_SHIPPED="A parcel was sent.",
    ORDER_CANCELED="An order was canceled.",
    ORDER_REFUNDED="Money went back.",
    REFUND_FAILED="Money that was to go back did not.",
    STOCK_LOW="What is left of a variant fell to its threshold, or below.",
    WEBHOOK_DISABLED="An endpoint of webhooks was given up.",
    CART_ABANDONED="A cart was left behind; `abandonedMails` of the shop must be on, too.",
)
described(
    NotificationChannel,
    "How people are told.",
    EMAIL="By mail.",
    SMS="By a short message, where there is a number and the server has a gateway.",
)
described(
    NotificationAudience,
    "Who is told.",
    CUSTOMER="The buyer.",
    STAFF="The shop's people.",
)
described(
    NotificationState,
    "What became of a message.",
    SENT="The mail server or the gateway has taken it.",
    WAITING="It was not taken, and is tried again.",
    FAILED="It was given up.",
)

__all__ = [
    "NotificationAudience",
    "NotificationChannel",
    "NotificationKind",
    "NotificationState",
]
