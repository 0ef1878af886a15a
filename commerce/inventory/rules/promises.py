"""Which units are promised to whom."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commerce.catalog.kinds import BackorderPolicy
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.rules.stock import MAX_ON_HAND, Slot

# So many units at a location, or at none: those are not there yet.
Piece = tuple[int | None, int]
Pieces = Mapping[int, Sequence[Piece]]
# By variant: locations with what can be taken there, the one to take from first coming first.
Free = Mapping[int, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Want:
    """Units for a line of an order."""

    order_line_id: int
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units a line of an order has got; `location_id` None where they are not there yet."""

    order_line_id: int
    variant_id: int
    location_id: int | None
    quantity: int

    @property
    def backordered(self) -> int:
        return self.quantity if self.location_id is None else 0


def free_at(levels: Iterable[Any], held: Mapping[Slot, int]) -> Free:
    """What the levels have left, those at the default location first, then by location.

    Locations that are not active have nothing to sell.
    """
    free: dict[int, list[tuple[int, int]]] = {}
    for level in sorted(levels, key=lambda row: (not row.is_default, row.location_id)):
        taken = level.reserved + held.get((level.variant_id, level.location_id), 0)
        if level.active and level.on_hand > taken:
            places = free.setdefault(level.variant_id, [])
            places.append((level.location_id, level.on_hand - taken))
    return free


def promised(
    wants: Mapping[int, int], variants: Mapping[int, Any], free: Free
) -> Pieces | InsufficientStock:
    """Where the wanted units of every variant come from.

    Of variants whose stock is not counted nothing needs to be promised. What cannot be sold beyond
    its stock and is not there is a problem.
    """
    pieces: dict[int, Sequence[Piece]] = {}
    for id_, quantity in sorted(wants.items()):
        variant = variants.get(id_)
        if variant is not None and not variant.track_stock:
            continue
        taken = picked(quantity, free.get(id_, ()))
        missing = sum(units for location_id, units in taken if location_id is None)
        if missing and (quantity > MAX_ON_HAND or not _beyond_stock(variant)):
            left = quantity - missing
            return InsufficientStock(f"Only {left} are available.", (), left, id_)
        pieces[id_] = taken
    return pieces


def _beyond_stock(variant: Any | None) -> bool:
    return variant is not None and variant.backorder is BackorderPolicy.ALLOW


def picked(quantity: int, free: Sequence[tuple[int, int]]) -> list[Piece]:
    """From the first location that has all of them; from several only if none has."""
    for location_id, units in free:
        if units >= quantity:
            return [(location_id, quantity)]
    pieces: list[Piece] = []
    for location_id, units in free:
        if quantity:
            pieces.append((location_id, min(units, quantity)))
            quantity -= pieces[-1][1]
    return [*pieces, (None, quantity)] if quantity else pieces


def dealt(wants: Iterable[Want], pieces: Pieces) -> list[Allocation]:
    """The pieces of every variant handed out to the lines that want it, line by line."""
    left = {id_: deque(parts) for id_, parts in pieces.items()}
    got: Counter[tuple[int, int, int | None]] = Counter()
    for want in sorted(wants, key=lambda want: want.order_line_id):
        missing, parts = want.quantity, left.get(want.variant_id)
        while missing and parts:
            location_id, units = parts.popleft()
            taken = min(missing, units)
            got[want.order_line_id, want.variant_id, location_id] += taken
            missing -= taken
            if units > taken:
                parts.appendleft((location_id, units - taken))
    return [Allocation(*line, units) for line, units in got.items()]
