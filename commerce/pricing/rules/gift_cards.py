"""What gift cards pay of a total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commerce.pricing.rules.amounts import Rounding, RoundingMode
from commerce.pricing.rules.draft import GiftCard
from commerce.pricing.rules.trace import ORDER, Trace


@dataclass(frozen=True, slots=True)
class GiftCardUse:
    id: int
    amount: Decimal


def drawn(
    cards: Sequence[GiftCard], total: Decimal, exponent: int, trace: Trace
) -> tuple[GiftCardUse, ...]:
    """In the order given, until nothing is due. What is finer than the currency stays on a card."""
    whole, uses = Rounding(exponent, RoundingMode.DOWN), []
    for card in cards:
        amount = min(whole.money(whole.units(Fraction(card.balance))), total)
        if amount > 0:
            uses.append(GiftCardUse(card.id, amount))
            before, total = Fraction(total), total - amount
            trace.note("gift_card", ORDER, f"gift_card:{card.id}", before, Fraction(total))
    return tuple(uses)
