"""API keys."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from commerce.core.columns import key, moment, optional_text, required_text, texts


class ApiKey(SQLModel, table=True):
    """A credential for programs. The secret itself is shown once and never stored.

    `public_id` is the part of the key that is stored in the clear, to find the row by.
    `dialect` None means the key is good for GraphQL and every REST dialect.
    """

    __tablename__ = "api_keys"

    id: int = key()
    public_id: str = required_text(unique=True)
    secret_sha256: bytes = Field(sa_type=LargeBinary, nullable=False)
    name: str = required_text()
    hint: str = required_text()
    scopes: list[str] = texts()
    dialect: str | None = optional_text()
    expires_at: datetime | None = moment(nullable=True)
    last_used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
