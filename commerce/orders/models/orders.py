"""Orders and their lines: copies of what was bought, as it was then."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, literal_column, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_array,
    json_object,
    key,
    moment,
    number_of,
    optional_json,
    optional_number_of,
    optional_text,
    personal,
    refers_to,
    required_text,
    sum_of_money,
    texts,
    version,
    whole,
)
from commerce.orders.kinds import (
    CancelReason,
    FulfillmentStatus,
    OrderSource,
    OrderStatus,
    PaymentStatus,
    StatusGroup,
)
from commerce.orders.models.columns import BLANKED, OF_ORDER

# What orders are searched by; an index has this very expression.
PLAIN_WORDS: Final = "storegraph_plain(storegraph_join(ARRAY[number, name, email, phone]))"
ORDER_STATUSES: Final = "order_statuses.id"


class CustomOrderStatus(SQLModel, table=True):
    """A status of the store's own, beside the built-in ones; `slot` is what clients know it by."""

    __tablename__ = "order_statuses"
    __table_args__ = (
        UniqueConstraint("group", "slot"),
        CheckConstraint("slot BETWEEN 1 AND 3", name="slot"),
    )

    id: int = key()
    group: StatusGroup = choice(StatusGroup, StatusGroup.FULFILLMENT)
    slot: int = whole(1)
    name: str = required_text()
    active: bool = flag(True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Order(SQLModel, table=True):
    """What somebody bought, or a draft of it that the shop's people make.

    `token` opens the order to whoever holds it; an erased customer's orders have none. `number` is
    what people call it, `number_value` the bare number inside. `paid`, `authorized` and `refunded`
    mirror the payments, `due` is what gift cards have left of `total`. `shipping` is charged with
    taxes; how it came about is in `shipping_charge`, and how `surcharge` did in `surcharges`.
    `manual_discount` is what the shop's people take off by hand. Until `seen_at` nobody of them has
    looked at it. `dispatch` holds what programs know of sending it, before there are parcels.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_placed_at_id", "placed_at", "id"),
        Index("ix_orders_created_at_id", "created_at", "id"),
        Index("ix_orders_total_id", "total", "id"),
        Index("ix_orders_status_id", "status", "id"),
        Index("ix_orders_customer_id_id", "customer_id", "id"),
        Index("ix_orders_email_id", text("lower(email)"), "id"),
        Index("ix_orders_coupon_codes", "coupon_codes", postgresql_using="gin"),
        Index(
            "ix_orders_words",
            literal_column(PLAIN_WORDS).label("words"),
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("total >= 0 AND due >= 0 AND due <= total", name="sums"),
        CheckConstraint("(status = 'draft') <= (placed_at IS NULL)", name="drafts_are_not_placed"),
        CheckConstraint("(status = 'canceled') = (canceled_at IS NOT NULL)", name="canceled_at"),
        {"info": {"customer": "customer_id", **BLANKED}},
    )

    id: int = key()
    number: str = required_text(unique=True)
    number_value: int = number_of(unique=True)
    token: str | None = optional_text(unique=True)
    cart_id: int | None = optional_number_of(unique=True)
    status: OrderStatus = choice(OrderStatus, OrderStatus.PENDING)
    payment_status: PaymentStatus = choice(PaymentStatus, PaymentStatus.UNPAID)
    fulfillment_status: FulfillmentStatus = choice(FulfillmentStatus, FulfillmentStatus.UNFULFILLED)
    custom_payment_status_id: int | None = refers_to(
        ORDER_STATUSES, on_delete="SET NULL", nullable=True
    )
    custom_fulfillment_status_id: int | None = refers_to(
        ORDER_STATUSES, on_delete="SET NULL", nullable=True
    )
    source: OrderSource = choice(OrderSource, OrderSource.STOREFRONT)
    customer_id: int | None = refers_to(
        "customers.id", on_delete="RESTRICT", nullable=True, index=False
    )
    customer_group_id: int = whole()
    email: str | None = personal(optional_text(), "Where the buyer is written to.")
    phone: str | None = personal(optional_text(), "The buyer's phone number.")
    name: str = personal(default_text(), "The buyer's name.")
    billing_address: dict[str, Any] | None = personal(optional_json(), "Whom the bill is for.")
    shipping_address: dict[str, Any] | None = personal(optional_json(), "Where it was sent.")
    note: str = personal(default_text(), "What the buyer wrote with the order.")
    staff_note: str = personal(default_text(), "What the shop's people noted.")
    public_note: str = personal(default_text(), "What buyer and shop noted for each other.")
    invoice_url: str | None = personal(optional_text(), "Where an invoice made elsewhere is.")
    dispatch: dict[str, Any] = personal(json_object(), "Where the goods can be followed.")
    tags: list[str] = personal(texts(), "Words the shop sorts its orders by.")
    seen_at: datetime | None = moment(nullable=True)
    extra_fields: dict[str, Any] = personal(
        json_object(), "Answers to questions the shop has added."
    )
    attribution: dict[str, Any] = personal(json_object(), "How the buyer found the shop.")
    locale: str = personal(default_text("en"), "The language the buyer read.")
    tax_exempt: bool = flag()
    currency: str = required_text()
    exponent: int = whole(2)
    rounding: dict[str, Any] = json_object()
    subtotal: Decimal = sum_of_money()
    discount: Decimal = sum_of_money()
    shipping: Decimal = sum_of_money()
    surcharge: Decimal = sum_of_money()
    net: Decimal = sum_of_money()
    tax: Decimal = sum_of_money()
    total: Decimal = sum_of_money()
    gift_cards: Decimal = sum_of_money()
    due: Decimal = sum_of_money()
    authorized: Decimal = sum_of_money()
    paid: Decimal = sum_of_money()
    refunded: Decimal = sum_of_money()
    coupon_codes: list[str] = texts()
    manual_discount: dict[str, Any] | None = optional_json()
    exact: dict[str, Any] = json_object()
    taxes: list[Any] = json_array()
    discounts: list[Any] = json_array()
    trace: list[Any] = json_array()
    shipping_method: dict[str, Any] | None = optional_json()
    shipping_charge: dict[str, Any] | None = optional_json()
    shipping_refunded: Decimal = sum_of_money()
    surcharges: list[Any] = json_array()
    surcharge_refunded: Decimal = sum_of_money()
    placed_at: datetime | None = moment(nullable=True)
    canceled_at: datetime | None = moment(nullable=True)
    cancel_reason: CancelReason | None = choice(CancelReason, nullable=True)
    archived_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class OrderLine(SQLModel, table=True):
    """One variant of an order. The charge is for all of `quantity`.

    `fulfilled`, `canceled`, `returned` and `refunded` count units. A `custom_price` was set by the
    shop's people.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        Index("ix_order_lines_order_id_position_id", "order_id", "position", "id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "fulfilled >= 0 AND canceled >= 0 AND fulfilled + canceled <= quantity",
            name="fulfilled_once",
        ),
        CheckConstraint("returned >= 0 AND returned <= fulfilled", name="returned_once"),
        CheckConstraint("refunded >= 0 AND refunded <= quantity", name="refunded_once"),
        OF_ORDER,
    )

    id: int = key()
    order_id: int = refers_to("orders.id", on_delete="RESTRICT", index=False)
    product_id: int | None = refers_to("products.id", on_delete="SET NULL", nullable=True)
    variant_id: int | None = refers_to("variants.id", on_delete="SET NULL", nullable=True)
    position: int = whole()
    title: str = required_text()
    variant_title: str = default_text()
    sku: str | None = optional_text()
    options: list[Any] = json_array()
    image_url: str | None = optional_text()
    slug: str | None = optional_text()
    weight_grams: int = whole()
    requires_shipping: bool = flag(True)
    taxable: bool = flag(True)
    tax_class_id: int | None = optional_number_of()
    extra_fields: dict[str, Any] = personal(json_object(), "What the buyer wished of the line.")
    quantity: int = whole(1)
    fulfilled: int = whole()
    canceled: int = whole()
    returned: int = whole()
    refunded: int = whole()
    unit_price: Decimal = sum_of_money()
    custom_price: bool = flag()
    includes_tax: bool = flag()
    subtotal: Decimal = sum_of_money()
    discount: Decimal = sum_of_money()
    net: Decimal = sum_of_money()
    tax: Decimal = sum_of_money()
    gross: Decimal = sum_of_money()
    taxes: list[Any] = json_array()
    exact: dict[str, Any] = json_object()
    created_at: datetime = moment()
    updated_at: datetime = moment()
