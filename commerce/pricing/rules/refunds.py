"""What goes back of a charge: so many of its units, or a part of its gross.

A charge goes back along one line from nothing to all of it: whatever the steps, they add up to the
charge, its net and each of its taxes, and none of them is ever below zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from commerce.pricing.rules.amounts import Rounding, apportioned
from commerce.pricing.rules.draft import TaxRate
from commerce.pricing.rules.totals import Charge, ExactAmounts, TaxShare

Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Refunded:
    """Net and taxes add up to gross; the taxes are at the rates that were charged."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: tuple[TaxShare, ...]


def refunded(
    charge: Charge, quantity: int, already: int, of_quantity: int, rounding: Rounding
) -> Refunded:
    """What `quantity` units give back after `already` others of the `of_quantity` charged.

    Units beyond those charged give nothing.
    """
    whole = int(rounding.scaled(Fraction(charge.gross)))
    first = min(max(already, 0), of_quantity)
    last = min(first + max(quantity, 0), of_quantity)
    before, after = (_rounded(whole, units, of_quantity, rounding) for units in (first, last))
    return _between(charge, before, after, rounding)


def refunded_part(
    charge: Charge, amount: Decimal, already: Decimal, rounding: Rounding
) -> Refunded:
    """What is in `amount` of the gross, after `already` went back of it; no more than is left."""
    whole = int(rounding.scaled(Fraction(charge.gross)))
    before = min(int(rounding.scaled(Fraction(already))), whole)
    after = min(before + rounding.units(Fraction(amount)), whole)
    return _between(charge, before, after, rounding)


def merged(charges: Sequence[Charge]) -> Charge:
    """Several as one, of which parts go back: each rate once, in the order they come."""
    taxes: dict[TaxRate, Decimal] = {}
    for share in (share for charge in charges for share in charge.taxes):
        taxes[share.rate] = taxes.get(share.rate, Decimal(0)) + share.amount
    return Charge(
        subtotal=_sum(charge.subtotal for charge in charges),
        discount=_sum(charge.discount for charge in charges),
        net=_sum(charge.net for charge in charges),
        tax=_sum(charge.tax for charge in charges),
        gross=_sum(charge.gross for charge in charges),
        taxes=tuple(TaxShare(rate, amount) for rate, amount in taxes.items()),
        exact=ExactAmounts(
            discount=_sum(charge.exact.discount for charge in charges),
            net=_sum(charge.exact.net for charge in charges),
            tax=_sum(charge.exact.tax for charge in charges),
            gross=_sum(charge.exact.gross for charge in charges),
        ),
    )


def over_charges(
    amount: Decimal, left: Mapping[Key, Decimal], rounding: Rounding
) -> dict[Key, Decimal]:
    """`amount` in parts, in proportion to what is `left` of each charge, shipping among them.

    No part is more than what is left there; all of them together are at most all that is.
    """
    units = {(key,): rounding.scaled(Fraction(each)) for key, each in left.items()}
    whole = sum(units.values(), Fraction(0))
    total = min(rounding.units(Fraction(amount)), int(whole))
    shares = {key: total * each / whole if whole else each for key, each in units.items()}
    return {key: rounding.money(part) for (key,), part in apportioned(total, shares).items()}


def _between(charge: Charge, before: int, after: int, rounding: Rounding) -> Refunded:
    """What lies between two points of the gross, in smallest units."""
    start, end = (_taxes_at(charge, point, rounding) for point in (before, after))
    taxes = [late - early for early, late in zip(start, end, strict=True)]
    gross, tax = after - before, sum(taxes)
    return Refunded(
        net=rounding.money(gross - tax),
        tax=rounding.money(tax),
        gross=rounding.money(gross),
        taxes=tuple(
            TaxShare(share.rate, rounding.money(units))
            for share, units in zip(charge.taxes, taxes, strict=True)
        ),
    )


def _taxes_at(charge: Charge, point: int, rounding: Rounding) -> list[int]:
    """Of each rate, how much of it is in the first `point` units of the gross.

    All taxes are taken of the gross, then each rate of what the ones before it left: every step
    gives no more than it takes, so that nothing ever goes back and forth.
    """
    whole = int(rounding.scaled(Fraction(charge.gross)))
    amounts = [int(rounding.scaled(Fraction(share.amount))) for share in charge.taxes]
    rest, left = _rounded(sum(amounts), point, whole, rounding), sum(amounts)
    found = []
    for amount in amounts:
        part = _rounded(amount, rest, left, rounding)
        found.append(part)
        rest, left = rest - part, left - amount
    return found


def _rounded(whole: int, part: int, of: int, rounding: Rounding) -> int:
    """`part` of `of`, taken of `whole` smallest units."""
    return rounding.whole(Fraction(whole * part, of)) if of else 0


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
