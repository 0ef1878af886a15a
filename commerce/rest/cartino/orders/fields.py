"""What orders are sent and asked with."""

from typing import Final

from commerce.rest.cartino.addresses import ADDRESS
from commerce.rest.cartino.filters import filters, some, sorting
from commerce.rest.cartino.paging import PAGING
from commerce.rest.cartino.statuses import STATUSES
from commerce.rest.fields import Field
from commerce.rest.kinds import (
    choice,
    day,
    either,
    flag,
    listing,
    number,
    record,
    text,
    whole,
)

MAX_UNITS: Final = 1_000_000
MAX_LINES: Final = 100
SORTS: Final = {
    "created_at": "PLACED_AT",
    "updated_at": "UPDATED_AT",
    "order_number": "NUMBER",
    "number": "NUMBER",
    "total": "TOTAL",
}
# All of them are in every answer but the last, asked for or not.
INCLUDES: Final = ("customer", "items", "shipping_address", "billing_address", "items.variant")
ONE: Final = (Field("include", some(choice(*INCLUDES)), about="Relations: `items.variant`."),)
FILTERS: Final = ("status", "customer_id", "order_number", "number", "from_date", "to_date")
LIST: Final = (
    *filters(
        Field("status", some(choice(*STATUSES))),
        Field("customer_id", some(whole())),
        Field("order_number", text(100)),
        Field("number", text(100)),
        Field("from_date", day(), about="Placed on this day of the shop or later."),
        Field("to_date", day(), about="Placed on this day of the shop or before."),
    ),
    sorting(*SORTS),
    *PAGING,
)
ITEM: Final = record(
    Field("variant_id", whole(1), required=True),
    Field("quantity", whole(1, MAX_UNITS), required=True),
    Field("price", number(least=0), about="In place of the catalogue's."),
)
NEW: Final = record(
    Field("customer_id", whole(1)),
    Field("email", text(255), about="In place of the customer's."),
    Field("items", listing(ITEM, MAX_LINES, least=1), required=True),
    Field("shipping_address", ADDRESS),
    Field("billing_address", ADDRESS),
    Field("shipping_method", either(whole(1), text(100)), about="Its code, or its number."),
    Field("payment_method", text(100), about="Its code, or its kind."),
    Field("payment_token", text(1_000), about="What an online method charges at once."),
    Field("return_url", text(2_000), about="Where the buyer's browser comes back to."),
    Field("coupon_code", text(100)),
    Field("notes", text(5_000)),
)
STATUS: Final = record(Field("status", choice(*STATUSES), required=True))
PARCEL: Final = record(
    Field("tracking_number", text(255)),
    Field("carrier", text(255)),
    Field("tracking_url", text(2_000)),
    Field("notify_customer", flag(), about="Whether the buyer gets a mail; absent: yes."),
)
CANCEL: Final = record(Field("reason", text(1_000), about="Why; the buyer may read it."))
REFUND: Final = record(
    Field("amount", number(above=0), about="Absent: all that is left."),
    Field("reason", text(1_000)),
)
SENT_ITEM: Final = record(
    Field("quantity", whole(1, MAX_UNITS), about="Absent: all that are left."),
    Field("shipment_id", whole(1), about="A parcel of the order that these units go with."),
)
REFUNDED_ITEM: Final = record(
    Field("quantity", whole(1, MAX_UNITS), required=True), Field("reason", text(1_000))
)
