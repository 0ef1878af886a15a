"""What a variant costs: under the terms of one field, for this viewer, now."""

from datetime import datetime
from typing import Any

import strawberry

from commerce.core.problems import BadInputError
from commerce.core.rights import require_scopes
from commerce.core.viewer import Scope
from commerce.pricing.rules.prices import on_sale
from resolvers.context import Info
from resolvers.money import Money, MoneyRange
from resolvers.nodes import key_of
from resolvers.permissions import public, requires
from resolvers.pricing import lists
from resolvers.pricing.lazy import LazyPriceList


@strawberry.type(description="What one unit costs from a quantity on.")
class PriceTier:
    min_quantity: int = public("From this many units on.")
    price: Money = public("The price of one unit.")

    @classmethod
    def of(cls, row: Any) -> "PriceTier":
        return cls(min_quantity=row.min_quantity, price=Money.of(row.amount, row.currency))


@strawberry.type(description="What one unit of a variant costs.")
class VariantPricing:
    price: Money = public("The price of one unit.")
    compare_at: Money | None = public("What it is compared with, such as the former price.")
    on_sale: bool = public("Whether the price is below what it is compared with.")
    prices_include_tax: bool = public("Whether tax is in the amounts already.")
    min_quantity: int = public("The price counts from this many units on.")
    valid_until: datetime | None = public("When the price list it comes from ends.")
    cost: Money | None = requires(
        Scope.READ_PRICES, description="What one unit costs the shop itself."
    )
    variant_id: strawberry.Private[int]
    currency: strawberry.Private[str | None]
    price_list_id: strawberry.Private[int]

    @classmethod
    def of(cls, row: Any, currency: str | None) -> "VariantPricing":
        """`currency` is the one that was asked for."""
        return cls(
            price=Money.of(row.amount, row.currency),
            compare_at=Money.maybe(row.compare_at, row.currency),
            on_sale=on_sale(row.amount, row.compare_at),
            prices_include_tax=row.prices_include_tax,
            min_quantity=row.min_quantity,
            valid_until=row.ends_at,
            cost=Money.maybe(row.cost, row.currency),
            variant_id=row.variant_id,
            currency=currency,
            price_list_id=row.price_list_id,
        )

    @public("The prices by quantity, from the smallest quantity on.")
    async def tiers(self, info: Info) -> list[PriceTier]:
        key = (self.variant_id, self.currency)
        return [PriceTier.of(row) for row in await info.context.loaders.pricing.tiers.load(key)]

    @requires(Scope.READ_PRICES, description="The price list it comes from.")
    async def price_list(self, info: Info) -> LazyPriceList:
        row = await info.context.loaders.pricing.list_by_id.load(self.price_list_id)
        return lists.PriceList.of(row)


async def variant_pricing(
    info: Info, variant_id: int, quantity: int, currency: str | None, group_id: str | None = None
) -> VariantPricing | None:
    if quantity < 1:
        raise BadInputError("quantity must be 1 or more.")
    pricing, terms = info.context.loaders.pricing, (variant_id, quantity, currency)
    if group_id is None:
        row = await pricing.prices.load(terms)
    else:
        require_scopes(info.context.viewer, (Scope.READ_PRICES,))
        group = key_of(group_id, "CustomerGroup")
        row = None if group is None else await pricing.prices_of_groups.load((*terms, group))
    return None if row is None else VariantPricing.of(row, currency)


async def price_range(info: Info, product_id: int, currency: str | None) -> MoneyRange | None:
    row = await info.context.loaders.pricing.ranges.load((product_id, currency))
    if row is None:
        return None
    return MoneyRange(min=Money.of(row.min, row.currency), max=Money.of(row.max, row.currency))
