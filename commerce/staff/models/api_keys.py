"""API keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from commerce.core.columns import (
    flag,
    key,
    moment,
    optional_bytes,
    optional_text,
    optional_whole,
    refers_to,
    required_bytes,
    required_text,
    texts,
)


class ApiKey(SQLModel, table=True):
    """A credential for programs. The secret itself is shown once and never stored.

    `public_id` is the part of the key that is stored in the clear, to find the row by; it stays
    when the secret is rotated. `dialect` None means the key is good for GraphQL and every REST
    dialect, `calls_per_minute` None that it has the rates all keys have. `password_sha256` is that
    of the password Cartino's clients send beside the key.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(
            "(previous_sha256 IS NULL) = (previous_until IS NULL)", name="previous_whole"
        ),
        CheckConstraint(
            "NOT is_public OR (dialect = 'ecwid' AND scopes = '{}')", name="public_reach"
        ),
        CheckConstraint(
            "password_sha256 IS NULL OR dialect = 'cartino'", name="password_of_cartino"
        ),
        CheckConstraint("calls_per_minute > 0", name="calls_positive"),
    )

    id: int = key()
    public_id: str = required_text(unique=True)
    secret_sha256: bytes = required_bytes()
    # When the present secret was first used; until then nobody may rely on it.
    taken_up_at: datetime | None = moment(nullable=True)
    previous_sha256: bytes | None = optional_bytes()
    previous_until: datetime | None = moment(nullable=True)
    rotated_at: datetime | None = moment(nullable=True)
    password_sha256: bytes | None = optional_bytes()
    name: str = required_text()
    hint: str = required_text()
    reference: str | None = optional_text(unique=True)
    scopes: list[str] = texts()
    dialect: str | None = optional_text()
    is_public: bool = flag()
    allowed_ips: list[str] = texts()
    calls_per_minute: int | None = optional_whole()
    owner_id: int | None = refers_to("staff_members.id", on_delete="SET NULL", nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    last_used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
