"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.catalog.brands import Brand
    from resolvers.catalog.categories import Category
    from resolvers.catalog.collections import Collection
    from resolvers.catalog.media import Media
    from resolvers.catalog.products import Product
    from resolvers.catalog.variants import ProductVariant

LazyBrand = Annotated["Brand", strawberry.lazy("resolvers.catalog.brands")]
LazyCategory = Annotated["Category", strawberry.lazy("resolvers.catalog.categories")]
LazyCollection = Annotated["Collection", strawberry.lazy("resolvers.catalog.collections")]
LazyMedia = Annotated["Media", strawberry.lazy("resolvers.catalog.media")]
LazyProduct = Annotated["Product", strawberry.lazy("resolvers.catalog.products")]
LazyVariant = Annotated["ProductVariant", strawberry.lazy("resolvers.catalog.variants")]
