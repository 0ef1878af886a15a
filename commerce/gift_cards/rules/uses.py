"""Which cards money goes back on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def returns_of(uses: Sequence[Any], amount: Decimal | None) -> Mapping[int, Decimal]:
    """How much of each use, by its id, goes back: `amount` in their order, or all that is left."""
    found: dict[int, Decimal] = {}
    for use in uses:
        left = use.amount - use.returned
        part = left if amount is None else min(left, amount)
        if part > 0:
            found[use.id] = part
            amount = None if amount is None else amount - part
    return found
