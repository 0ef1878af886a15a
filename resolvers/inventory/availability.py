"""What the storefront is told of a variant's stock."""

import strawberry

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.viewer import Scope
from commerce.inventory.rules.stock import MAX_SHOWN, in_stock, is_low
from resolvers.context import Info
from resolvers.permissions import public, requires


@strawberry.type(description="Whether a variant can be bought, over all active locations.")
class Availability:
    in_stock: bool = public(
        "Whether it can be bought: there is stock, or it is not counted, or may be sold beyond it."
    )
    backorder: bool = public("Whether it can be bought beyond its stock.")
    low_stock: bool = public(
        "Whether no more is left than the low-stock thresholds of its levels add up to."
    )
    quantity: int | None = requires(
        Scope.READ_STOCK,
        description="How many are on hand and neither held by carts nor promised to orders; null "
        "when they are not counted.",
    )


async def availability(
    info: Info, variant_id: int, active: bool, track_stock: bool, backorder: BackorderPolicy
) -> Availability:
    row = await info.context.loaders.inventory.availability.load(variant_id)
    available, threshold = (0, None) if row is None else (row.available, row.threshold)
    return Availability(
        in_stock=active
        and in_stock(track_stock=track_stock, backorder=backorder, available=available),
        backorder=backorder is BackorderPolicy.ALLOW,
        low_stock=track_stock and is_low(available, threshold),
        quantity=min(available, MAX_SHOWN) if track_stock else None,
    )
