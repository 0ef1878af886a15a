"""Which columns of orders and what belongs to them are read to be shown."""

from typing import Final

from commerce.core.columns import columns_of
from commerce.orders.models import (
    CustomOrderStatus,
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderEvent,
    OrderLine,
    OrderReturn,
    OrderReturnLine,
    Refund,
    RefundLine,
    RefundPayment,
)

# Only read where somebody asks why an order costs what it costs.
TRACE: Final = "trace"
ORDER: Final = tuple(column for column in columns_of(Order) if column.name != TRACE)
LINE: Final = tuple(columns_of(OrderLine))
EVENT: Final = tuple(columns_of(OrderEvent))
STATUS: Final = tuple(columns_of(CustomOrderStatus))
FULFILLMENT: Final = tuple(columns_of(Fulfillment))
FULFILLMENT_LINE: Final = tuple(columns_of(FulfillmentLine))
RETURN: Final = tuple(columns_of(OrderReturn))
RETURN_LINE: Final = tuple(columns_of(OrderReturnLine))
REFUND: Final = tuple(columns_of(Refund))
REFUND_LINE: Final = tuple(columns_of(RefundLine))
REFUND_PAYMENT: Final = tuple(columns_of(RefundPayment))
