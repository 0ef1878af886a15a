"""How much customers of a group have to order at once. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commerce.core.problems import Invalid

MAX_UNITS: Final = 1_000_000
MAX_AMOUNT: Final = Decimal(1_000_000_000)
DECIMALS: Final = 6  # that are stored


@dataclass(frozen=True, slots=True)
class Minimum:
    """None asks for nothing. `subtotal` is of goods, before discounts, in whatever currency."""

    subtotal: Decimal | None = None
    quantity: int | None = None

    def missed_by(self, subtotal: Decimal, quantity: int) -> Iterator[str]:
        """In words, what an order of so much lacks."""
        if self.subtotal is not None and subtotal < self.subtotal:
            yield f"Goods for at least {self.subtotal.normalize():f} are to be ordered."
        if self.quantity is not None and quantity < self.quantity:
            yield f"At least {self.quantity} units are to be ordered."


NO_MINIMUM: Final = Minimum()


def minimum_flaw(values: dict[str, Any]) -> Invalid | None:
    """Why these cannot be a group's `min_subtotal` and `min_quantity`."""
    amount, units = values.get("min_subtotal"), values.get("min_quantity")
    if amount is not None and not _storable(amount):
        return Invalid("An amount is positive, with at most six decimals.", ("min_subtotal",))
    if units is not None and not 1 <= units <= MAX_UNITS:
        return Invalid(f"Units are from 1 to {MAX_UNITS}.", ("min_quantity",))
    return None


def _storable(amount: Decimal) -> bool:
    whole = amount.is_finite() and 0 < amount <= MAX_AMOUNT
    return whole and amount == round(amount, DECIMALS)
