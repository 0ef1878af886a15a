"""Types that refer to each other name one another through here and import each other's module."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from resolvers.promotions.coupons import Coupon
    from resolvers.promotions.types import Promotion

LazyCoupon = Annotated["Coupon", strawberry.lazy("resolvers.promotions.coupons")]
LazyPromotion = Annotated["Promotion", strawberry.lazy("resolvers.promotions.types")]
