"""Finding endpoints and deliveries."""

from typing import Annotated

import strawberry

from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.nodes import key_of
from resolvers.permissions import requires
from resolvers.webhooks.types import READ, WebhookDelivery, WebhookEndpoint

Id = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]


@strawberry.type
class WebhookQueries:
    @requires(READ, description="A webhook endpoint by its id; null when there is none.")
    async def webhook_endpoint(self, info: Info, id: Id) -> WebhookEndpoint | None:
        key = key_of(id, "WebhookEndpoint")
        loader = info.context.loaders.webhooks.endpoint_by_id
        row = None if key is None else await loader.load(key)
        return None if row is None else WebhookEndpoint.of(row)

    @requires(READ, description="Webhook endpoints, the oldest first.")
    async def webhook_endpoints(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookEndpoint]:
        paging = Paging(info, "webhook_endpoints", first, after, last, before)
        endpoints = info.context.services.webhook_endpoints
        page = await endpoints.page(paging.args)
        return paging.connection(page, WebhookEndpoint.of, endpoints.count)

    @requires(READ, description="A webhook delivery by its id; null when there is none.")
    async def webhook_delivery(self, info: Info, id: Id) -> WebhookDelivery | None:
        key = key_of(id, "WebhookDelivery")
        loader = info.context.loaders.webhooks.delivery_by_id
        row = None if key is None else await loader.load(key)
        return None if row is None else WebhookDelivery.of(row)
