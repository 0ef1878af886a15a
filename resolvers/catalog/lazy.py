"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.catalog.products import Product
    from resolvers.catalog.variants import ProductVariant

LazyProduct = Annotated["Product", strawberry.lazy("resolvers.catalog.products")]
LazyVariant = Annotated["ProductVariant", strawberry.lazy("resolvers.catalog.variants")]
