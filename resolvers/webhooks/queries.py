"""Finding endpoints and deliveries."""

from typing import Annotated

import strawberry

from commerce.core.events import EventType
from commerce.webhooks.criteria import EVERY_ENDPOINT, EndpointWhere
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.nodes import key_of
from resolvers.permissions import requires
from resolvers.webhooks.kinds import WebhookFormat
from resolvers.webhooks.types import READ, WebhookDelivery, WebhookEndpoint

Id = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]


@strawberry.input(description="Which webhook endpoints.")
class WebhookEndpointWhere:
    format: list[WebhookFormat] | None = strawberry.field(
        default=None, description="Whose messages look like one of these."
    )
    active: bool | None = strawberry.field(
        default=None, description="Whether anything is sent to them."
    )
    event: EventType | None = strawberry.field(
        default=None, description="That are told of this, among others or alone."
    )

    def wanted(self) -> EndpointWhere:
        return EndpointWhere(
            None if self.format is None else tuple(self.format),
            self.active,
            None if self.event is None else self.event.value,
        )


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
        where: Annotated[
            WebhookEndpointWhere | None,
            strawberry.argument(description="Only these; all when absent."),
        ] = None,
    ) -> Connection[WebhookEndpoint]:
        wanted = EVERY_ENDPOINT if where is None else where.wanted()
        scope = list_scope("webhook_endpoints", wanted)
        paging = Paging(info, scope, first, after, last, before)
        endpoints = info.context.services.webhook_endpoints
        page = await endpoints.page(wanted, paging.args)
        return paging.connection(
            page, WebhookEndpoint.of, lambda limit: endpoints.count(wanted, limit)
        )

    @requires(READ, description="A webhook delivery by its id; null when there is none.")
    async def webhook_delivery(self, info: Info, id: Id) -> WebhookDelivery | None:
        key = key_of(id, "WebhookDelivery")
        loader = info.context.loaders.webhooks.delivery_by_id
        row = None if key is None else await loader.load(key)
        return None if row is None else WebhookDelivery.of(row)
