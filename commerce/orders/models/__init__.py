"""Tables of orders and of what comes of them."""

from commerce.orders.models.events import OrderEvent
from commerce.orders.models.orders import PLAIN_WORDS, CustomOrderStatus, Order, OrderLine
from commerce.orders.models.refund_payments import RefundPayment
from commerce.orders.models.refunds import Refund, RefundLine
from commerce.orders.models.shipments import (
    Fulfillment,
    FulfillmentLine,
    OrderReturn,
    OrderReturnLine,
)

__all__ = [
    "PLAIN_WORDS",
    "CustomOrderStatus",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderReturn",
    "OrderReturnLine",
    "Refund",
    "RefundLine",
    "RefundPayment",
]
