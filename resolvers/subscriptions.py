"""Subscriptions: what happens, as it happens."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.carts.rules.refs import CartRef
from commerce.core.events import EventType
from commerce.core.problems import MissingError
from commerce.events.rules import EventFilter
from resolvers.carts.types import Cart
from resolvers.connections import list_scope
from resolvers.context import Context, Info
from resolvers.events import LOG, READ, Event, Resource, Types, event_filter
from resolvers.jobs.types import Job
from resolvers.listening import Happening, happenings
from resolvers.nodes import key_of
from resolvers.orders.types import Order
from resolvers.permissions import public, requires

After = Annotated[
    str | None,
    strawberry.argument(
        description="Begin behind this cursor, with what has happened since; now when absent."
    ),
]
Id = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
Find = Callable[[Context, int], Awaitable[Any]]


@strawberry.interface(description="Something happened to what is being watched.")
class Update:
    cursor: str = public("Give it to `after` to go on behind this, without gap or repetition.")
    type: EventType = public("What happened.")
    occurred_at: datetime = public("When.")
    event: Event = requires(READ, description="The event in the log.")


@strawberry.type(description="Something happened.")
class EventUpdate(Update):
    @classmethod
    async def shown(cls, _context: Context, row: Any, cursor: str) -> "EventUpdate":
        return cls(**_told(row, cursor))


@strawberry.type(description="Something happened to an order.")
class OrderUpdate(Update):
    order: Order = public("The order as it is now.")


@strawberry.type(description="Something happened to a cart.")
class CartUpdate(Update):
    cart: Cart = public("The cart as it is now.")


@strawberry.type(description="Something happened to a job.")
class JobUpdate(Update):
    job: Job = public("The job as it is now.")


@strawberry.type(description="What can be listened to, over WebSocket or server-sent events.")
class Subscription:
    @requires(
        READ,
        description="Everything that happens; its cursors are those of `eventLog`, filtered alike.",
        is_subscription=True,
    )
    async def events(
        self,
        info: Info,
        types: Types = None,
        resource_id: Resource = None,
        after: After = None,
    ) -> AsyncGenerator[EventUpdate, None]:
        where = event_filter(types, resource_id)
        return _as(await happenings(info, where, list_scope(LOG, where), after, EventUpdate.shown))

    @public("What happens to an order that you may see.", is_subscription=True)
    async def order_updated(
        self, info: Info, id: Id, after: After = None
    ) -> AsyncGenerator[OrderUpdate, None]:
        def shown(row: Any, cursor: str, found: Any) -> OrderUpdate:
            return OrderUpdate(**_told(row, cursor), order=Order.of(found))

        return _as(await _of_one(info, "Order", id, after, _order, shown))

    @public("What happens to a cart that you may see.", is_subscription=True)
    async def cart_updated(
        self, info: Info, id: Id, after: After = None
    ) -> AsyncGenerator[CartUpdate, None]:
        def shown(row: Any, cursor: str, found: Any) -> CartUpdate:
            return CartUpdate(**_told(row, cursor), cart=Cart.of(found))

        return _as(await _of_one(info, "Cart", id, after, _cart, shown))

    @public("What happens to a job that you may see.", is_subscription=True)
    async def job_updated(
        self, info: Info, id: Id, after: After = None
    ) -> AsyncGenerator[JobUpdate, None]:
        def shown(row: Any, cursor: str, found: Any) -> JobUpdate:
            return JobUpdate(**_told(row, cursor), job=Job.of(found))

        return _as(await _of_one(info, "Job", id, after, _job, shown))


async def _of_one(
    info: Info,
    kind: str,
    id_: str,
    after: str | None,
    find: Find,
    show: Callable[[Any, str, Any], object],
) -> AsyncGenerator[Happening, None]:
    """What happens to one thing, as long as the viewer may see it."""
    key = key_of(id_, kind)

    async def visible(context: Context) -> Any:
        found = None if key is None else await find(context, key)
        if found is None:
            raise MissingError(f"There is no {kind} with this id.")
        return found

    async def shown(context: Context, row: Any, cursor: str) -> object:
        return show(row, cursor, await visible(context))

    await visible(info.context)
    scope = list_scope("updates", kind, key)
    return await happenings(info, EventFilter(resource=(kind, key or 0)), scope, after, shown)


async def _order(context: Context, key: int) -> Any:
    return await context.loaders.orders.order_by_id.load(key)


async def _cart(context: Context, key: int) -> Any:
    return await context.services.carts.found(CartRef(None, key))


async def _job(context: Context, key: int) -> Any:
    return await context.loaders.jobs.by_id.load(key)


def _told(row: Any, cursor: str) -> dict[str, Any]:
    event = Event.of(row)
    return {
        "cursor": cursor,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "event": event,
    }


def _as(found: AsyncGenerator[Happening, None]) -> Any:
    """What is shown of each is made when it is sent, in a transaction and a context of its own."""
    return found
