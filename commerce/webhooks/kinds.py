"""Words of webhooks."""

from enum import Enum


class WebhookFormat(Enum):
    """How messages look: as Standard Webhooks say, or as one of the REST dialects documents."""

    STANDARD = "standard"
    LITESTORE = "litestore"
    CARTINO = "cartino"
    SHOPKIT = "shopkit"
    LITEKART = "litekart"


class DeliveryState(Enum):
    """`SKIPPED` ones have nothing to tell in their endpoint's format any more."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    SKIPPED = "skipped"


class DisabledReason(Enum):
    """Why the server gave an endpoint up by itself."""

    GONE = "gone"
    FAILING = "failing"
    SUSPENDED = "suspended"
