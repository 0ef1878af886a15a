"""Clients, what they were granted, and the codes and tokens that come of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from commerce.core.columns import (
    flag,
    key,
    moment,
    optional_bytes,
    optional_text,
    refers_to,
    required_bytes,
    required_text,
    texts,
)


class OAuthClient(SQLModel, table=True):
    """A program that is let in by staff, or stands for itself. A public one has no secret."""

    __tablename__ = "oauth_clients"
    __table_args__ = (
        CheckConstraint("is_public = (secret_sha256 IS NULL)", name="secret_unless_public"),
    )

    id: int = key()
    client_id: str = required_text(unique=True)
    secret_sha256: bytes | None = optional_bytes()
    name: str = required_text()
    redirect_uris: list[str] = texts()
    scopes: list[str] = texts()
    grants: list[str] = texts()
    is_public: bool = flag()
    dialect: str | None = optional_text()
    owner_id: int | None = refers_to("staff_members.id", on_delete="SET NULL", nullable=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class OAuthGrant(SQLModel, table=True):
    """What a client was granted, by the staff member `staff_id` or, without one, by itself.

    `public_id` finds the row of a refresh token, whose present secret is stored as a hash.
    """

    __tablename__ = "oauth_grants"

    id: int = key()
    client_id: int = refers_to("oauth_clients.id")
    staff_id: int | None = refers_to("staff_members.id", nullable=True)
    scopes: list[str] = texts()
    public_id: str | None = optional_text(unique=True)
    refresh_sha256: bytes | None = optional_bytes()
    refresh_expires_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class OAuthCode(SQLModel, table=True):
    """What a browser carries from the consent to the client; `grant_id` is what it gave."""

    __tablename__ = "oauth_codes"

    id: int = key()
    code_sha256: bytes = required_bytes(unique=True)
    client_id: int = refers_to("oauth_clients.id")
    staff_id: int = refers_to("staff_members.id")
    redirect_uri: str | None = optional_text()
    scopes: list[str] = texts()
    challenge: str | None = optional_text()
    expires_at: datetime = moment(now=False)
    used_at: datetime | None = moment(nullable=True)
    grant_id: int | None = refers_to("oauth_grants.id", nullable=True)


class OAuthToken(SQLModel, table=True):
    """An access token."""

    __tablename__ = "oauth_tokens"

    id: int = key()
    token_sha256: bytes = required_bytes(unique=True)
    grant_id: int = refers_to("oauth_grants.id")
    scopes: list[str] = texts()
    expires_at: datetime = moment(now=False)
