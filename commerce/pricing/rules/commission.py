"""What somebody earns by a sale: a part of its revenue, rounded down."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from commerce.pricing.rules.amounts import HUNDRED, ZERO, Rounding, RoundingMode

DEFAULT_PERCENT: Final = Decimal(10)
CENTS: Final = 2


def commission(
    revenue: Decimal, percent: Decimal = DEFAULT_PERCENT, exponent: int = CENTS
) -> Decimal:
    """49.99 at 10 percent is 4.99. Never more than the revenue; of negative revenue, negative."""
    part = min(max(Fraction(percent), ZERO), HUNDRED) / HUNDRED
    rounding = Rounding(exponent, RoundingMode.DOWN)
    return rounding.money(rounding.units(Fraction(revenue) * part))


def commission_back(
    revenue: Decimal,
    refund: Decimal,
    already: Decimal = Decimal(0),
    percent: Decimal = DEFAULT_PERCENT,
    exponent: int = CENTS,
) -> Decimal:
    """The negative entry of a refund after `already` was refunded: what is earned of the rest
    stays, so that refunds of all the revenue take back all of the commission.
    """
    before = max(revenue - already, Decimal(0))
    after = max(before - refund, Decimal(0))
    return commission(after, percent, exponent) - commission(before, percent, exponent)
