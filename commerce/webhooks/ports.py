"""What webhooks need of the world outside."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from commerce.core.events import EventType
from commerce.core.happened import Happened


class Format(Protocol):
    """How an endpoint's messages look, and how long they are tried."""

    @property
    def event_types(self) -> Collection[EventType]:
        """What can be told."""

    @property
    def waits(self) -> Sequence[float]:
        """Seconds between one try and the next: one more try than there are waits."""

    @property
    def jitter(self) -> float:
        """By what part of it a wait may be longer or shorter."""

    @property
    def answer_within(self) -> float:
        """Seconds."""

    @property
    def suspends(self) -> bool:
        """Whether an endpoint is given up with the first message that is."""

    @property
    def personal(self) -> bool:
        """Whether messages may tell of persons: they are kept no longer than needed."""

    async def body(self, happened: Happened) -> bytes | None:
        """What is sent; None when there is nothing to tell any more. Raises when it cannot say."""

    def headers(self, happened: Happened, body: bytes, secret: str) -> Mapping[str, str]:
        """Beside those of Standard Webhooks, in lower case."""
