"""Tokens that are good for one thing, once."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    json_object,
    key,
    moment,
    personal,
    refers_to,
    required_bytes,
)
from commerce.identity.kinds import Purpose


class PurposeToken(SQLModel, table=True):
    """What a link in a mail proves. The token itself is in the mail alone; using it deletes the
    row, and a new one takes the place of an older one for the same purpose.

    `bound_sha256` is a hash of what the token was issued against, such as the password it may
    replace: once that has changed, the token says so.
    """

    __tablename__ = "purpose_tokens"
    __table_args__ = (
        CheckConstraint("num_nonnulls(customer_id, staff_id) = 1", name="one_holder"),
        Index(
            "uq_purpose_tokens_customer_id",
            "customer_id",
            "purpose",
            unique=True,
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index(
            "uq_purpose_tokens_staff_id",
            "staff_id",
            "purpose",
            unique=True,
            postgresql_where=text("staff_id IS NOT NULL"),
        ),
        Index("ix_purpose_tokens_expires_at", "expires_at"),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    purpose: Purpose = choice(Purpose, Purpose.VERIFY_EMAIL)
    customer_id: int | None = refers_to("customers.id", nullable=True, index=False)
    staff_id: int | None = refers_to("staff_members.id", nullable=True, index=False)
    sha256: bytes = required_bytes(unique=True)
    bound_sha256: bytes = required_bytes()
    data: dict[str, Any] = personal(
        json_object(),
        "What a link in a mail will do, such as the new e-mail address.",
    )
    expires_at: datetime = moment(now=False)
    created_at: datetime = moment()
