"""Reading carts."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import strawberry

from commerce.carts import criteria
from commerce.carts.rules.refs import CartRef
from commerce.core.viewer import Scope
from resolvers.carts.kinds import CartState
from resolvers.carts.types import Cart
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.filters import (
    DateFilter,
    DateTimeFilter,
    IDFilter,
    StringFilter,
    all_wanted,
    keys_wanted,
    optional,
    wanted_of,
)
from resolvers.nodes import key_of
from resolvers.permissions import public, requires


@strawberry.input(description="Which carts; every given part must hold.")
class CartWhere:
    id: IDFilter | None = optional("Their id.")
    state: list[CartState] | None = optional("In one of these states.")
    customer_id: IDFilter | None = optional("Of these customers.")
    email: StringFilter | None = optional("The buyer's e-mail address, whatever the case.")
    source: StringFilter | None = optional("Which door they came in by.")
    created_at: DateTimeFilter | None = optional("When they were made.")
    updated_at: DateTimeFilter | None = optional("When they were last changed.")
    created_on: DateFilter | None = optional("On which days of the shop they were made.")
    updated_on: DateFilter | None = optional("On which days of the shop they were last changed.")
    abandoned_since: datetime | None = optional(
        "With an e-mail address, not bought, and not changed since then."
    )
    recovered: bool | None = optional("Whether they were bought after the buyer was reminded.")

    def wanted(self, zone: ZoneInfo) -> criteria.CartWhere:
        return criteria.CartWhere(
            ids=keys_wanted(self.id, "Cart"),
            states=all_wanted(self.state),
            customer_ids=keys_wanted(self.customer_id, "Customer"),
            email=wanted_of(self.email),
            source=wanted_of(self.source),
            created_at=wanted_of(self.created_at),
            updated_at=wanted_of(self.updated_at),
            created_on=None if self.created_on is None else self.created_on.wanted(zone),
            updated_on=None if self.updated_on is None else self.updated_on.wanted(zone),
            abandoned_since=self.abandoned_since,
            recovered=self.recovered,
        )


@strawberry.type
class CartQueries:
    @public(
        "A cart by its token or, for those it belongs to, by its id. Without both it is one's own:"
        " of whoever is signed in, or of the guest whose token came with the request."
    )
    async def cart(
        self,
        info: Info,
        token: Annotated[str | None, strawberry.argument(description="Its token.")] = None,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        line_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="The id of one of its lines.")
        ] = None,
    ) -> Cart | None:
        key = None if id is None else key_of(id, "Cart")
        if id is not None and key is None:
            return None
        carts = info.context.services.carts
        if line_id is not None:
            line = key_of(line_id, "CartLine")
            row = None if line is None else await carts.of_line(line)
        else:
            row = await carts.found(CartRef(token, key))
        return None if row is None else Cart.of(row)

    @public(
        "The cart that `cartOpen` would go on with, without making one. Where there is none, it is"
        " the one that was bought last."
    )
    async def current_cart(
        self,
        info: Info,
        token: Annotated[
            str | None, strawberry.argument(description="What was sent along for a visitor.")
        ] = None,
    ) -> Cart | None:
        row = await info.context.services.cart_keeping.current(token)
        return None if row is None else Cart.of(row)

    @requires(Scope.READ_CARTS, description="Everybody's carts, the latest changed first.")
    async def carts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            CartWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
    ) -> Connection[Cart]:
        services = info.context.services
        zone = await services.store.zone()
        wanted = criteria.EVERY_CART if where is None else where.wanted(zone)
        paging = Paging(info, list_scope("carts", wanted), first, after, last, before)
        page = await services.carts.page(wanted, paging.args)
        return paging.connection(page, Cart.of, lambda limit: services.carts.count(wanted, limit))
