"""Everything that can be switched, and what of it a message in the queue is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from commerce.notifications.kinds import (
    NotificationAudience,
    NotificationChannel,
    NotificationKind,
)

CUSTOMER, STAFF = NotificationAudience.CUSTOMER, NotificationAudience.STAFF
EMAIL, SMS = NotificationChannel.EMAIL, NotificationChannel.SMS


class Way(NamedTuple):
    """What is told, how and to whom: a switch, and a template in each language."""

    kind: NotificationKind
    channel: NotificationChannel
    audience: NotificationAudience


@dataclass(frozen=True, slots=True)
class Topic:
    """`template` names the built-in words; `enabled` holds until somebody says otherwise."""

    way: Way
    template: str
    enabled: bool = True


def _topic(
    kind: NotificationKind,
    template: str,
    audience: NotificationAudience = CUSTOMER,
    channel: NotificationChannel = EMAIL,
    *,
    enabled: bool = True,
) -> Topic:
    return Topic(Way(kind, channel, audience), template, enabled)


# By the kind of the queued message. What is not among these cannot be switched off: whoever
# chooses a new password asked for the mail.
TOPICS: Final[Mapping[str, Topic]] = {
    "order_placed": _topic(NotificationKind.ORDER_PLACED, "order_placed"),
    "order_placed_sms": _topic(NotificationKind.ORDER_PLACED, "order_placed", channel=SMS),
    "order_received": _topic(NotificationKind.ORDER_PLACED, "order_received", STAFF),
    "order_paid": _topic(NotificationKind.ORDER_PAID, "order_paid"),
    "order_paid_staff": _topic(NotificationKind.ORDER_PAID, "order_news", STAFF, enabled=False),
    "order_shipped": _topic(NotificationKind.ORDER_SHIPPED, "order_shipped"),
    "order_shipped_sms": _topic(NotificationKind.ORDER_SHIPPED, "order_shipped", channel=SMS),
    "order_canceled": _topic(NotificationKind.ORDER_CANCELED, "order_canceled"),
    "order_canceled_staff": _topic(NotificationKind.ORDER_CANCELED, "order_news", STAFF),
    "order_refunded": _topic(NotificationKind.ORDER_REFUNDED, "order_refunded"),
    "order_refunded_staff": _topic(
        NotificationKind.ORDER_REFUNDED, "order_news", STAFF, enabled=False
    ),
    "refund_failed": _topic(NotificationKind.REFUND_FAILED, "refund_failed", STAFF),
    "stock_low": _topic(NotificationKind.STOCK_LOW, "stock_low", STAFF),
    "webhook_disabled": _topic(NotificationKind.WEBHOOK_DISABLED, "webhook_disabled", STAFF),
    "cart_abandoned": _topic(NotificationKind.CART_ABANDONED, "cart_abandoned"),
}
BY_WAY: Final[Mapping[Way, Topic]] = {topic.way: topic for topic in TOPICS.values()}
