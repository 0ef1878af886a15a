"""What the storefront is told of a variant's stock."""

from typing import Any

import strawberry

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import MAX_SHOWN, in_stock, is_low
from resolvers.context import Info
from resolvers.permissions import public, requires


@strawberry.type(description="Whether a variant can be bought, over all active locations.")
class Availability:
    variant: strawberry.Private[Any]
    stock: strawberry.Private[Any]

    @public(
        "Whether it can be bought: there is stock, or it is not counted, or may be sold beyond it."
    )
    def in_stock(self) -> bool:
        variant = self.variant
        counted, backorder = variant.track_stock, variant.backorder
        return variant.active and in_stock(
            track_stock=counted, backorder=backorder, available=self._available
        )

    @public("Whether it can be bought beyond its stock.")
    def backorder(self) -> bool:
        return self.variant.backorder is BackorderPolicy.ALLOW

    @public("Whether no more is left than the low-stock thresholds of its levels add up to.")
    def low_stock(self) -> bool:
        threshold = None if self.stock is None else self.stock.threshold
        return self.variant.track_stock and is_low(self._available, threshold)

    @requires(
        Scope.READ_STOCK,
        description="How many are on hand and neither held by carts nor promised to orders; null "
        "when they are not counted.",
    )
    def quantity(self) -> int | None:
        return min(self._available, MAX_SHOWN) if self.variant.track_stock else None

    @property
    def _available(self) -> int:
        return 0 if self.stock is None else int(self.stock.available)


async def availability(info: Info, variant: Any) -> Availability:
    stock = await info.context.loaders.inventory.availability.load(variant.id)
    return Availability(variant=variant, stock=stock)
