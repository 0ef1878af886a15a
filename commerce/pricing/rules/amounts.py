"""Exact amounts, and how they become money: late, once, and without losing a cent.

Inside the engine an amount is a `Fraction` of major units, so that thirds stay thirds. Money is
counted in the currency's smallest units (`int`), and printed as `Decimal`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final, TypeVar

Key = TypeVar("Key")

ZERO: Final = Fraction(0)
HUNDRED: Final = Fraction(100)
HALF: Final = Fraction(1, 2)
EXACT_PLACES: Final = 6  # of the columns that keep exact amounts


class RoundingMode(Enum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


class RoundingStage(Enum):
    """When amounts are rounded: once for the whole, or for each line before it is added up."""

    TOTAL = "total"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Rounding:
    """A rounding policy; orders keep the one they were made with.

    `exponent` is the number of decimals of the currency's smallest unit: EUR 2, JPY 0, KWD 3.
    """

    exponent: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    stage: RoundingStage = RoundingStage.TOTAL

    def units(self, amount: Fraction) -> int:
        """The amount in smallest units. Negative ones mirror positive ones."""
        return self.whole(self.scaled(amount))

    def whole(self, scaled: Fraction) -> int:
        """What is in smallest units already, in whole ones."""
        whole, rest = divmod(abs(scaled).numerator, scaled.denominator)
        units = whole + self._extra(whole, Fraction(rest, scaled.denominator))
        return units if scaled >= 0 else -units

    def scaled(self, amount: Fraction) -> Fraction:
        """In smallest units, and still exact."""
        return amount * Fraction(10) ** self.exponent

    def groups(self, keys: Iterable[Key]) -> list[list[Key]]:
        """What is rounded together."""
        every = list(keys)
        return [every] if self.stage is RoundingStage.TOTAL else [[key] for key in every]

    def money(self, units: int) -> Decimal:
        return Decimal(units).scaleb(-self.exponent)

    def _extra(self, whole: int, rest: Fraction) -> int:
        if self.mode is RoundingMode.DOWN or not rest:
            return 0
        if self.mode is RoundingMode.UP or rest > HALF:
            return 1
        if rest < HALF:
            return 0
        return 1 if self.mode is RoundingMode.HALF_UP else whole % 2


def apportioned(total: int, shares: Mapping[Key, Fraction]) -> dict[Key, int]:
    """`shares`, in smallest units, as whole ones that add up to `total`, their rounded sum.

    Each is rounded down, and the units that are left go to the largest remainders, equal ones in
    the order of their keys: whole shares stay what they are, no part is further than one unit from
    its share, and the order in which they are given does not matter.
    """
    parts = {key: share.numerator // share.denominator for key, share in shares.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(parts, key=lambda key: (parts[key] - shares[key], key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


def shared_out(total: int, shares: Mapping[Key, Fraction]) -> dict[Key, int]:
    """The same for any `total`: where rounding has moved it too far from the sum of the shares,
    each share moves in proportion.
    """
    whole = sum(shares.values(), ZERO)
    least = sum(share.numerator // share.denominator for share in shares.values())
    if whole and not least <= total <= least + len(shares):
        shares = {key: share * total / whole for key, share in shares.items()}
    return apportioned(total, shares)


def spread(amount: Fraction, over: Sequence[Fraction]) -> list[Fraction]:
    """`amount` in exact proportion to `over`; all zero when there is nothing to spread over."""
    whole = sum(over, ZERO)
    return [amount * each / whole if whole else ZERO for each in over]


def percent_of(percent: Decimal, amount: Fraction) -> Fraction:
    return amount * Fraction(percent) / HUNDRED


def printed(amount: Fraction) -> Decimal:
    """The exact amount as far as columns keep it: 6 decimals, half up."""
    units = Rounding(EXACT_PLACES).units(amount)
    return Decimal(units).scaleb(-EXACT_PLACES)
