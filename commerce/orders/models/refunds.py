"""Money that went back, and for what."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    json_array,
    key,
    moment,
    optional_text,
    personal,
    refers_to,
    required_text,
    sum_of_money,
    whole,
)
from commerce.orders.kinds import RefundStatus
from commerce.orders.models.columns import BLANKED, OF_ORDER

OF_REFUND: Final[dict[str, Any]] = {"info": {"customer": "refund_id", **BLANKED}}


class Refund(SQLModel, table=True):
    """`amount` is what goes back in all: lines, `shipping`, surcharges and whatever else was
    agreed on.

    It is nothing for units that were free of charge, and those of which the others take the cents.
    Its units count as refunded from the moment it is asked for; if it fails, they do no more.
    `key` is the caller's: asked for twice with the same one it is the same refund.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        Index("ix_refunds_order_id_id", "order_id", "id"),
        UniqueConstraint("order_id", "key"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("shipping >= 0", name="shipping"),
        CheckConstraint("surcharge >= 0", name="surcharge"),
        OF_ORDER,
    )

    id: int = key()
    order_id: int = refers_to("orders.id", on_delete="RESTRICT", index=False)
    key: str | None = optional_text()
    status: RefundStatus = choice(RefundStatus, RefundStatus.PENDING)
    currency: str = required_text()
    amount: Decimal = sum_of_money()
    shipping: Decimal = sum_of_money()
    surcharge: Decimal = sum_of_money()
    tax: Decimal = sum_of_money()
    taxes: list[Any] = json_array()
    reason: str = personal(default_text(), "Why money went back.")
    actor: str = default_text()
    settled_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class RefundLine(SQLModel, table=True):
    """What went back for units of a line. Without `quantity` the price was lowered."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        UniqueConstraint("refund_id", "order_line_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
        OF_REFUND,
    )

    id: int = key()
    refund_id: int = refers_to("refunds.id", on_delete="RESTRICT", index=False)
    order_line_id: int = refers_to("order_lines.id", on_delete="RESTRICT")
    quantity: int = whole()
    net: Decimal = sum_of_money()
    tax: Decimal = sum_of_money()
    gross: Decimal = sum_of_money()
    taxes: list[Any] = json_array()
