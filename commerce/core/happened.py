"""An event as the log tells it to those who are told of it outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.core.events import EventType


@dataclass(frozen=True, slots=True)
class Happened:
    """`type` None is a test: nothing happened at all, `resource_*` name the endpoint."""

    event_id: UUID
    type: EventType | None
    resource_type: str
    resource_id: int
    resource_sequence: int
    occurred_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The id as everybody outside knows it."""
        return f"evt_{self.event_id.hex}"
