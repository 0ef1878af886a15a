"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.carts.types import Cart

LazyCart = Annotated["Cart", strawberry.lazy("resolvers.carts.types")]
