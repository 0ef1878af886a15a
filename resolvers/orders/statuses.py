"""The store's own statuses of orders."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.costs import ListSize
from resolvers.mutations import mutation
from resolvers.nodes import Node
from resolvers.orders.kinds import StatusGroup
from resolvers.permissions import public, requires
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow


@strawberry.type(description="A status of the store's own, beside the built-in ones.")
class CustomOrderStatus(FromRow, Node):
    group: StatusGroup = public("What it says something about.")
    slot: int = public("Which of its group it is: 1 to 3.")
    name: str = public("What it is called.")
    active: bool = public("Whether orders can get it.")
    version: int = public("Counts its changes.")


@strawberry.input(description="What a status of the store's own is called.")
class OrderStatusUpsertInput:
    group: StatusGroup = strawberry.field(description="What it says something about.")
    slot: int = strawberry.field(description="Which of its group it is: 1 to 3.")
    name: str = strawberry.field(description="What it is called.")
    active: bool = strawberry.field(default=True, description="Whether orders can get it.")


@strawberry.type(description="The status as it is now, or why nothing was changed.")
class OrderStatusUpsertPayload:
    order_status: CustomOrderStatus | None = public("The status; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "OrderStatusUpsertPayload":
        if isinstance(result, Problem):
            return cls(order_status=None, user_errors=[user_error(result)])
        return cls(order_status=CustomOrderStatus.of(result), user_errors=[])


@strawberry.type
class OrderStatusQueries:
    @requires(
        Scope.READ_ORDERS,
        description="The store's own statuses, by group and slot.",
        directives=[ListSize(assumed_size=6)],
    )
    async def order_statuses(self, info: Info) -> list[CustomOrderStatus]:
        rows = await info.context.services.order_statuses.all()
        return [CustomOrderStatus.of(row) for row in rows]


@strawberry.type
class OrderStatusMutations:
    @mutation(Scope.WRITE_SETTINGS, description="Name a status of the store's own.")
    async def order_status_upsert(
        self, info: Info, input: OrderStatusUpsertInput
    ) -> OrderStatusUpsertPayload:
        statuses = info.context.services.order_statuses
        done = await statuses.upsert(input.group, input.slot, input.name, active=input.active)
        return OrderStatusUpsertPayload.of(done)
