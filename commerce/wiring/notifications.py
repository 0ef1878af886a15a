"""Mail and text messages on their way out."""

from functools import cached_property

from commerce.notifications.repository import OutgoingMessageRepository
from commerce.notifications.service import NotificationQueue
from commerce.wiring.base import BaseRepositories, BaseServices


class NotificationsRepositories(BaseRepositories):
    @cached_property
    def outgoing_messages(self) -> OutgoingMessageRepository:
        return OutgoingMessageRepository(self._uow)


class NotificationsServices(BaseServices):
    repositories: NotificationsRepositories

    @cached_property
    def notifications(self) -> NotificationQueue:
        messages = self.repositories.outgoing_messages
        return NotificationQueue(messages, self.ports.message_cipher, self.clock)
