"""The words of orders as GraphQL enums; types import them from here, so that they are."""

from commerce.orders.criteria import OrderOrderField
from commerce.orders.kinds import (
    CancelReason,
    FulfillmentStatus,
    OrderEventKind,
    OrderSource,
    OrderStatus,
    PaymentStatus,
    RefundStatus,
    ReturnStatus,
    ShipmentStatus,
    StatusGroup,
)
from resolvers.enums import described

described(
    OrderStatus,
    "How far an order is.",
    DRAFT="The shop's people are still making it.",
    PENDING="Placed, and nothing has been done yet.",
    AWAITING_CONFIRMATION="Somebody is to look at it first.",
    AWAITING_PAYMENT="Nothing is sent before it is paid.",
    AWAITING_STOCK="Something of it is not there yet.",
    PROCESSING="Being packed.",
    AWAITING_SHIPMENT="Packed, and the carrier has not come yet.",
    READY_FOR_PICKUP="Packed, and the buyer may come for it.",
    SHIPPED="All of it has left the house.",
    DELIVERED="All of it has arrived.",
    COMPLETED="Over and done with.",
    CANCELED="Nothing comes of it any more.",
)
described(
    PaymentStatus,
    "What has been paid; follows from the payments alone.",
    UNPAID="Nothing.",
    AUTHORIZED="Nothing yet, but the money is set aside.",
    PARTIALLY_PAID="A part of what is due.",
    PAID="All that is due.",
    PARTIALLY_REFUNDED="Some of what was paid went back.",
    REFUNDED="All that was paid went back.",
    VOIDED="What was set aside was let go again.",
)
described(
    FulfillmentStatus,
    "What has left the house and come back; follows from the units alone.",
    UNFULFILLED="Nothing has left.",
    PARTIALLY_FULFILLED="Some units have left.",
    FULFILLED="All units have left.",
    PARTIALLY_RETURNED="Some units are back.",
    RETURNED="All units are back.",
)
described(
    OrderSource,
    "Where an order came from.",
    STOREFRONT="From the storefront.",
    STAFF="The shop's people made it.",
    API="Another system made it.",
    ABANDONED_CART="The shop's people made it of a cart that was left behind.",
)
described(
    ShipmentStatus,
    "How far a parcel is.",
    SHIPPED="It has left the house.",
    DELIVERED="It has arrived.",
    CANCELED="It never left.",
)
described(
    ReturnStatus,
    "How far what is sent back is.",
    REQUESTED="The buyer has asked for it.",
    APPROVED="The shop has agreed.",
    RECEIVED="It is here.",
    REFUSED="The shop has not agreed.",
)
described(
    RefundStatus,
    "Whether the money went back.",
    PENDING="It was asked for.",
    SUCCEEDED="It went back.",
    PARTIALLY_SUCCEEDED="Some of it went back, and some was refused.",
    FAILED="It did not go back.",
)
described(
    StatusGroup,
    "What a status of the store's own says something about.",
    PAYMENT="About paying.",
    FULFILLMENT="About sending.",
)
described(
    CancelReason,
    "Why an order was canceled.",
    CUSTOMER="The buyer has changed their mind.",
    PAYMENT="It was not paid.",
    STOCK="It cannot be delivered.",
    FRAUD="Somebody else's money would have paid it.",
    OTHER="Anything else.",
)
described(
    OrderEventKind,
    "What happened to an order.",
    DRAFTED="A draft was made.",
    PLACED="It was placed.",
    STATUS_CHANGED="Its status was changed by hand.",
    UPDATED="Something was written on it.",
    EDITED="What was bought was changed.",
    NOTED="A note was added.",
    PAYMENT_CHANGED="Money came, went, or was set aside.",
    SHIPPED="A parcel left.",
    SHIPMENT_UPDATED="Something was written on a parcel.",
    DELIVERED="A parcel arrived.",
    SHIPMENT_CANCELED="A parcel turned out not to have left.",
    RETURN_REQUESTED="Units were announced to come back.",
    RETURN_APPROVED="The shop agreed to a return.",
    RETURN_RECEIVED="Units came back.",
    RETURN_REFUSED="The shop did not agree to a return.",
    REFUNDED="Money went back.",
    REFUND_FAILED="Money that was to go back did not, or came back from the bank.",
    CANCELED="It was canceled.",
    ARCHIVED="It was filed away.",
    UNARCHIVED="It was taken out again.",
)
described(
    OrderOrderField,
    "What orders can be sorted by.",
    NUMBER="The number inside their number.",
    PLACED_AT="When they were placed; drafts come last, whatever the direction.",
    CREATED_AT="When they were written down.",
    UPDATED_AT="When they were last changed.",
    TOTAL="What they come to, whatever the currency.",
)

__all__ = [
    "CancelReason",
    "FulfillmentStatus",
    "OrderEventKind",
    "OrderOrderField",
    "OrderSource",
    "OrderStatus",
    "PaymentStatus",
    "RefundStatus",
    "ReturnStatus",
    "ShipmentStatus",
    "StatusGroup",
]
