"""Taxes on exact amounts, on top of prices or inside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from commerce.pricing.rules.amounts import HUNDRED, ZERO, spread
from commerce.pricing.rules.draft import TaxRate


@dataclass(frozen=True, slots=True)
class Taxed:
    """`taxes` by rate, in the order of the rates; net and taxes add up to gross."""

    net: Fraction
    taxes: Mapping[TaxRate, Fraction]

    @property
    def tax(self) -> Fraction:
        return sum(self.taxes.values(), ZERO)

    @property
    def gross(self) -> Fraction:
        return self.net + self.tax


def taxed(amount: Fraction, rates: Sequence[TaxRate], *, included: bool, exempt: bool) -> Taxed:
    """`amount` with its taxes, or the taxes within it. Who is exempt pays the net."""
    shares = _shares(rates)
    net = amount / (1 + sum(shares.values(), ZERO)) if included else amount
    return Taxed(net, {} if exempt else {rate: net * share for rate, share in shares.items()})


def taxed_like(
    amount: Fraction,
    goods: Mapping[tuple[TaxRate, ...], Fraction],
    *,
    included: bool,
    exempt: bool,
) -> Taxed:
    """An amount that is taxed as the goods it goes with, in proportion to their value."""
    parts = spread(amount, list(goods.values()))
    if not any(parts):
        return Taxed(amount, {})
    net, taxes = ZERO, dict[TaxRate, Fraction]()
    for rates, part in zip(goods, parts, strict=True):
        found = taxed(part, rates, included=included, exempt=exempt)
        net += found.net
        for rate, tax in found.taxes.items():
            taxes[rate] = taxes.get(rate, ZERO) + tax
    return Taxed(net, taxes)


def _shares(rates: Sequence[TaxRate]) -> dict[TaxRate, Fraction]:
    """What each rate takes of a net price of 1; compound ones tax the earlier taxes too."""
    shares: dict[TaxRate, Fraction] = {}
    for rate in rates:
        base = 1 + sum(shares.values(), ZERO) if rate.compound else Fraction(1)
        shares[rate] = base * Fraction(rate.percent) / HUNDRED
    return shares
