"""Adding, changing, trying out and removing endpoints."""

from typing import Any

import strawberry

from commerce.core.events import EventType
from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.inputs import given
from resolvers.mutations import at_most, mutation
from resolvers.nodes import node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.webhooks.kinds import WebhookFormat
from resolvers.webhooks.types import WebhookDelivery, WebhookEndpoint

WRITE = Scope.WRITE_WEBHOOKS
UNSET: Any = strawberry.UNSET
KIND = "WebhookEndpoint"


@strawberry.input(description="An endpoint to add.")
class WebhookEndpointCreateInput:
    url: str = strawberry.field(description="Where messages are sent: an http or https address.")
    events: list[EventType] | None = optional("What it is told; absent, everything.")
    format: WebhookFormat = strawberry.field(
        default=WebhookFormat.STANDARD, description="How messages look; it stays."
    )
    description: str = strawberry.field(default="", description="What it is for.")
    active: bool = strawberry.field(default=True, description="Whether anything is sent to it.")
    secret: str | None = optional(
        "One that its receiver knows already, for formats other than the standard: 16 to 200 "
        "characters. Absent, one is made."
    )


@strawberry.input(description="What to change of an endpoint; its secret and its format stay.")
class WebhookEndpointUpdateInput:
    id: strawberry.ID = strawberry.field(description="The endpoint.")
    url: str | None = strawberry.field(default=UNSET, description="Where messages are sent.")
    events: list[EventType] | None = strawberry.field(
        default=UNSET, description="What it is told; null, everything."
    )
    description: str | None = strawberry.field(default=UNSET, description="What it is for.")
    active: bool | None = strawberry.field(
        default=UNSET,
        description="Whether anything is sent to it. Switched on again it gets what waits.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="An endpoint to remove, with all that was delivered to it.")
class WebhookEndpointDeleteInput:
    id: strawberry.ID = strawberry.field(description="The endpoint.")
    expected_version: int | None = strawberry.field(
        default=None, description="Remove nothing unless the stored version is this one."
    )


@strawberry.input(description="An endpoint to give another secret.")
class WebhookEndpointRotateSecretInput:
    id: strawberry.ID = strawberry.field(description="The endpoint.")


@strawberry.input(description="An endpoint to send a test to.")
class WebhookEndpointTestInput:
    id: strawberry.ID = strawberry.field(description="The endpoint.")


@strawberry.type(description="The endpoint with its new secret, or why there is none.")
class WebhookEndpointSecretPayload:
    webhook_endpoint: WebhookEndpoint | None = public("The endpoint; null with errors.")
    secret: str | None = public("The secret, shown this once; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "WebhookEndpointSecretPayload":
        if isinstance(result, Problem):
            return cls(webhook_endpoint=None, secret=None, user_errors=[user_error(result)])
        endpoint = WebhookEndpoint.of(result.row)
        return cls(webhook_endpoint=endpoint, secret=result.secret, user_errors=[])


@strawberry.type(description="The endpoint as it is now, or why nothing was changed.")
class WebhookEndpointPayload:
    webhook_endpoint: WebhookEndpoint | None = public("The endpoint; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "WebhookEndpointPayload":
        if isinstance(result, Problem):
            return cls(webhook_endpoint=None, user_errors=[user_error(result)])
        return cls(webhook_endpoint=WebhookEndpoint.of(result), user_errors=[])


@strawberry.type(description="What was removed, or why nothing was.")
class WebhookEndpointDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "WebhookEndpointDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id(KIND, result), user_errors=[])


@strawberry.type(description="The delivery as it is now, or why nothing was changed.")
class WebhookDeliveryPayload:
    webhook_delivery: WebhookDelivery | None = public(
        "The delivery, which is sent in a moment; null with errors."
    )
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "WebhookDeliveryPayload":
        if isinstance(result, Problem):
            return cls(webhook_delivery=None, user_errors=[user_error(result)])
        return cls(webhook_delivery=WebhookDelivery.of(result), user_errors=[])


@strawberry.type
class WebhookEndpointMutations:
    @mutation(WRITE, description="Add a webhook endpoint; the answer alone shows its secret.")
    async def webhook_endpoint_create(
        self, info: Info, input: WebhookEndpointCreateInput
    ) -> WebhookEndpointSecretPayload:
        at_most(input.events or (), "events")
        values = given(input, "secret", nullable=("events",))
        endpoints = info.context.services.webhook_endpoints
        return WebhookEndpointSecretPayload.of(await endpoints.create(values, input.secret))

    @mutation(WRITE, description="Change the given parts of a webhook endpoint.")
    async def webhook_endpoint_update(
        self, info: Info, input: WebhookEndpointUpdateInput
    ) -> WebhookEndpointPayload:
        id_ = require_key(input.id, KIND, "id")
        if isinstance(id_, Problem):
            return WebhookEndpointPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("events",))
        at_most(values.get("events") or (), "events")
        endpoints = info.context.services.webhook_endpoints
        return WebhookEndpointPayload.of(
            await endpoints.update(id_, values, input.expected_version)
        )

    @mutation(WRITE, description="Remove a webhook endpoint; nothing more is sent to it.")
    async def webhook_endpoint_delete(
        self, info: Info, input: WebhookEndpointDeleteInput
    ) -> WebhookEndpointDeletePayload:
        id_ = require_key(input.id, KIND, "id")
        if isinstance(id_, Problem):
            return WebhookEndpointDeletePayload.of(id_)
        endpoints = info.context.services.webhook_endpoints
        return WebhookEndpointDeletePayload.of(await endpoints.delete(id_, input.expected_version))

    @mutation(
        WRITE,
        description="Give a webhook endpoint another secret. For 24 hours messages are signed "
        "with the one before, too.",
    )
    async def webhook_endpoint_rotate_secret(
        self, info: Info, input: WebhookEndpointRotateSecretInput
    ) -> WebhookEndpointSecretPayload:
        id_ = require_key(input.id, KIND, "id")
        if isinstance(id_, Problem):
            return WebhookEndpointSecretPayload.of(id_)
        endpoints = info.context.services.webhook_endpoints
        return WebhookEndpointSecretPayload.of(await endpoints.rotate(id_))

    @mutation(
        WRITE, description="Send a webhook endpoint a message of type `webhook.test`, in a moment."
    )
    async def webhook_endpoint_test(
        self, info: Info, input: WebhookEndpointTestInput
    ) -> WebhookDeliveryPayload:
        id_ = require_key(input.id, KIND, "id")
        if isinstance(id_, Problem):
            return WebhookDeliveryPayload.of(id_)
        endpoints = info.context.services.webhook_endpoints
        return WebhookDeliveryPayload.of(await endpoints.test(id_))
