"""The closed sets of words orders use."""

from enum import Enum
from typing import Final

# A store names at most so many statuses of its own in each group.
CUSTOM_STATUSES: Final = 3


class OrderStatus(Enum):
    """How far an order is, as the shop's people see it."""

    DRAFT = "draft"
    PENDING = "pending"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_STOCK = "awaiting_stock"
    PROCESSING = "processing"
    AWAITING_SHIPMENT = "awaiting_shipment"
    READY_FOR_PICKUP = "ready_for_pickup"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELED = "canceled"


class PaymentStatus(Enum):
    """What has been paid; follows from the sums of the payments alone."""

    UNPAID = "unpaid"
    AUTHORIZED = "authorized"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


class FulfillmentStatus(Enum):
    """What has left the house and come back; follows from the units of the lines alone."""

    UNFULFILLED = "unfulfilled"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    PARTIALLY_RETURNED = "partially_returned"
    RETURNED = "returned"


class OrderSource(Enum):
    """Where an order came from."""

    STOREFRONT = "storefront"
    STAFF = "staff"
    API = "api"
    ABANDONED_CART = "abandoned_cart"


class ShipmentStatus(Enum):
    """How far what was sent is."""

    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"


class ReturnStatus(Enum):
    """How far what is sent back is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    RECEIVED = "received"
    REFUSED = "refused"


class RefundStatus(Enum):
    """Whether the money went back."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    PARTIALLY_SUCCEEDED = "partially_succeeded"
    FAILED = "failed"


class StatusGroup(Enum):
    """What a status of the store's own says something about."""

    PAYMENT = "payment"
    FULFILLMENT = "fulfillment"


class CancelReason(Enum):
    """Why an order was canceled."""

    CUSTOMER = "customer"
    PAYMENT = "payment"
    STOCK = "stock"
    FRAUD = "fraud"
    OTHER = "other"


class OrderEventKind(Enum):
    """What happened to an order."""

    DRAFTED = "drafted"
    PLACED = "placed"
    STATUS_CHANGED = "status_changed"
    UPDATED = "updated"
    EDITED = "edited"
    NOTED = "noted"
    PAYMENT_CHANGED = "payment_changed"
    SHIPPED = "shipped"
    SHIPMENT_UPDATED = "shipment_updated"
    DELIVERED = "delivered"
    SHIPMENT_CANCELED = "shipment_canceled"
    RETURN_REQUESTED = "return_requested"
    RETURN_APPROVED = "return_approved"
    RETURN_RECEIVED = "return_received"
    RETURN_REFUSED = "return_refused"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    CANCELED = "canceled"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
