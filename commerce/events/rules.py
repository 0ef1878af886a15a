"""What can be asked of the log."""

from collections.abc import Collection
from dataclasses import dataclass

from commerce.core.events import EventType


@dataclass(frozen=True, slots=True)
class EventFilter:
    """`types` None means all of them; `resource` is the type's name and the key of one thing."""

    types: Collection[EventType] | None = None
    resource: tuple[str, int] | None = None
