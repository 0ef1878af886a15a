"""What every resolver can reach: one object per request."""

from dataclasses import dataclass

import strawberry

from commerce.core.paging import Cursors
from commerce.core.viewer import Viewer
from commerce.event_feed import EventFeed
from commerce.wiring import Services
from loaders.registry import Loaders


@dataclass(frozen=True, slots=True)
class Listening:
    """Where subscriptions hear from; `resumed` is the last cursor a client saw, when it says so."""

    feed: EventFeed
    resumed: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """`listening` is there for subscriptions alone."""

    services: Services
    loaders: Loaders
    viewer: Viewer
    cursors: Cursors
    listening: Listening | None = None


Info = strawberry.Info[Context, None]
