"""Prices as they are written in a list, and the mutation that writes them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry

from commerce.core.problems import BadInputError, Problem
from commerce.core.viewer import Scope
from commerce.pricing.rules.prices import PriceEntry
from resolvers.catalog import variants
from resolvers.catalog.lazy import LazyVariant
from resolvers.context import Info
from resolvers.money import Money
from resolvers.mutations import at_most, mutation
from resolvers.nodes import Node, node_id, require_key
from resolvers.permissions import public
from resolvers.pricing import lists
from resolvers.pricing.lazy import LazyPriceList
from resolvers.problems import UserError, user_error


@strawberry.type(description="What one unit of a variant costs in one price list.")
class Price(Node):
    min_quantity: int = public("It counts from this many units on.")
    price: Money = public("The price of one unit.")
    compare_at: Money | None = public("What it is compared with, such as the former price.")
    cost: Money | None = public("What one unit costs the shop itself.")
    updated_at: datetime = public("When it was last changed.")
    variant_id: strawberry.Private[int]
    price_list_id: strawberry.Private[int]

    @classmethod
    def of(cls, row: Any) -> "Price":
        return cls(
            id=node_id("Price", row.id),
            database_id=row.id,
            min_quantity=row.min_quantity,
            price=Money.of(row.amount, row.currency),
            compare_at=Money.maybe(row.compare_at, row.currency),
            cost=Money.maybe(row.cost, row.currency),
            updated_at=row.updated_at,
            variant_id=row.variant_id,
            price_list_id=row.price_list_id,
        )

    @public("What it is the price of; null when that is archived or not for you to see.")
    async def variant(self, info: Info) -> LazyVariant | None:
        row = await info.context.loaders.catalog.variant_by_id.load(self.variant_id)
        return None if row is None else variants.ProductVariant.of(row)

    @public("The list it is in.")
    async def price_list(self, info: Info) -> LazyPriceList:
        row = await info.context.loaders.pricing.list_by_id.load(self.price_list_id)
        return lists.PriceList.of(row)


@strawberry.input(description="What one unit of a variant shall cost.")
class PriceInput:
    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    price: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="The price of one unit; null deletes it."
    )
    compare_at: Decimal | None = strawberry.field(
        default=None, description="What it is compared with, such as the former price."
    )
    cost: Decimal | None = strawberry.field(
        default=None, description="What one unit costs the shop itself."
    )
    min_quantity: int = strawberry.field(
        default=1, description="The price counts from this many units on."
    )


@strawberry.input(description="Prices to write into one list: all of them, or none.")
class PricesSetInput:
    price_list_id: strawberry.ID | None = strawberry.field(
        default=None, description="The list; absent is the default one."
    )
    prices: list[PriceInput] = strawberry.field(description="The prices, at most 250.")


@strawberry.type(description="The prices as they are now, or why none was changed.")
class PricesSetPayload:
    prices: list[Price] = public("The prices in the order given, without the deleted ones.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "PricesSetPayload":
        if isinstance(result, Problem):
            return cls(prices=[], user_errors=[user_error(result)])
        return cls(prices=[Price.of(row) for row in result], user_errors=[])


@strawberry.type
class PriceMutations:
    @mutation(
        Scope.WRITE_PRICES,
        description="Write prices into a list, by variant and quantity; equal ones stay untouched.",
    )
    async def prices_set(self, info: Info, input: PricesSetInput) -> PricesSetPayload:
        at_most(input.prices, "prices")
        list_id = _list_id(input.price_list_id)
        entries = list_id if isinstance(list_id, Problem) else _entries(input.prices)
        if isinstance(entries, Problem) or isinstance(list_id, Problem):
            return PricesSetPayload.of(entries)
        return PricesSetPayload.of(await info.context.services.prices.set_prices(entries, list_id))


def _list_id(id_: str | None) -> int | Problem | None:
    return None if id_ is None else require_key(id_, "PriceList", "price_list_id")


def _entries(inputs: list[PriceInput]) -> list[PriceEntry] | Problem:
    entries: list[PriceEntry] = []
    for place, given in enumerate(inputs):
        variant_id = require_key(
            given.variant_id, "ProductVariant", "prices", str(place), "variant_id"
        )
        if isinstance(variant_id, Problem):
            return variant_id
        if given.price is strawberry.UNSET:
            raise BadInputError("price must be given; null deletes it.")
        entries.append(
            PriceEntry(variant_id, given.price, given.compare_at, given.cost, given.min_quantity)
        )
    return entries
