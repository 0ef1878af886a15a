"""Calls that may be sent again, and what they were answered."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    key,
    moment,
    optional_bytes,
    optional_number_of,
    personal,
    required_bytes,
)


class IdempotencyKey(SQLModel, table=True):
    """A call from its claim until it expires; `answer` is None while it is being done.

    `owner` is whoever does it just now, `lease_until` when they are taken for dead. Nothing here
    can be read without the caller's own key. The row goes with its customer.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        Index(
            "ix_idempotency_keys_customer_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index("ix_idempotency_keys_expires_at", "expires_at"),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    name_digest: bytes = required_bytes(unique=True)
    request_digest: bytes = required_bytes()
    owner: bytes = required_bytes()
    lease_until: datetime = moment(now=False)
    answer: bytes | None = personal(optional_bytes(), "What a call was answered.")
    customer_id: int | None = optional_number_of()
    expires_at: datetime = moment(now=False)
