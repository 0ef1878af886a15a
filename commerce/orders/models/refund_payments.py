"""By what the money of a refund goes back."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    key,
    moment,
    optional_number_of,
    refers_to,
    sum_of_money,
    whole,
)
from commerce.orders.kinds import RefundStatus
from commerce.orders.models.refunds import OF_REFUND


class RefundPayment(SQLModel, table=True):
    """How much of a refund goes back by one payment; without one, to the gift cards that paid.

    `attempt_id` is the payment attempt that carries it: the last one, where it was refused and
    asked for again. `asked` counts them.
    """

    __tablename__ = "refund_payments"
    __table_args__ = (
        UniqueConstraint("refund_id", "payment_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(payment_id IS NULL) = (attempt_id IS NULL)", name="carried"),
        OF_REFUND,
    )

    id: int = key()
    refund_id: int = refers_to("refunds.id", on_delete="RESTRICT", index=False)
    payment_id: int | None = optional_number_of()
    attempt_id: int | None = optional_number_of(unique=True)
    status: RefundStatus = choice(RefundStatus, RefundStatus.PENDING)
    amount: Decimal = sum_of_money()
    asked: int = whole(1)
    settled_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
