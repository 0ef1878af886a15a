"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.orders.lines import OrderLine
    from resolvers.orders.types import Order

LazyOrder = Annotated["Order", strawberry.lazy("resolvers.orders.types")]
LazyOrderLine = Annotated["OrderLine", strawberry.lazy("resolvers.orders.lines")]
