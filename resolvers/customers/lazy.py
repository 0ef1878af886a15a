"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.customers.addresses import CustomerAddress
    from resolvers.customers.groups import CustomerGroup
    from resolvers.customers.types import Customer

LazyCustomer = Annotated["Customer", strawberry.lazy("resolvers.customers.types")]
LazyCustomerAddress = Annotated["CustomerAddress", strawberry.lazy("resolvers.customers.addresses")]
LazyCustomerGroup = Annotated["CustomerGroup", strawberry.lazy("resolvers.customers.groups")]
