"""Surcharges as shops set them up, before it is known how they are taxed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce.core.money import AMOUNT_DECIMALS, AMOUNT_DIGITS
from commerce.pricing.kinds import SurchargeBase, SurchargeKind, SurchargeSource

MOST_PERCENT: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class SurchargeTerms:
    """`value` is an amount or a percentage. Without a tax class it is the default one's."""

    code: str
    name: str
    value: Decimal
    kind: SurchargeKind = SurchargeKind.FIXED
    base: SurchargeBase = SurchargeBase.SUBTOTAL
    source: SurchargeSource = SurchargeSource.MANUAL
    taxable: bool = True
    tax_class_id: int | None = None


def value_flaw(kind: SurchargeKind, value: Decimal) -> str | None:
    """Why a surcharge cannot be this much, or None when it can."""
    if not value.is_finite() or value < 0:
        return "A surcharge is a number that is not negative."
    if kind is SurchargeKind.PERCENT and value > MOST_PERCENT:
        return f"A percentage is at most {MOST_PERCENT}."
    if value.adjusted() >= AMOUNT_DIGITS - AMOUNT_DECIMALS:
        return "This amount is too large."
    if value != round(value, AMOUNT_DECIMALS):
        return f"A surcharge has at most {AMOUNT_DECIMALS} decimals."
    return None
