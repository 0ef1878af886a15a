"""Payments: the methods on offer, what was asked of providers, and what moved.

Nothing here can pay: no card number, no secret of a provider. What a buyer pays with is passed to
the provider and forgotten.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_object,
    key,
    moment,
    money,
    numbers_of,
    optional_json,
    optional_number_of,
    optional_text,
    refers_to,
    required_text,
    sum_of_money,
    texts,
    version,
    whole,
)
from commerce.payments.kinds import (
    AttemptKind,
    AttemptState,
    CaptureMode,
    MethodKind,
    TransactionKind,
)
from commerce.pricing.kinds import SurchargeBase, SurchargeKind


class PaymentMethod(SQLModel, table=True):
    """A way to pay. Empty restrictions restrict nothing; totals are in the store's currency.

    Paying with it may cost a surcharge: an amount in whatever currency, or a percentage. `details`
    are what programs show buyers to pay with, such as an account, and no secrets.
    """

    __tablename__ = "payment_methods"
    __table_args__ = (
        CheckConstraint("min_total <= max_total", name="totals"),
        CheckConstraint("min_total >= 0", name="min_total"),
        CheckConstraint("surcharge_value >= 0", name="surcharge_value"),
        CheckConstraint(
            "(surcharge_kind IS NULL) = (surcharge_value IS NULL)", name="whole_surcharge"
        ),
    )

    id: int = key()
    code: str = required_text(unique=True)
    name: str = required_text()
    description: str = default_text()
    instructions: str = default_text()
    details: dict[str, Any] = json_object()
    image_url: str | None = optional_text()
    preselected: bool = flag()
    kind: MethodKind = choice(MethodKind, MethodKind.OTHER)
    provider: str = required_text()
    capture: CaptureMode = choice(CaptureMode, CaptureMode.AT_ONCE)
    countries: list[str] = texts()
    currencies: list[str] = texts()
    min_total: Decimal | None = money(nullable=True)
    max_total: Decimal | None = money(nullable=True)
    customer_group_ids: list[int] = numbers_of()
    shipping_method_ids: list[int] = numbers_of()
    surcharge_kind: SurchargeKind | None = choice(SurchargeKind, nullable=True)
    surcharge_value: Decimal | None = money(nullable=True)
    surcharge_base: SurchargeBase = choice(SurchargeBase, SurchargeBase.SUBTOTAL)
    surcharge_taxable: bool = flag(True)
    surcharge_tax_class_id: int | None = refers_to(
        "tax_classes.id", on_delete="SET NULL", nullable=True
    )
    position: int = whole()
    active: bool = flag(True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Payment(SQLModel, table=True):
    """Money that is to come for a cart or an order, and how much of it has.

    What is pending was asked of the provider and not answered yet. A closed payment takes no more
    money: whatever of it is authorized and not captured counts as voided.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint(
            "captured + capture_pending + voided + void_pending <= authorized",
            name="within_authorized",
        ),
        CheckConstraint("refunded + refund_pending <= captured", name="within_captured"),
        CheckConstraint(
            "least(authorized, captured, voided, refunded,"
            " capture_pending, void_pending, refund_pending) >= 0",
            name="not_negative",
        ),
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_payments_provider_payment_reference",
            "provider",
            "payment_reference",
            unique=True,
            postgresql_where=text("payment_reference IS NOT NULL"),
        ),
        Index(
            "ix_payments_updated_at_for_nothing",
            "updated_at",
            postgresql_where=text("order_id IS NULL AND authorized > voided + refunded"),
        ),
    )

    id: int = key()
    cart_id: int | None = optional_number_of(index=True)
    order_id: int | None = optional_number_of(index=True)
    method_id: int = refers_to("payment_methods.id", on_delete="RESTRICT")
    provider: str = required_text()
    payment_reference: str | None = optional_text()
    amount: Decimal = money()
    currency: str = required_text()
    authorized: Decimal = sum_of_money()
    captured: Decimal = sum_of_money()
    voided: Decimal = sum_of_money()
    refunded: Decimal = sum_of_money()
    capture_pending: Decimal = sum_of_money()
    void_pending: Decimal = sum_of_money()
    refund_pending: Decimal = sum_of_money()
    closed: bool = flag()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class PaymentAttempt(SQLModel, table=True):
    """One thing asked of a provider. `key` is the caller's, `provider_key` what the provider knows
    the attempt by; `booked` is how much it has moved.
    """

    __tablename__ = "payment_attempts"
    __table_args__ = (
        UniqueConstraint("payment_id", "kind", "key"),
        Index(
            "ix_payment_attempts_updated_at_in_flight",
            "updated_at",
            postgresql_where=text("state IN ('pending', 'action_required')"),
        ),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: int = key()
    payment_id: int = refers_to("payments.id", on_delete="RESTRICT", index=False)
    kind: AttemptKind = choice(AttemptKind, AttemptKind.CHARGE)
    state: AttemptState = choice(AttemptState, AttemptState.PENDING)
    amount: Decimal = money()
    booked: Decimal = sum_of_money()
    key: str = required_text()
    provider_key: str = required_text(unique=True)
    provider_reference: str | None = optional_text(index=True)
    by_client: bool = flag()
    decline_code: str | None = optional_text()
    next_action: dict[str, Any] | None = optional_json(none_as_null=False)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)


class PaymentTransaction(SQLModel, table=True):
    """One movement of money. Rows are only ever added; a refund that a bank has sent back is one
    with a negative amount.
    """

    __tablename__ = "payment_transactions"

    id: int = key()
    payment_id: int = refers_to("payments.id", on_delete="RESTRICT")
    attempt_id: int = refers_to("payment_attempts.id", on_delete="RESTRICT")
    kind: TransactionKind = choice(TransactionKind, TransactionKind.CAPTURE)
    amount: Decimal = money()
    created_at: datetime = moment()


class PaymentEvent(SQLModel, table=True):
    """A provider's report that was taken, so that it counts once."""

    __tablename__ = "payment_events"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)

    id: int = key()
    provider: str = required_text()
    event_id: str = required_text()
    received_at: datetime = moment()


class BookedCharge(SQLModel, table=True):
    """What the test provider has done: its own book, as if it were another company's.

    `settles_at` is when what it would not say becomes known.
    """

    __tablename__ = "test_provider_charges"

    id: int = key()
    key: str = required_text(unique=True)
    kind: AttemptKind = choice(AttemptKind, AttemptKind.CHARGE)
    payment_reference: str = required_text(index=True)
    provider_reference: str = required_text()
    amount: Decimal = money()
    currency: str = required_text()
    state: AttemptState = choice(AttemptState, AttemptState.SUCCEEDED)
    decline_code: str | None = optional_text()
    settles_at: datetime = moment()
    asked: int = whole(1)
    created_at: datetime = moment()
