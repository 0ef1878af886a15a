"""How many percent a tax can be."""

from decimal import Decimal
from typing import Final

WHOLE: Final = Decimal(100)
PERCENT_PLACES: Final = 6  # of the column


def is_percent(value: Decimal) -> bool:
    """From nothing to everything, as exact as it can be stored."""
    return value.is_finite() and 0 <= value <= WHOLE and value == round(value, PERCENT_PLACES)


def plain(percent: Decimal) -> Decimal:
    """Without zeros at the end: equal rates print alike."""
    return Decimal(format(percent.normalize(), "f"))
