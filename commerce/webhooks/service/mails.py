"""The mail that says that an endpoint was given up."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from commerce.notifications.messages import Mail
from commerce.webhooks.repository.endpoints import WebhookEndpointRepository

DISABLED: Final = "webhook_disabled"


class WebhookMailService:
    def __init__(self, endpoints: WebhookEndpointRepository) -> None:
        self._endpoints = endpoints

    async def disabled(self, data: Mapping[str, Any]) -> Mail | None:
        """None when somebody has seen to it already. What follows `?` may be a secret."""
        row = (await self._endpoints.by_ids([data["endpoint_id"]])).get(data["endpoint_id"])
        if row is None or row.active:
            return None
        address = urlsplit(row.url)._replace(query="", fragment="").geturl()
        said = {"address": address, "reason": data["reason"]}
        return Mail(DISABLED, data["to"], data["locale"], said)
