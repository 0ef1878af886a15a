"""The log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, Uuid
from sqlmodel import SQLModel

from commerce.core.columns import (
    Field,
    default_text,
    json_object,
    key,
    moment,
    number_of,
    required_text,
    text_key,
)


class LoggedEvent(SQLModel, table=True):
    """Rows are added at the end and never changed. A trigger refuses it.

    `position` counts all events in the order in which they can be seen, so that whoever has read
    up to one misses nothing by going on behind it. `resource_sequence` counts those of one thing.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("resource_type", "resource_id", "resource_sequence"),
        Index("ix_events_type_position", "type", "position"),
        Index("ix_events_occurred_at", "occurred_at"),
    )

    position: int = key()
    event_id: UUID = Field(sa_type=Uuid, nullable=False)
    type: str = required_text()
    resource_type: str = required_text()
    resource_id: int = number_of()
    resource_sequence: int = number_of()
    data: dict[str, Any] = json_object()
    actor: str = default_text()
    request_id: str = default_text()
    occurred_at: datetime = moment()


class EventStream(SQLModel, table=True):
    """How many events of one thing were logged; events are forgotten, the number is not."""

    __tablename__ = "event_streams"

    resource_type: str = text_key()
    resource_id: int = Field(primary_key=True, sa_type=BigInteger)
    last_sequence: int = number_of()


class EventLogEnd(SQLModel, table=True):
    """The only row: the last position. Whoever holds it numbers the next events."""

    __tablename__ = "event_log_end"

    id: int = key(1)
    position: int = number_of(sa_column_kwargs={"server_default": "0"})
