"""The words of webhooks as GraphQL enums; types import them from here, so that they are."""

from commerce.webhooks.kinds import DeliveryState, DisabledReason, WebhookFormat
from resolvers.enums import described

described(
    WebhookFormat,
    "How messages look. Each is signed as Standard Webhooks say, whatever its format.",
    STANDARD="Standard Webhooks: what the event log tells.",
    LITESTORE="Litestore: `x-litestore-signature`.",
    CARTINO="Cartino: `X-Cartino-Signature`.",
    SHOPKIT="Shopkit: `X-Webhook-Signature`.",
    LITEKART="Litekart: `X-Litekart-Signature`.",
)
described(
    DeliveryState,
    "What became of a delivery.",
    called="WebhookDeliveryState",
    PENDING="It is to be sent, or to be sent again.",
    DELIVERED="The endpoint has taken it.",
    DEAD="It was tried for as long as is tried.",
    SKIPPED="There was nothing to tell in the endpoint's format.",
)
described(
    DisabledReason,
    "Why the server gave an endpoint up.",
    called="WebhookDisabledReason",
    GONE="It answered with status 410.",
    FAILING="Nothing could be delivered for five days.",
    SUSPENDED="A message could not be delivered, and its format suspends endpoints then.",
)

__all__ = ["DeliveryState", "DisabledReason", "WebhookFormat"]
