"""What is told, how and to whom."""

from enum import Enum


class NotificationKind(Enum):
    ORDER_PLACED = "order_placed"
    ORDER_PAID = "order_paid"
    ORDER_SHIPPED = "order_shipped"
    ORDER_CANCELED = "order_canceled"
    ORDER_REFUNDED = "order_refunded"
    REFUND_FAILED = "refund_failed"
    STOCK_LOW = "stock_low"
    WEBHOOK_DISABLED = "webhook_disabled"
    CART_ABANDONED = "cart_abandoned"


class NotificationChannel(Enum):
    EMAIL = "email"
    SMS = "sms"


class NotificationAudience(Enum):
    CUSTOMER = "customer"
    STAFF = "staff"


class NotificationState(Enum):
    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
