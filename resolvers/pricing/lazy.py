"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.pricing.lists import PriceList
    from resolvers.pricing.offers import VariantPricing
    from resolvers.pricing.prices import Price

LazyPrice = Annotated["Price", strawberry.lazy("resolvers.pricing.prices")]
LazyPriceList = Annotated["PriceList", strawberry.lazy("resolvers.pricing.lists")]
LazyVariantPricing = Annotated["VariantPricing", strawberry.lazy("resolvers.pricing.offers")]
