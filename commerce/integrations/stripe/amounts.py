"""Amounts as Stripe counts them: whole numbers of what it takes for the smallest unit."""

from decimal import Decimal
from typing import Final

# https://docs.stripe.com/currencies#zero-decimal; of ISK and UGX it wants hundredths all the same.
WHOLE: Final = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF")
) | frozenset(("VND", "VUV", "XAF", "XOF", "XPF"))
THOUSANDTHS: Final = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def units_of(amount: Decimal, currency: str) -> int | None:
    """None for what Stripe cannot take: of thousandths it takes tens only."""
    units = amount.scaleb(_places(currency))
    fits = units == units.to_integral_value() and (currency not in THOUSANDTHS or units % 10 == 0)
    return int(units) if fits else None


def amount_of(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-_places(currency))


def _places(currency: str) -> int:
    return 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
