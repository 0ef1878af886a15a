"""The queue of messages that are to be sent when the transaction at hand is over."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import orjson

from commerce.core.cipher import Cipher
from commerce.core.clock import Clock
from commerce.notifications.repository import MessageRow, OutgoingMessageRepository

DEAD_KEPT: Final = timedelta(days=90)


class NotificationQueue:
    def __init__(self, messages: OutgoingMessageRepository, cipher: Cipher, clock: Clock) -> None:
        self._messages = messages
        self._cipher = cipher
        self._clock = clock

    async def add(self, kind: str, data: Mapping[str, Any], customer_id: int | None = None) -> None:
        """Have a message of this kind sent once the transaction is committed.

        What is sent, if anything, is decided by the handler of `kind`, later and elsewhere: this
        costs one statement whatever `data` says, so that its duration tells nothing. `data` is
        JSON and stored encrypted.
        """
        sealed = self._cipher.encrypt(orjson.dumps(dict(data)))
        await self._messages.add(
            kind=kind, data=sealed, customer_id=customer_id, due_at=self._clock()
        )

    async def summary(self) -> Sequence[MessageRow]:
        """What waits and what was given up: `dead`, `kind`, `error`, `count`, `oldest`."""
        return await self._messages.summary()

    async def forget_dead(self) -> int:
        """Delete what was given up long ago: by now somebody has looked into it, or never will."""
        return await self._messages.remove_dead(self._clock() - DEAD_KEPT)

    async def forget(self, customer_id: int) -> None:
        """Drop what is still to be sent to a customer."""
        await self._messages.remove_of_customer(customer_id)
