"""Messages on their way out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    default_text,
    key,
    moment,
    optional_bytes,
    optional_number_of,
    personal,
    required_text,
    whole,
)


class OutgoingMessage(SQLModel, table=True):
    """A message until it is sent; then the row is deleted.

    `data` is encrypted: it may hold addresses. A message that could not be sent stays as a dead
    one, without data and without its customer, to be counted and looked into. `due_at` is also
    the lease: whoever takes a message moves it on, and nobody else sees it before that time.
    """

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        CheckConstraint("(died_at IS NULL) = (data IS NOT NULL)", name="dead_without_data"),
        CheckConstraint("died_at IS NULL OR customer_id IS NULL", name="dead_is_nobodys"),
        Index("ix_outgoing_messages_due_at", "due_at", postgresql_where=text("died_at IS NULL")),
        Index(
            "ix_outgoing_messages_customer_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    kind: str = required_text()
    data: bytes | None = personal(optional_bytes(), "What a message is written from.")
    customer_id: int | None = optional_number_of()
    tries: int = whole()
    due_at: datetime = moment()
    error: str = default_text()
    died_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
