"""The queue of messages that are to be sent when the transaction at hand is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson

from commerce.core.cipher import Cipher
from commerce.core.clock import Clock
from commerce.notifications.repository import MessageRow, OutgoingMessageRepository
from commerce.notifications.repository.log import NotificationLogRepository

DEAD_KEPT: Final = timedelta(days=90)
LOG_KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Following:
    """A message that follows from an event: `event_key` names that and the recipient."""

    kind: str
    event_key: str
    data: Mapping[str, Any]
    customer_id: int | None = None


class NotificationQueue:
    def __init__(
        self,
        messages: OutgoingMessageRepository,
        sent: NotificationLogRepository,
        cipher: Cipher,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._sent = sent
        self._cipher = cipher
        self._clock = clock

    async def add(self, kind: str, data: Mapping[str, Any], customer_id: int | None = None) -> None:
        """Have a message of this kind sent once the transaction is committed.

        What is sent, if anything, is decided by the handler of `kind`, later and elsewhere: this
        costs one statement whatever `data` says, so that its duration tells nothing. `data` is
        JSON and stored encrypted.
        """
        await self._messages.add(
            kind=kind, data=self._sealed(data), customer_id=customer_id, due_at=self._clock()
        )

    async def add_following(self, messages: Sequence[Following]) -> None:
        """The same of what follows from events; what was queued for one is not queued again."""
        known = await self._sent.known([message.event_key for message in messages])
        rows = [
            {
                "kind": message.kind,
                "event_key": message.event_key,
                "data": self._sealed(message.data),
                "customer_id": message.customer_id,
                "due_at": self._clock(),
            }
            for message in messages
            if message.event_key not in known
        ]
        if rows:
            await self._messages.add_once(rows)

    def _sealed(self, data: Mapping[str, Any]) -> bytes:
        return self._cipher.encrypt(orjson.dumps(dict(data)))

    async def summary(self) -> Sequence[MessageRow]:
        """What waits and what was given up: `dead`, `kind`, `error`, `count`, `oldest`."""
        return await self._messages.summary()

    async def forget_dead(self) -> int:
        """Delete what was given up or sent long ago: by now somebody has looked into it, or never
        will."""
        forgotten = await self._messages.remove_dead(self._clock() - DEAD_KEPT)
        return forgotten + await self._sent.remove(self._clock() - LOG_KEPT)

    async def forget(self, customer_id: int) -> None:
        """Drop what is still to be sent to a customer."""
        await self._messages.remove_of_customer(customer_id)
