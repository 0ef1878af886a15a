"""Media records."""

from datetime import datetime
from typing import Any

import strawberry

from resolvers.catalog.kinds import MediaKind
from resolvers.nodes import Node, node_id
from resolvers.permissions import public


@strawberry.type(description="A picture or film of a product.")
class Media(Node):
    kind: MediaKind = public("What `url` points at.")
    url: str = public("Where the picture or film is.")
    alt: str = public("What it shows, for those who cannot see it.")
    position: int = public("Place in the gallery, from 0.")
    created_at: datetime = public("When it was added.")

    @classmethod
    def of(cls, row: Any) -> "Media":
        return cls(
            id=node_id("Media", row.id),
            database_id=row.id,
            kind=row.kind,
            url=row.url,
            alt=row.alt,
            position=row.position,
            created_at=row.created_at,
        )
