"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.inventory.levels import StockLevel
    from resolvers.inventory.movements import StockMovement

LazyStockLevel = Annotated["StockLevel", strawberry.lazy("resolvers.inventory.levels")]
LazyStockMovement = Annotated["StockMovement", strawberry.lazy("resolvers.inventory.movements")]
