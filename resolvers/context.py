"""What every resolver can reach: one object per request."""

from dataclasses import dataclass

import strawberry

from commerce.core.paging import Cursors
from commerce.core.viewer import Viewer
from commerce.wiring import Services
from loaders.registry import Loaders


@dataclass(frozen=True, slots=True)
class Context:
    services: Services
    loaders: Loaders
    viewer: Viewer
    cursors: Cursors


Info = strawberry.Info[Context, None]
