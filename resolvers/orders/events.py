"""What happened to orders."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.viewer import Scope
from resolvers.orders.kinds import OrderEventKind
from resolvers.permissions import public, requires
from resolvers.scalars import JSON


@strawberry.type(description="Something that happened to an order.")
class OrderEvent:
    kind: OrderEventKind = public("What.")
    message: str = public("What was written about it.")
    data: JSON = public("Further facts, by the kind of event.")
    is_public: bool = public("Whether the buyer sees it, too.")
    actor: str = requires(Scope.READ_ORDERS, description="Who did it: `staff:12`, `customer:3`.")
    created_at: datetime = public("When.")

    @classmethod
    def of(cls, row: Any) -> "OrderEvent":
        return cls(
            kind=row.kind,
            message=row.message,
            data=JSON(row.data),
            is_public=row.is_public,
            actor=row.actor,
            created_at=row.created_at,
        )
