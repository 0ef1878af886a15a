"""The audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from commerce.audit.kinds import AuditOperation
from commerce.core.columns import (
    choice,
    default_text,
    key,
    moment,
    optional_json,
    optional_number_of,
    required_text,
)


class AuditEntry(SQLModel, table=True):
    """What somebody did to one row. Triggers write the entries and refuse to change them.

    `record` is the table, `target_kind` and `target_id` say which thing the row is or belongs to.
    `before` and `after` hold the columns that differ; those of secrets and of what is personal
    say `[redacted]`. Of an event they hold its facts.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_occurred_at_id", "occurred_at", "id"),
        Index("ix_audit_log_actor_occurred_at_id", "actor", "occurred_at", "id"),
        Index("ix_audit_log_action_occurred_at_id", "action", "occurred_at", "id"),
        Index(
            "ix_audit_log_target_kind_target_id_occurred_at_id",
            "target_kind",
            "target_id",
            "occurred_at",
            "id",
        ),
        Index(
            "ix_audit_log_request_id_occurred_at_id",
            "request_id",
            "occurred_at",
            "id",
            postgresql_where=text("request_id <> ''"),
        ),
    )

    id: int = key()
    occurred_at: datetime = moment()
    actor: str = required_text()
    action: str = default_text()
    request_id: str = default_text()
    operation: AuditOperation = choice(AuditOperation)
    record: str = default_text()
    target_kind: str = required_text()
    target_id: int | None = optional_number_of()
    before: dict[str, Any] | None = optional_json(none_as_null=False)
    after: dict[str, Any] | None = optional_json(none_as_null=False)
