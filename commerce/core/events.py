"""Facts that others may react to, told by the transaction that makes them true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class EventType(Enum):
    """What can happen, by the name that webhooks and logs know it by."""

    ORDER_CREATED = "order.created"
    ORDER_UPDATED = "order.updated"
    ORDER_PAID = "order.paid"
    ORDER_SHIPPED = "order.shipped"
    ORDER_DELIVERED = "order.delivered"
    ORDER_STATUS_CHANGED = "order.status_changed"
    ORDER_INVOICED = "order.invoiced"
    ORDER_CANCELED = "order.canceled"
    ORDER_RETURNED = "order.returned"
    ORDER_REFUNDED = "order.refunded"
    ORDER_ARCHIVED = "order.archived"
    PRODUCT_PURCHASED = "product.purchased"
    PAYMENT_AUTHORIZED = "payment.authorized"
    PAYMENT_CAPTURED = "payment.captured"
    PAYMENT_FAILED = "payment.failed"
    PAYMENT_REFUNDED = "payment.refunded"
    PAYMENT_VOIDED = "payment.voided"
    CART_CREATED = "cart.created"
    CART_UPDATED = "cart.updated"
    CART_ABANDONED = "cart.abandoned"
    STOCK_CHANGED = "stock.changed"
    STOCK_LOW = "stock.low"
    PRODUCT_CREATED = "product.created"
    PRODUCT_UPDATED = "product.updated"
    PRODUCT_DELETED = "product.deleted"
    CUSTOMER_REGISTERED = "customer.registered"
    CUSTOMER_UPDATED = "customer.updated"
    CUSTOMER_ERASED = "customer.erased"
    JOB_UPDATED = "job.updated"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one thing, named as the schema names its type: `Order`, 12.

    `data` is JSON that says what changed, without secrets and without anything about a person: it
    is kept as it is now, and sent to whoever listens.
    """

    type: EventType
    resource_type: str
    resource_id: int
    data: Mapping[str, Any] = field(default_factory=dict)
