"""Prices and stock of whole products: what differs from what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from commerce.catalog.rules.tree import VariantNode, id_of
from commerce.core.absent import ABSENT, given
from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid, NotFound, Path, Problem
from commerce.interchange.rules.sets import StockSet, VariantSet
from commerce.inventory.rules.stock import MAX_ON_HAND, StockCount
from commerce.pricing.rules.prices import PriceEntry

AMOUNTS = ("price", "compare_at", "cost")
# Price, compare-at price and cost of one unit.
Amounts = tuple[Decimal | None, Decimal | None, Decimal | None]
NO_AMOUNTS: Amounts = (None, None, None)


@dataclass(slots=True)
class Terms:
    """What is stored: the default list's currency and prices, locations by code, levels.

    The default location's code is also None.
    """

    currency: str | None = None
    prices: Mapping[int, Amounts] = field(default_factory=dict)
    locations: Mapping[str | None, int] = field(default_factory=dict)
    levels: Mapping[tuple[int, int], int] = field(default_factory=dict)


def term_flaws(terms: Terms, node: VariantNode, row: VariantSet, path: Path) -> Iterator[Problem]:
    """Why a variant cannot be sold as the row says."""
    yield from _price_flaws(terms, node, row, path)
    seen: set[int | None] = set()
    for place, stock in enumerate(() if row.stock is ABSENT else row.stock):
        where = (*path, "stock", str(place))
        location = terms.locations.get(stock.location)
        if not 0 <= stock.on_hand <= MAX_ON_HAND:
            yield Invalid(f"Units are counted from 0 to {MAX_ON_HAND}.", (*where, "on_hand"))
        if location is None and stock.location is not None:
            yield NotFound("There is no stock location with this code.", (*where, "location"))
        if location in seen:
            yield Invalid("This location is there twice.", (*where, "location"))
        seen.add(location)


def price_entry(terms: Terms, node: VariantNode, row: VariantSet) -> PriceEntry | None:
    """The price to write, or None when it is the same already."""
    stored = _stored(terms, node)
    amount, compare_at, cost = amounts = _amounts(stored, row)
    if amounts == stored or (amount is None and stored[0] is None):
        return None
    return PriceEntry(id_of(node), amount, compare_at, cost)


def stock_counts(terms: Terms, node: VariantNode, row: VariantSet) -> Iterator[StockCount]:
    """The levels to set; where nothing was ever stored there are 0 units."""
    for stock in () if row.stock is ABSENT else row.stock:
        location = terms.locations.get(stock.location)
        slot = (id_of(node), location or 0)
        if terms.levels.get(slot, 0) != stock.on_hand:
            yield StockCount(id_of(node), location, stock.on_hand)


def says_prices(rows: Sequence[VariantSet]) -> bool:
    return any(given(row, AMOUNTS) for row in rows)


def stock_of(rows: Sequence[VariantSet]) -> list[StockSet]:
    return [stock for row in rows if row.stock is not ABSENT for stock in row.stock]


def _price_flaws(terms: Terms, node: VariantNode, row: VariantSet, path: Path) -> Iterator[Problem]:
    wanted = given(row, AMOUNTS)
    if any(wanted.values()) and terms.currency is None:
        yield Invalid("There is no default price list.", (*path, "price"))
        return
    for name, amount in wanted.items():
        flaw = None if amount is None else amount_flaw(amount, terms.currency or "")
        if flaw is not None:
            yield Invalid(f"The amount {flaw}.", (*path, name))
    price, *others = _amounts(_stored(terms, node), row)
    if price is None and row.price is ABSENT and any(other is not None for other in others):
        yield Invalid("Say the price too.", (*path, "price"))


def _stored(terms: Terms, node: VariantNode) -> Amounts:
    return NO_AMOUNTS if node.id is None else terms.prices.get(node.id, NO_AMOUNTS)


def _amounts(stored: Amounts, row: VariantSet) -> Amounts:
    wanted = given(row, AMOUNTS)
    price, compare_at, cost = (
        wanted.get(name, amount) for name, amount in zip(AMOUNTS, stored, strict=True)
    )
    return price, compare_at, cost
