"""What a variant costs: under the terms of one field, for this viewer, now."""

from datetime import datetime

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
from resolvers.rows import FromRow


@strawberry.type(description="What one unit costs from a quantity on.")
class PriceTier(FromRow):
    min_quantity: int = public("From this many units on.")

    @public("The price of one unit.")
    def price(self) -> Money:
        return Money.of(self.row.amount, self.row.currency)


@strawberry.type(description="What one unit of a variant costs.")
class VariantPricing(FromRow):
    prices_include_tax: bool = public("Whether tax is in the amounts already.")
    min_quantity: int = public("The price counts from this many units on.")
    variant_id: strawberry.Private[int]
    price_list_id: strawberry.Private[int]
    asked_currency: strawberry.Private[str | None]

    @public("The price of one unit.")
    def price(self) -> Money:
        return Money.of(self.row.amount, self.row.currency)

    @public("What it is compared with, such as the former price.")
    def compare_at(self) -> Money | None:
        return Money.maybe(self.row.compare_at, self.row.currency)

    @public("Whether the price is below what it is compared with.")
    def on_sale(self) -> bool:
        return on_sale(self.row.amount, self.row.compare_at)

    @public("When the price list it comes from ends.")
    def valid_until(self) -> datetime | None:
        ends_at: datetime | None = self.row.ends_at
        return ends_at

    @requires(Scope.READ_PRICES, description="What one unit costs the shop itself.")
    def cost(self) -> Money | None:
        return Money.maybe(self.row.cost, self.row.currency)

    @public("The prices by quantity, from the smallest quantity on.")
    async def tiers(self, info: Info) -> list[PriceTier]:
        key = (self.variant_id, self.asked_currency)
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
    loaders, terms = info.context.loaders.pricing, (variant_id, quantity, currency)
    if group_id is None:
        row = await loaders.prices.load(terms)
    else:
        require_scopes(info.context.viewer, (Scope.READ_PRICES,))
        group = key_of(group_id, "CustomerGroup")
        row = None if group is None else await loaders.prices_of_groups.load((*terms, group))
    if row is None:
        return None
    pricing = VariantPricing.of(row)
    pricing.asked_currency = currency
    return pricing


async def price_range(info: Info, product_id: int, currency: str | None) -> MoneyRange | None:
    row = await info.context.loaders.pricing.ranges.load((product_id, currency))
    if row is None:
        return None
    return MoneyRange(min=Money.of(row.min, row.currency), max=Money.of(row.max, row.currency))
