"""What can be done with units that orders have been promised."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commerce.inventory.rules.promises import Free
from commerce.inventory.rules.stock import Slot


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of an allocation."""

    row: Any
    units: int


@dataclass(frozen=True, slots=True)
class Filling:
    """Units that an allocation has waited for, and where they are now."""

    row: Any
    location_id: int
    units: int


def still_open(row: Any) -> int:
    """Units that are neither shipped nor released."""
    return int(row.quantity - row.shipped - row.released)


def still_out(row: Any) -> int:
    """Units that are shipped and have not come back."""
    return int(row.shipped - row.returned)


def at_hand(row: Any) -> int:
    """Open units that are at a location."""
    return 0 if row.location_id is None else still_open(row)


def taken(
    rows: Iterable[Any], units: Mapping[int, int], left: Callable[[Any], int]
) -> tuple[list[Part], dict[int, int]]:
    """`units` of lines taken from the first rows that have any left, and what could not be.

    Lines without rows take nothing: their stock is not counted.
    """
    missing = {row.order_line_id: units.get(row.order_line_id, 0) for row in rows}
    parts: list[Part] = []
    for row in rows:
        found = min(left(row), missing[row.order_line_id])
        if found > 0:
            parts.append(Part(row, found))
            missing[row.order_line_id] -= found
    return parts, {line: number for line, number in missing.items() if number > 0}


def by_slot(parts: Iterable[Part]) -> Mapping[Slot, int]:
    """The units of parts that are at a location, summed."""
    sums: Counter[Slot] = Counter()
    for part in parts:
        if part.row.location_id is not None:
            sums[part.row.variant_id, part.row.location_id] += part.units
    return sums


def release_order(rows: Iterable[Any]) -> list[Any]:
    """Those that wait first: what is there stays promised as long as possible."""
    return sorted(rows, key=lambda row: (row.location_id is not None, -row.id))


def filled(waiting: Iterable[Any], free: Free) -> list[Filling]:
    """What waits taken from what is free, the oldest order first."""
    left = {id_: dict(places) for id_, places in free.items()}
    fillings: list[Filling] = []
    for row in sorted(waiting, key=lambda row: (row.order_id, row.id)):
        missing, places = still_open(row), left.get(row.variant_id, {})
        for location_id, units in places.items():
            found = min(missing, units)
            if found:
                fillings.append(Filling(row, location_id, found))
                places[location_id] -= found
                missing -= found
    return fillings
