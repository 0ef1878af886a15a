"""From a queued request to the message it asks for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

import orjson

from commerce.core.cipher import Cipher, UnreadableError
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.notifications.messages import Mail, Sms
from commerce.notifications.ports import DeliveryError
from commerce.notifications.repository import MessageRow

ServicesT = TypeVar("ServicesT")
Data = Mapping[str, Any]
Message = Mail | Sms
# Answers what to send, or None when there is nobody to send it to. Runs in a transaction of its
# own, again before each try: a token it makes is fresh, and it sees a customer who has gone.
Handler = Callable[[ServicesT, Data], Awaitable[Message | None]]


class Handlers(Generic[ServicesT]):
    """The handler of each kind of message, and what they need."""

    def __init__(
        self,
        by_kind: Mapping[str, Handler[ServicesT]],
        services_of: Callable[[UnitOfWork], ServicesT],
        open_unit: OpenUnit,
        cipher: Cipher,
    ) -> None:
        self._by_kind = by_kind
        self._services_of = services_of
        self._open_unit = open_unit
        self._cipher = cipher

    async def message(self, row: MessageRow) -> Message | None:
        """What to send; its transaction is over. Raises `DeliveryError`, or what the handler does.

        An unknown kind and an unreadable request may be known and readable to another process,
        a newer one or one with the right secret: both are left for a later try.
        """
        handler = self._by_kind.get(row.kind)
        if handler is None:
            raise DeliveryError("no_handler")
        try:
            data = orjson.loads(self._cipher.decrypt(row.data))
        except UnreadableError:
            raise DeliveryError("unreadable") from None
        async with self._open_unit() as uow:
            services = self._services_of(uow)
            return await uow.transact(lambda: handler(services, data))
