"""Sessions of people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from commerce.core.columns import default_text, key, moment, personal, refers_to, required_bytes


class Session(SQLModel, table=True):
    """One sign-in of a customer or a staff member, kept alive by refresh tokens.

    The row is the session: signing out deletes it. Of the refresh token only the hash of the last
    one is stored: all earlier ones are used up.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(customer_id, staff_id) = 1", name="one_holder"),
        Index(
            "ix_sessions_customer_id",
            "customer_id",
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        Index("ix_sessions_staff_id", "staff_id", postgresql_where=text("staff_id IS NOT NULL")),
        Index("ix_sessions_expires_at", "expires_at"),
        {"info": {"customer": "customer_id", "erased": "deleted"}},
    )

    id: int = key()
    customer_id: int | None = refers_to("customers.id", nullable=True, index=False)
    staff_id: int | None = refers_to("staff_members.id", nullable=True, index=False)
    refresh_sha256: bytes = required_bytes()
    device: str = personal(default_text(), "The program and system that signed in.")
    created_at: datetime = moment()
    last_used_at: datetime = moment()
    expires_at: datetime = moment(now=False)
