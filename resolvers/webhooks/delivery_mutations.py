"""Asking for deliveries once more."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from commerce.webhooks.service.deliveries import Range
from resolvers.context import Info
from resolvers.filters import optional
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.webhooks.endpoint_mutations import WebhookDeliveryPayload

WRITE = Scope.WRITE_WEBHOOKS


@strawberry.input(description="A delivery to send now.")
class WebhookDeliveryRetryInput:
    id: strawberry.ID = strawberry.field(description="The delivery, whatever became of it.")


@strawberry.input(
    description="Events to tell an endpoint, again or at last: those of the log that it is to be "
    "told, within all the bounds that are given; one at least."
)
class WebhookReplayInput:
    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    after: int | None = optional("Behind this place in the log: an event's `databaseId`.")
    before: int | None = optional("Before this place in the log.")
    since: datetime | None = optional("From this time on.")
    until: datetime | None = optional("Up to this time, which is left out.")


@strawberry.type(description="How much is sent, or why nothing is.")
class WebhookReplayPayload:
    replayed: int | None = public("How many events are on their way; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "WebhookReplayPayload":
        if isinstance(result, Problem):
            return cls(replayed=None, user_errors=[user_error(result)])
        return cls(replayed=result, user_errors=[])


@strawberry.type
class WebhookDeliveryMutations:
    @mutation(
        WRITE,
        description="Send a delivery now, with the same id: one that was delivered or given up "
        "starts anew, one that waits for its next try waits no longer.",
    )
    async def webhook_delivery_retry(
        self, info: Info, input: WebhookDeliveryRetryInput
    ) -> WebhookDeliveryPayload:
        id_ = require_key(input.id, "WebhookDelivery", "id")
        if isinstance(id_, Problem):
            return WebhookDeliveryPayload.of(id_)
        deliveries = info.context.services.webhook_deliveries
        return WebhookDeliveryPayload.of(await deliveries.retry(id_))

    @mutation(
        WRITE,
        description="Tell an endpoint a part of the event log, at most 10,000 events. Those it "
        "was told before come with the same id.",
    )
    async def webhook_replay(self, info: Info, input: WebhookReplayInput) -> WebhookReplayPayload:
        id_ = require_key(input.endpoint_id, "WebhookEndpoint", "endpoint_id")
        if isinstance(id_, Problem):
            return WebhookReplayPayload.of(id_)
        wanted = Range(input.after, input.before, input.since, input.until)
        deliveries = info.context.services.webhook_deliveries
        return WebhookReplayPayload.of(await deliveries.replay(id_, wanted))
