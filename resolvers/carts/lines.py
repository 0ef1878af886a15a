"""The lines of carts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import strawberry

from commerce.carts.rules.content import PricedLine
from commerce.core.paging import Page, PageArgs
from resolvers.carts.costs import CartCharge
from resolvers.carts.pricing import Pricing
from resolvers.catalog import variants
from resolvers.catalog.lazy import LazyVariant
from resolvers.context import Info
from resolvers.money import Money
from resolvers.nodes import node_id
from resolvers.permissions import public
from resolvers.scalars import JSON

KEY_COUNT = 2


@strawberry.type(description="Units of a variant in a cart.")
class CartLine:
    id: strawberry.ID = public("Opaque and unique across all types.")
    database_id: int = public("The number behind `id`, as REST clients know it.")
    quantity: int = public("How many units.")
    extra_fields: JSON = public("What was asked for with the goods.")
    variant_id: strawberry.Private[int]
    currency: strawberry.Private[str]
    pricing: strawberry.Private[Pricing]

    @public("What is bought; null when it is not for sale any more.")
    async def variant(self, info: Info) -> LazyVariant | None:
        row = await info.context.loaders.catalog.variant_by_id.load(self.variant_id)
        return None if row is None else variants.ProductVariant.of(row)

    @public("What a unit costs; null when it cannot be bought.")
    async def unit_price(self, info: Info) -> Money | None:
        line = await self._priced(info)
        return None if line is None else Money.of(line.unit_price, self.currency)

    @public("What a unit is compared with, such as the former price.")
    async def compare_at_price(self, info: Info) -> Money | None:
        line = await self._priced(info)
        return None if line is None else Money.maybe(line.compare_at, self.currency)

    @public("How much more a unit costs than when the line was last changed; null if the same.")
    async def unit_price_change(self, info: Info) -> Money | None:
        line = await self._priced(info)
        return None if line is None else Money.maybe(line.price_change, self.currency)

    @public("How many units of the variant are available; null where stock is not counted.")
    async def available(self, info: Info) -> int | None:
        line = await self._priced(info)
        return None if line is None else line.available

    @public("What the line is charged; null when it cannot be bought.")
    async def cost(self, info: Info) -> CartCharge | None:
        charge = (await self.pricing.get(info)).charge_of(self.database_id)
        return CartCharge.maybe(charge, self.currency)

    async def _priced(self, info: Info) -> PricedLine | None:
        priced = await self.pricing.get(info)
        return next((line for line in priced.lines if line.id == self.database_id), None)


def stored_line(row: Any, currency: str, pricing: Pricing) -> CartLine:
    return CartLine(
        id=node_id("CartLine", row.id),
        database_id=row.id,
        quantity=row.quantity,
        extra_fields=JSON(row.extra_fields),
        variant_id=row.variant_id,
        currency=currency,
        pricing=pricing,
    )


def items_total(lines: Sequence[Any], currency: str) -> Money:
    """What all units cost when their lines were last changed."""
    seen = (line.quantity * (line.seen_unit_price or Decimal(0)) for line in lines)
    return Money.of(sum(seen, Decimal(0)), currency)


def page_of_lines(lines: Sequence[Any], args: PageArgs) -> Page[Any]:
    """A cart has a hundred lines at most, and its price needs all of them: they are at hand."""
    rest = [line for line in lines if _is_beyond(line, args)]
    if args.backwards:
        page = rest[-args.size :]
        return Page(page, KEY_COUNT, args.position is not None, len(rest) > len(page))
    page = rest[args.offset : args.offset + args.size]
    more = len(rest) > args.offset + len(page)
    return Page(page, KEY_COUNT, more, args.position is not None or args.offset > 0)


def _is_beyond(line: Any, args: PageArgs) -> bool:
    if args.position is None:
        return True
    here: tuple[Any, ...] = tuple(line[-KEY_COUNT:])
    return here < args.position if args.backwards else here > args.position
