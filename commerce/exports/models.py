"""Exports that were asked for, and where the storage has them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from commerce.core.columns import (
    choice,
    key,
    moment,
    optional_number_of,
    required_text,
    whole,
)
from commerce.exports.kinds import ExportFormat, ExportKind


class Export(SQLModel, table=True):
    """From the request until a while after the file was written; then both are removed.

    `key` is a name that nobody can guess. `made_at` and `bytes` are there once the file is.
    `left_out` counts what the format cannot hold.
    """

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("(made_at IS NULL) = (bytes IS NULL)", name="made"),
        Index("ix_exports_expires_at", "expires_at"),
    )

    id: int = key()
    kind: ExportKind = choice(ExportKind, ExportKind.PRODUCTS)
    format: ExportFormat = choice(ExportFormat, ExportFormat.CSV)
    key: str = required_text()
    owner: str = required_text()
    job_id: int | None = optional_number_of()
    rows: int = whole()
    left_out: int = whole()
    bytes: int | None = optional_number_of()
    made_at: datetime | None = moment(nullable=True)
    expires_at: datetime = moment(now=False)
    created_at: datetime = moment()
