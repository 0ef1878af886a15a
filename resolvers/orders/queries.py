"""Orders: one, or a list of them."""

from typing import Annotated

import strawberry

from commerce.core.problems import BadInputError
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.nodes import key_of
from resolvers.orders.filters import OrderOrder, OrderWhere, listing_of
from resolvers.orders.types import Order
from resolvers.permissions import public


@strawberry.type
class OrderQueries:
    @public(
        "An order by its id or number; null when there is none, or it is not for you. Whoever has"
        " no account gives its `token` with the number, or sends it as `X-Guest-Token`."
    )
    async def order(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        number: Annotated[str | None, strawberry.argument(description="Its number.")] = None,
        token: Annotated[
            str | None, strawberry.argument(description="Its token, with the number.")
        ] = None,
    ) -> Order | None:
        if (id is None) is (number is None) or (number is None and token is not None):
            raise BadInputError("Give exactly one of id and number; a token goes with a number.")
        if number is None:
            key = key_of(id, "Order")
            row = None if key is None else await info.context.loaders.orders.order_by_id.load(key)
        elif token is None:
            row = await info.context.services.orders.by_number(number)
        else:
            row = await info.context.services.orders.by_token(number, token)
        return None if row is None else Order.of(row)

    @public(
        "Orders, the newest first unless sorted otherwise: one's own, or all for who reads orders."
    )
    async def orders(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            OrderWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
        order_by: Annotated[
            list[OrderOrder] | None,
            strawberry.argument(description="Their order, at most 4 keys, the first one first."),
        ] = None,
    ) -> Connection[Order]:
        listing = listing_of(where, order_by)
        paging = Paging(info, list_scope("orders", listing), first, after, last, before)
        orders = info.context.services.orders
        page = await orders.page(listing, paging.args)
        return paging.connection(page, Order.of, lambda limit: orders.count(listing.where, limit))
