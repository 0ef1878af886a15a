"""What can be asked of the log."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from commerce.core.events import EventType


class Happened(Protocol):
    """What a filter looks at, of an event in the log."""

    @property
    def type(self) -> str: ...
    @property
    def resource_type(self) -> str: ...
    @property
    def resource_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class EventFilter:
    """`types` None means all of them; `resource` is the type's name and the key of one thing."""

    types: Collection[EventType] | None = None
    resource: tuple[str, int] | None = None

    def admits(self, event: Happened) -> bool:
        """Whether a question for these would be answered with this one."""
        if self.resource not in (None, (event.resource_type, event.resource_id)):
            return False
        return self.types is None or any(type_.value == event.type for type_ in self.types)


class Kept(NamedTuple):
    """What there is of the log: everything behind `before` and up to `end`."""

    before: int
    end: int

    def has_all_behind(self, position: int) -> bool:
        return self.before <= position <= self.end
