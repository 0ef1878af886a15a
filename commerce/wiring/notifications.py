"""Mail and text messages on their way out."""

from functools import cached_property

from commerce.notifications.repository import OutgoingMessageRepository
from commerce.notifications.repository.log import NotificationLogRepository
from commerce.notifications.repository.settings import (
    NotificationSettingRepository,
    NotificationTemplateRepository,
)
from commerce.notifications.service import NotificationQueue
from commerce.notifications.service.log import NotificationLogService
from commerce.notifications.service.templates import NotificationTemplateService
from commerce.wiring.base import BaseRepositories, BaseServices


class NotificationsRepositories(BaseRepositories):
    @cached_property
    def outgoing_messages(self) -> OutgoingMessageRepository:
        return OutgoingMessageRepository(self._uow)

    @cached_property
    def notification_log(self) -> NotificationLogRepository:
        return NotificationLogRepository(self._uow, self.viewer)

    @cached_property
    def notification_settings(self) -> NotificationSettingRepository:
        return NotificationSettingRepository(self._uow)

    @cached_property
    def notification_templates(self) -> NotificationTemplateRepository:
        return NotificationTemplateRepository(self._uow)


class NotificationsServices(BaseServices):
    repositories: NotificationsRepositories

    @cached_property
    def notifications(self) -> NotificationQueue:
        own = self.repositories
        cipher = self.ports.message_cipher
        return NotificationQueue(own.outgoing_messages, own.notification_log, cipher, self.clock)

    @cached_property
    def notification_log(self) -> NotificationLogService:
        return NotificationLogService(self.repositories.notification_log)

    @cached_property
    def notification_templates(self) -> NotificationTemplateService:
        return NotificationTemplateService(
            self.repositories.notification_templates, self.ports.mail_renderer, self.clock
        )
