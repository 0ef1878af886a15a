"""Endpoints, deliveries and tries."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.events import EventType
from commerce.core.viewer import Scope
from commerce.webhooks.rules.standard import TEST
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.events import Event
from resolvers.nodes import Node, node_id
from resolvers.permissions import requires
from resolvers.webhooks.kinds import DeliveryState, DisabledReason, WebhookFormat

READ = Scope.READ_WEBHOOKS

InState = Annotated[
    DeliveryState | None, strawberry.argument(description="Only those; all when absent.")
]


@strawberry.type(description="One try to deliver a message.")
class WebhookAttempt:
    database_id: int = requires(READ, description="Its number.")
    attempted_at: datetime = requires(READ, description="When.")
    status: int | None = requires(
        READ, description="The HTTP status that was answered; null, nobody answered."
    )
    milliseconds: int = requires(READ, description="How long it took.")
    error: str | None = requires(
        READ, description="A word for why nobody answered: `timeout`, `unsafe_address`."
    )
    answer: str = requires(READ, description="The first 16 kB of what was answered.")

    @classmethod
    def of(cls, row: Any) -> "WebhookAttempt":
        return cls(
            database_id=row.id,
            attempted_at=row.attempted_at,
            status=row.status,
            milliseconds=row.milliseconds,
            error=row.error or None,
            answer=row.answer,
        )


@strawberry.type(description="An event on its way to an endpoint, or a test.")
class WebhookDelivery(Node):
    endpoint_id: strawberry.ID = requires(READ, description="The endpoint.")
    event_id: str = requires(READ, description="What the header `webhook-id` says.")
    event_type: EventType | None = requires(READ, description="What happened; null for a test.")
    resource_id: strawberry.ID = requires(READ, description="What it happened to.")
    resource_sequence: int = requires(
        READ, description="Its number among the events of the same thing; they are sent in order."
    )
    state: DeliveryState = requires(READ, description="What became of it.")
    tries: int = requires(READ, description="How often it was tried since it was last asked for.")
    due_at: datetime | None = requires(
        READ, description="When it is tried next, if nothing is before it; null, never."
    )
    ended_at: datetime | None = requires(READ, description="When it was delivered or given up.")
    last_status: int | None = requires(READ, description="The last HTTP status that was answered.")
    created_at: datetime = requires(READ, description="When it was asked for.")
    position: strawberry.Private[int | None]
    sealed: strawberry.Private[bytes | None]

    @classmethod
    def of(cls, row: Any) -> "WebhookDelivery":
        pending = row.state is DeliveryState.PENDING
        return cls(
            id=node_id("WebhookDelivery", row.id),
            database_id=row.id,
            endpoint_id=node_id("WebhookEndpoint", row.endpoint_id),
            event_id=f"evt_{row.event_id.hex}",
            event_type=None if row.event_type == TEST else EventType(row.event_type),
            resource_id=node_id(row.resource_type, row.resource_id),
            resource_sequence=row.sequence,
            state=row.state,
            tries=row.tries,
            due_at=row.due_at if pending else None,
            ended_at=row.ended_at,
            last_status=row.last_status,
            created_at=row.created_at,
            position=row.position,
            sealed=row.body,
        )

    @requires(
        READ,
        Scope.READ_ORDERS,
        Scope.READ_CUSTOMERS,
        description="What is sent, made with the first try. A format that tells of persons keeps "
        "it only until it is delivered or given up.",
    )
    def body(self, info: Info) -> str | None:
        return info.context.services.webhook_deliveries.opened(self.sealed)

    @requires(
        READ,
        Scope.READ_EVENTS,
        description="The event; null for tests, and when it is not kept any more.",
    )
    async def event(self, info: Info) -> Event | None:
        loader = info.context.loaders.events.event_by_position
        row = None if self.position is None else await loader.load(self.position)
        return None if row is None else Event.of(row)

    @requires(READ, description="What was tried, the oldest first.")
    async def attempts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookAttempt]:
        webhooks, id_ = info.context.loaders.webhooks, self.database_id
        paging = Paging(info, "webhook_delivery.attempts", first, after, last, before)
        page = await webhooks.attempt_pages.load((id_, paging.args))
        return paging.connection(
            page, WebhookAttempt.of, lambda limit: webhooks.attempt_counts.load((id_, limit))
        )


@strawberry.type(description="An address that is told what happens. Its secret is shown once.")
class WebhookEndpoint(Node):
    url: str = requires(READ, description="Where messages are sent.")
    events: list[EventType] | None = requires(
        READ, description="What it is told; null, everything."
    )
    format: WebhookFormat = requires(READ, description="How messages look.")
    description: str = requires(READ, description="What it is for.")
    active: bool = requires(READ, description="Whether anything is sent to it.")
    disabled_reason: DisabledReason | None = requires(
        READ, description="Why the server gave it up; null when it did not."
    )
    disabled_at: datetime | None = requires(READ, description="When it was switched off.")
    failing_since: datetime | None = requires(
        READ, description="Since when nothing could be delivered; after five days it is given up."
    )
    rotated_at: datetime | None = requires(READ, description="When it last got another secret.")
    previous_secret_until: datetime | None = requires(
        READ, description="Until when the secret before signs, too."
    )
    version: int = requires(READ, description="Counts its changes.")
    created_at: datetime = requires(READ, description="When it was added.")
    updated_at: datetime = requires(READ, description="When it was last changed.")

    @classmethod
    def of(cls, row: Any) -> "WebhookEndpoint":
        return cls(
            id=node_id("WebhookEndpoint", row.id),
            database_id=row.id,
            url=row.url,
            events=[EventType(name) for name in row.events] or None,
            format=row.format,
            description=row.description,
            active=row.active,
            disabled_reason=row.disabled_reason,
            disabled_at=row.disabled_at,
            failing_since=row.failing_since,
            rotated_at=row.rotated_at,
            previous_secret_until=row.previous_until,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @requires(READ, description="What was and is to be delivered to it, the newest first.")
    async def deliveries(
        self,
        info: Info,
        state: InState = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookDelivery]:
        webhooks, id_ = info.context.loaders.webhooks, self.database_id
        scope = list_scope("webhook_endpoint.deliveries", state)
        paging = Paging(info, scope, first, after, last, before)
        page = await webhooks.delivery_pages(state).load((id_, paging.args))
        counts = webhooks.delivery_counts(state)
        return paging.connection(page, WebhookDelivery.of, lambda limit: counts.load((id_, limit)))
