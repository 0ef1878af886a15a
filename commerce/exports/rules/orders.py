"""Orders as files show them."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from commerce.core.money import shown_amount
from commerce.exports.rules.sheets import ADDRESS, Column, Sheet, Value


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line, and the currency of its order."""

    line: Any
    currency: str


def _money(name: str) -> Value:
    return lambda row: shown_amount(getattr(row, name), row.currency)


def _line_money(name: str) -> Value:
    return lambda each: shown_amount(getattr(each.line, name), each.currency)


def _inside(name: str, field: str) -> Value:
    return lambda row: (getattr(row, name) or {}).get(field)


def _options(each: Any) -> str:
    return ", ".join(f"{chosen['name']}: {chosen['value']}" for chosen in each.line.options)


SUMS: Final = (
    "subtotal", "discount", "shipping", "surcharge", "net", "tax", "total", "due", "authorized",
    "paid", "refunded",
)  # fmt: skip
LINE_SUMS: Final = ("subtotal", "discount", "net", "tax", "gross")
SHEET: Final = Sheet(
    key=Column("number", attrgetter("number")),
    columns=(
        Column("id", attrgetter("id")),
        Column("status", attrgetter("status")),
        Column("paymentStatus", attrgetter("payment_status")),
        Column("fulfillmentStatus", attrgetter("fulfillment_status")),
        Column("source", attrgetter("source")),
        Column("placedAt", attrgetter("placed_at")),
        Column("canceledAt", attrgetter("canceled_at")),
        Column("cancelReason", attrgetter("cancel_reason")),
        Column("archivedAt", attrgetter("archived_at")),
        Column("createdAt", attrgetter("created_at")),
        Column("updatedAt", attrgetter("updated_at")),
        Column("customerId", attrgetter("customer_id")),
        Column("email", attrgetter("email")),
        Column("phone", attrgetter("phone")),
        Column("name", attrgetter("name")),
        Column("locale", attrgetter("locale")),
        Column("currency", attrgetter("currency")),
        *(Column(name, _money(name)) for name in SUMS),
        Column("giftCards", _money("gift_cards")),
        Column("couponCodes", attrgetter("coupon_codes")),
        Column("shippingMethod", _inside("shipping_method", "name")),
        Column("note", attrgetter("note")),
        Column("staffNote", attrgetter("staff_note")),
        Column("extraFields", attrgetter("extra_fields")),
        *(
            Column(f"{shown}.{name}", _inside(held, field))
            for shown, held in (
                ("shippingAddress", "shipping_address"),
                ("billingAddress", "billing_address"),
            )
            for name, field in ADDRESS.items()
        ),
    ),
    part="line",
    parts="lines",
    part_columns=(
        Column("id", attrgetter("line.id")),
        Column("sku", attrgetter("line.sku")),
        Column("title", attrgetter("line.title")),
        Column("variantTitle", attrgetter("line.variant_title")),
        Column("options", _options),
        Column("productId", attrgetter("line.product_id")),
        Column("variantId", attrgetter("line.variant_id")),
        Column("quantity", attrgetter("line.quantity")),
        Column("fulfilled", attrgetter("line.fulfilled")),
        Column("canceled", attrgetter("line.canceled")),
        Column("returned", attrgetter("line.returned")),
        Column("refunded", attrgetter("line.refunded")),
        Column("unitPrice", _line_money("unit_price")),
        Column("includesTax", attrgetter("line.includes_tax")),
        *(Column(name, _line_money(name)) for name in LINE_SUMS),
        Column("extraFields", attrgetter("line.extra_fields")),
    ),
)
