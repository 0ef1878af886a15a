"""From a queued request to the message it asks for."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import orjson

from commerce.core.cipher import Cipher, UnreadableError
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.notifications.messages import Mail, ShortText, Sms
from commerce.notifications.ports import DeliveryError
from commerce.notifications.repository import MessageRow
from commerce.notifications.repository.settings import (
    NotificationSettingRepository,
    NotificationTemplateRepository,
)
from commerce.notifications.rules.topics import TOPICS, Topic
from commerce.notifications.service.settings import is_enabled
from commerce.notifications.service.templates import words_of

ServicesT = TypeVar("ServicesT")
Data = Mapping[str, Any]
Message = Mail | ShortText | Sms
# Answers what to send, or None when there is nobody to send it to. Runs in a transaction of its
# own, again before each try: a token it makes is fresh, and it sees a customer who has gone.
Handler = Callable[[ServicesT, Data], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is sent, None where nobody is or wants to be written to; and what it is about."""

    message: Message | None
    data: Data


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

    async def message(self, row: MessageRow) -> Prepared:
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
        topic = TOPICS.get(row.kind)
        async with self._open_unit() as uow:
            services = self._services_of(uow)

            async def work() -> Message | None:
                if topic is not None and not await _is_wanted(uow, topic):
                    return None
                message = await handler(services, data)
                return message if topic is None else await _worded(uow, topic, message)

            return Prepared(await uow.transact(work), data)


async def _is_wanted(uow: UnitOfWork, topic: Topic) -> bool:
    settings = await NotificationSettingRepository(uow).by_way()
    return is_enabled(topic, settings.get(topic.way))


async def _worded(uow: UnitOfWork, topic: Topic, message: Message | None) -> Message | None:
    """In the store's own words, where it has some."""
    if message is None or isinstance(message, Sms):
        return message
    return replace(
        message, own=words_of(await NotificationTemplateRepository(uow).of_way(topic.way))
    )
