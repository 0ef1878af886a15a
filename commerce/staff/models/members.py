"""The shop's people and what they may do."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    default_text,
    flag,
    key,
    moment,
    optional_text,
    personal,
    refers_to,
    required_text,
    texts,
    version,
)


class Role(SQLModel, table=True):
    """A named set of scopes. `built_in` names those that every store has (`BuiltInRole`).

    The owner's `scopes` are not read: it has every scope there is.
    """

    __tablename__ = "roles"
    __table_args__ = (Index("uq_roles_name", text("lower(name)"), unique=True),)

    id: int = key()
    name: str = required_text()
    built_in: str | None = optional_text(unique=True)
    scopes: list[str] = texts()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class StaffMember(SQLModel, table=True):
    """Somebody who works on the store. Without `accepted_at` the invitation is still open."""

    __tablename__ = "staff_members"
    __table_args__ = (
        Index("uq_staff_members_email", text("lower(email)"), unique=True),
        Index("ix_staff_members_name_id", "name", "id"),
        CheckConstraint("accepted_at IS NULL OR password_hash IS NOT NULL", name="has_password"),
    )

    id: int = key()
    email: str = personal(required_text())
    name: str = personal(required_text())
    password_hash: str | None = optional_text()
    locale: str = default_text("en")
    role_id: int = refers_to("roles.id", on_delete="RESTRICT")
    active: bool = flag(True)
    invited_at: datetime = moment()
    accepted_at: datetime | None = moment(nullable=True)
    last_sign_in_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()
