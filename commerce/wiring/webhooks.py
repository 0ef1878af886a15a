"""Telling other programs."""

from datetime import timedelta
from functools import cached_property

from commerce.webhooks.repository.deliveries import WebhookDeliveryRepository
from commerce.webhooks.repository.endpoints import WebhookEndpointRepository
from commerce.webhooks.repository.sending import SendingRepository
from commerce.webhooks.service.deliveries import WebhookDeliveryService
from commerce.webhooks.service.endpoints import WebhookEndpointService
from commerce.webhooks.service.mails import WebhookMailService
from commerce.wiring.base import BaseRepositories, BaseServices


class WebhooksRepositories(BaseRepositories):
    @cached_property
    def webhook_endpoints(self) -> WebhookEndpointRepository:
        return WebhookEndpointRepository(self._uow, self.viewer)

    @cached_property
    def webhook_deliveries(self) -> WebhookDeliveryRepository:
        return WebhookDeliveryRepository(self._uow, self.viewer)

    @cached_property
    def webhook_sending(self) -> SendingRepository:
        return SendingRepository(self._uow)


class WebhooksServices(BaseServices):
    repositories: WebhooksRepositories

    @cached_property
    def webhook_endpoints(self) -> WebhookEndpointService:
        own = self.repositories
        return WebhookEndpointService(
            own.webhook_endpoints,
            own.webhook_deliveries,
            self.ports.outgoing,
            self.ports.webhook_cipher,
            self.viewer,
            self.clock,
        )

    @cached_property
    def webhook_mails(self) -> WebhookMailService:
        return WebhookMailService(self.repositories.webhook_endpoints)

    @cached_property
    def webhook_deliveries(self) -> WebhookDeliveryService:
        own = self.repositories
        kept = timedelta(days=self.ports.retention.event_days)
        return WebhookDeliveryService(
            own.webhook_deliveries,
            own.webhook_endpoints,
            self.ports.webhook_cipher,
            self.clock,
            kept,
        )
