"""Customers: one, or a list of them."""

from typing import Annotated

import strawberry

from commerce.core.criteria import TextIs
from commerce.core.problems import BadInputError
from commerce.core.viewer import Scope
from commerce.customers import criteria
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.customers.filters import CustomerOrder, CustomerWhere, listing_of
from resolvers.customers.types import Customer
from resolvers.nodes import key_of
from resolvers.permissions import requires

READ = Scope.READ_CUSTOMERS


@strawberry.type
class CustomerQueries:
    @requires(READ, description="A customer by exactly one of these; null when there is none.")
    async def customer(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        email: Annotated[
            str | None, strawberry.argument(description="Its e-mail address, whatever the case.")
        ] = None,
        external_id: Annotated[
            str | None, strawberry.argument(description="Its id in another system.")
        ] = None,
    ) -> Customer | None:
        wanted = _only(id, email, external_id)
        row = await info.context.services.customers.one(wanted)
        return None if row is None else Customer.of(row)

    @requires(READ, description="Customers, the newest first unless sorted otherwise.")
    async def customers(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[
            CustomerWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
        order_by: Annotated[
            list[CustomerOrder] | None,
            strawberry.argument(description="Their order, at most 4 keys, the first one first."),
        ] = None,
    ) -> Connection[Customer]:
        listing = listing_of(where, order_by)
        paging = Paging(info, list_scope("customers", listing), first, after, last, before)
        customers = info.context.services.customers
        page = await customers.page(listing, paging.args)
        return paging.connection(
            page, Customer.of, lambda limit: customers.count(listing.where, limit)
        )


def _only(id_: str | None, email: str | None, external_id: str | None) -> criteria.CustomerWhere:
    """The filter by the one that is given."""
    if sum(value is not None for value in (id_, email, external_id)) != 1:
        raise BadInputError("Give exactly one of id, email and externalId.")
    key = key_of(id_, "Customer")
    return criteria.CustomerWhere(
        ids=None if id_ is None else () if key is None else (key,),
        email=None if email is None else TextIs((email,)),
        external_id=None if external_id is None else TextIs((external_id,)),
    )
