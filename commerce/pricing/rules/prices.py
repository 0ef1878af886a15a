"""Rules of prices that need no data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from commerce.core.money import amount_flaw, currency_codes
from commerce.core.problems import Invalid

MAX_QUANTITY: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """What one unit of a variant costs from `min_quantity` units on; `amount` None deletes it.

    Amounts are in the currency of the list they are written to.
    """

    variant_id: int
    amount: Decimal | None
    compare_at: Decimal | None = None
    cost: Decimal | None = None
    min_quantity: int = 1


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """Under what circumstances a price is asked for; hashable, as a part of loader keys.

    `currency` None means that of the default list, `group` None somebody of no group.
    """

    at: datetime
    quantity: int = 1
    currency: str | None = None
    group: int | None = None


def on_sale(amount: Decimal, compare_at: Decimal | None) -> bool:
    return compare_at is not None and compare_at > amount


def tiers(offers: Sequence[Any]) -> list[Any]:
    """Of one variant's offers, best first, those that a growing quantity passes through.

    At each quantity the first offer that it reaches is the price. One that needs more units than
    the next better one is never the price at any of them.
    """
    needed = MAX_QUANTITY + 1
    passed: list[Any] = []
    for offer in offers:
        if offer.min_quantity < needed:
            needed = offer.min_quantity
            passed.append(offer)
    return passed[::-1]


def entries_flaw(entries: Sequence[PriceEntry], currency: str) -> Invalid | None:
    """The first thing wrong with `entries`, its path starting at ("prices", index)."""
    seen: set[tuple[int, int]] = set()
    for place, entry in enumerate(entries):
        path = ("prices", str(place))
        flaw = _entry_flaw(entry, currency, path)
        if flaw is not None:
            return flaw
        if (entry.variant_id, entry.min_quantity) in seen:
            return Invalid("This variant and quantity are named twice.", path)
        seen.add((entry.variant_id, entry.min_quantity))
    return None


def _entry_flaw(entry: PriceEntry, currency: str, path: tuple[str, ...]) -> Invalid | None:
    if not 1 <= entry.min_quantity <= MAX_QUANTITY:
        return Invalid("The quantity must be 1 or more.", (*path, "min_quantity"))
    for name, amount in _amounts(entry):
        flaw = None if amount is None else amount_flaw(amount, currency)
        if flaw is not None:
            return Invalid(f"The amount {flaw}.", (*path, name))
    return None


def _amounts(entry: PriceEntry) -> Iterable[tuple[str, Decimal | None]]:
    """Named as clients know them."""
    return (("price", entry.amount), ("compare_at", entry.compare_at), ("cost", entry.cost))


def list_flaw(values: dict[str, Any]) -> Invalid | None:
    """Why a price list cannot be as `values`, all of its columns, say."""
    if values.get("currency") not in currency_codes():
        return Invalid("This is no ISO 4217 currency code.", ("currency_code",))
    starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
    if starts_at is not None and ends_at is not None and starts_at >= ends_at:
        return Invalid("The end must be after the start.", ("ends_at",))
    return _default_flaw(values) if values.get("is_default") else None


def _default_flaw(values: dict[str, Any]) -> Invalid | None:
    """The default list is for everybody, always: prices fall back to it."""
    for name in ("customer_group_id", "starts_at", "ends_at"):
        if values.get(name) is not None:
            return Invalid("The default price list is for everybody, always.", (name,))
    if values.get("active") is False:
        return Invalid("The default price list cannot be inactive.", ("active",))
    return None
