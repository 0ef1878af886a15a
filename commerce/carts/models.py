"""Carts and the lines in them. Carts are never deleted: orders and payments name them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from commerce.carts.kinds import CartState
from commerce.core.columns import (
    choice,
    default_text,
    json_object,
    key,
    moment,
    money,
    numbers_of,
    optional_json,
    optional_number_of,
    optional_text,
    personal,
    refers_to,
    required_text,
    texts,
    version,
    whole,
)

# A customer has one of these at most.
OPEN = "state IN ('active', 'frozen')"
# So has whatever a program keeps carts for.
KEPT_OPEN = f"{OPEN} AND kept_by IS NOT NULL"
# Whose buyers may be written to.
ABANDONED = "state = 'active' AND email IS NOT NULL AND reminded_at IS NULL"
# Guests' carts that were not bought, with what they tell; they end with `expires_at`.
TO_BLANK = "customer_id IS NULL AND blanked_at IS NULL AND state IN ('active', 'expired', 'merged')"


class Cart(SQLModel, table=True):
    """What somebody is about to buy.

    Whoever knows the `token` of a guest's cart may do all with it; an erased customer's has none.
    Addresses are objects with the fields of an address book's entry. `expires_at` moves on
    with every change; a frozen cart, which is being paid for, does not expire. `blanked_at` is
    when an old guest's cart lost what it told about the guest. `kept_by` names the caller whose
    current cart this is, `api_key:12`, and `kept_for` what it is kept for: see `rules/keeping`.
    """

    __tablename__ = "carts"
    __table_args__ = (
        Index("uq_carts_customer_id_open", "customer_id", unique=True, postgresql_where=text(OPEN)),
        Index(
            "uq_carts_kept_open",
            "kept_by",
            "kept_for",
            unique=True,
            postgresql_where=text(KEPT_OPEN),
        ),
        Index(
            "ix_carts_kept_by_kept_for_id",
            "kept_by",
            "kept_for",
            "id",
            postgresql_where=text("kept_by IS NOT NULL"),
        ),
        Index("ix_carts_customer_id_id", "customer_id", "id"),
        Index("ix_carts_updated_at_id", "updated_at", "id"),
        Index("ix_carts_lower_email", text("lower(email)")),
        Index(
            "ix_carts_abandoned",
            "updated_at",
            "id",
            postgresql_where=text(ABANDONED),
        ),
        Index("ix_carts_to_blank", "expires_at", "id", postgresql_where=text(TO_BLANK)),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("length(token) >= 22", name="token_unguessable"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint(
            "(state = 'completed') = (order_id IS NOT NULL)", name="completed_by_order"
        ),
        {"info": {"customer": "customer_id", "erased": "blanked"}},
    )

    id: int = key()
    token: str | None = optional_text(unique=True)
    state: CartState = choice(CartState, CartState.ACTIVE)
    customer_id: int | None = refers_to(
        "customers.id", on_delete="RESTRICT", nullable=True, index=False
    )
    email: str | None = personal(optional_text(), "E-mail address of the buyer.")
    phone: str | None = personal(optional_text(), "Phone number of the buyer.")
    currency: str = required_text()
    locale: str | None = personal(optional_text(), "Language of mails.")
    shipping_address: dict[str, Any] | None = personal(
        optional_json(none_as_null=False), "Where the goods were to be sent."
    )
    billing_address: dict[str, Any] | None = personal(
        optional_json(none_as_null=False), "Where the invoice was to be sent."
    )
    shipping_method_id: int | None = optional_number_of()
    payment_method_id: int | None = optional_number_of()
    codes: list[str] = personal(texts(), "Coupon codes that were typed in.")
    gift_card_ids: list[int] = personal(
        numbers_of(),
        "Gift cards to pay with, by their numbers.",
    )
    note: str = personal(default_text(), "What the buyer wrote to the shop.")
    extra_fields: dict[str, Any] = personal(
        json_object(), "Answers to questions the shop has added."
    )
    attribution: dict[str, Any] = personal(json_object(), "What led the buyer to the shop.")
    source: str = default_text()
    kept_by: str | None = optional_text()
    kept_for: str = default_text()
    order_id: int | None = optional_number_of()
    merged_into_id: int | None = optional_number_of()
    reminded_at: datetime | None = moment(nullable=True)
    expires_at: datetime = moment(now=False)
    blanked_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class CartLine(SQLModel, table=True):
    """Units of a variant with the same `extra_fields`, of which `digest` stands for the content.

    `seen_unit_price` is what a unit cost when the line was last changed.
    """

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id", "digest"),
        CheckConstraint("quantity >= 1", name="quantity_positive"),
        CheckConstraint("seen_unit_price >= 0", name="seen_unit_price_not_negative"),
        {"info": {"customer": "cart_id", "erased": "deleted"}},
    )

    id: int = key()
    cart_id: int = refers_to("carts.id", index=False)
    variant_id: int = refers_to("variants.id")
    quantity: int = whole(1)
    extra_fields: dict[str, Any] = personal(json_object(), "What was asked for with the goods.")
    digest: bytes = Field(
        default=b"",
        sa_type=LargeBinary,
        nullable=False,
        sa_column_kwargs={"server_default": text("''::bytea")},
    )
    seen_unit_price: Decimal | None = money(nullable=True)
    position: int = whole()
    created_at: datetime = moment()
    updated_at: datetime = moment()
