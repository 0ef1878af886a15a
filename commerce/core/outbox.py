"""Where transactions leave what happened, for the log of events to find."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Insert, Uuid, insert
from sqlmodel import SQLModel

from commerce.core.columns import (
    Field,
    default_text,
    json_object,
    key,
    moment,
    number_of,
    required_text,
)
from commerce.core.events import Event
from commerce.core.ids import time_ordered_id
from commerce.core.stamp import Stamp
from commerce.core.writes import given, written

NAMES: Final = ("event_id", "type", "resource_type", "resource_id", "data", "actor", "request_id")


class OutgoingEvent(SQLModel, table=True):
    """Seen when its transaction has committed, and moved to the log then."""

    __tablename__ = "event_outbox"

    id: int = key()
    event_id: UUID = Field(sa_type=Uuid, nullable=False)
    type: str = required_text()
    resource_type: str = required_text()
    resource_id: int = number_of()
    data: dict[str, Any] = json_object()
    actor: str = default_text()
    request_id: str = default_text()
    occurred_at: datetime = moment()


def outgoing(events: Sequence[Event], stamp: Stamp) -> tuple[Insert, Sequence[Mapping[str, Any]]]:
    """One statement, and what it is to be run with."""
    return _adding(), [
        written(
            {
                "event_id": time_ordered_id(),
                "type": event.type.value,
                "resource_type": event.resource_type,
                "resource_id": event.resource_id,
                "data": dict(event.data),
                "actor": stamp.actor,
                "request_id": stamp.request_id,
            }
        )
        for event in events
    ]


@cache
def _adding() -> Insert:
    return insert(OutgoingEvent).values(**given(OutgoingEvent, NAMES))
