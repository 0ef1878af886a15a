"""Series of numbers, and what was issued under them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    Field,
    choice,
    default_text,
    flag,
    key,
    moment,
    money,
    number_of,
    optional_json,
    optional_text,
    personal,
    refers_to,
    required_json,
    required_text,
    version,
    whole,
)
from commerce.invoices.kinds import InvoiceKind


class InvoiceSeries(SQLModel, table=True):
    """Where numbers come from, one after the other without a gap.

    A number is the prefix, of a `yearly` one the year, the count with at least `digits` digits,
    and the suffix. Without a `prefix` or `suffix` it is the store's. `next_value` is the count that
    is given out next in `year`; a `yearly` series begins anew with each year of the shop. `note` is
    printed on all that is issued.
    """

    __tablename__ = "invoice_series"
    __table_args__ = (
        Index("uq_invoice_series_kind", "kind", unique=True, postgresql_where=text("is_default")),
        CheckConstraint("digits BETWEEN 1 AND 12", name="digits"),
        CheckConstraint("next_value > 0", name="next_value"),
    )

    id: int = key()
    code: str = required_text(unique=True)
    kind: InvoiceKind = choice(InvoiceKind, InvoiceKind.INVOICE)
    prefix: str | None = optional_text()
    suffix: str | None = optional_text()
    digits: int = whole(4)
    yearly: bool = flag()
    is_default: bool = flag()
    on_payment: bool = flag()
    note: str = default_text()
    year: int = whole()
    next_value: int = Field(
        default=1,
        sa_type=BigInteger,
        nullable=False,
        sa_column_kwargs={"server_default": text("1")},
    )
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Invoice(SQLModel, table=True):
    """What was issued, as it was then: rows stay as they are, but for a buyer who is erased once
    the law has the row kept no more.

    `contents` is all that is printed but for the buyer, and tells nothing about a person. A credit
    note corrects an invoice: `corrects_id`.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("series_id", "year", "number_value"),
        Index("ix_invoices_issued_at_id", "issued_at", "id"),
        Index("ix_invoices_order_id_id", "order_id", "id"),
        Index(
            "uq_invoices_order_id",
            "order_id",
            unique=True,
            postgresql_where=text("kind = 'invoice'"),
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name="refund"),
        CheckConstraint("(kind = 'credit_note') = (corrects_id IS NOT NULL)", name="corrects"),
        {"info": {"customer": "order_id", "erased": "blanked", "kept_since": "issued_at"}},
    )

    id: int = key()
    series_id: int = refers_to("invoice_series.id", on_delete="RESTRICT", index=False)
    kind: InvoiceKind = choice(InvoiceKind, InvoiceKind.INVOICE)
    year: int = whole()
    number_value: int = number_of()
    number: str = required_text(unique=True)
    order_id: int = refers_to("orders.id", on_delete="RESTRICT", index=False)
    refund_id: int | None = refers_to(
        "refunds.id", on_delete="RESTRICT", nullable=True, index=False, unique=True
    )
    corrects_id: int | None = refers_to("invoices.id", on_delete="RESTRICT", nullable=True)
    issued_at: datetime = moment()
    currency: str = required_text()
    net: Decimal = money()
    tax: Decimal = money()
    total: Decimal = money()
    contents: dict[str, Any] = required_json()
    buyer: dict[str, Any] | None = personal(
        optional_json(),
        "Whom the invoice is made out to.",
    )
