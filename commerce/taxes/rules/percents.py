"""How many percent a tax can be."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from commerce.pricing.rules.draft import TaxRate

WHOLE: Final = Decimal(100)
PERCENT_PLACES: Final = 6  # of the column


def is_percent(value: Decimal) -> bool:
    """From nothing to everything, as exact as it can be stored."""
    return value.is_finite() and 0 <= value <= WHOLE and value == round(value, PERCENT_PLACES)


def together(rates: Iterable[TaxRate]) -> Decimal:
    """Of the net price, with taxes on taxes."""
    sum_ = Decimal(0)
    for rate in rates:
        sum_ += rate.percent * ((WHOLE + sum_) / WHOLE if rate.compound else 1)
    return plain(sum_)


def plain(percent: Decimal) -> Decimal:
    """Without zeros at the end: equal rates print alike."""
    return Decimal(format(percent.normalize(), "f"))
