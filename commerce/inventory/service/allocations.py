"""Promising stock to orders, sending it, and taking it back."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.inventory.kinds import MovementKind
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.repository.allocations import AllocationRepository, AllocationRow
from commerce.inventory.repository.levels import LevelRepository, LevelRow
from commerce.inventory.repository.locations import LocationRepository
from commerce.inventory.repository.reservations import ReservationRepository
from commerce.inventory.rules.allocated import (
    Part,
    at_hand,
    by_slot,
    release_order,
    still_open,
    still_out,
    taken,
)
from commerce.inventory.rules.promises import Allocation, Want, dealt
from commerce.inventory.rules.stock import Move, Note, Slot
from commerce.inventory.service.backorders import BackorderService
from commerce.inventory.service.picking import PickingService


class AllocationService:
    """What writes is to be run in a transaction that is rolled back on a Problem.

    Levels are locked first, so call it before the order itself is locked. Every method takes the
    same number of statements for any number of lines.
    """

    def __init__(
        self,
        picking: PickingService,
        backorders: BackorderService,
        locations: LocationRepository,
        levels: LevelRepository,
        reservations: ReservationRepository,
        allocations: AllocationRepository,
    ) -> None:
        self._picking = picking
        self._backorders = backorders
        self._locations = locations
        self._levels = levels
        self._reservations = reservations
        self._allocations = allocations

    async def by_orders(self, order_ids: Collection[int]) -> Mapping[int, Sequence[AllocationRow]]:
        return await self._allocations.by_orders(order_ids)

    async def backordered(self, order_id: int) -> int:
        """How many units an order waits for."""
        return await self._allocations.backordered_of(order_id)

    async def allocate(
        self, order_id: int, wants: Sequence[Want], cart_id: int | None
    ) -> Sequence[Allocation] | InsufficientStock:
        """Promise units to an order's lines. What the cart holds becomes the order's."""
        sums: Counter[int] = Counter()
        for want in wants:
            sums[want.variant_id] += want.quantity
        pieces = await self._picking.pick(+sums, cart_id)
        if isinstance(pieces, InsufficientStock):
            return pieces
        given = dealt(wants, pieces)
        if given:
            await self._levels.reserve(_reserved(given))
            await self._allocations.add(order_id, given)
        if cart_id is not None:
            await self._reservations.drop(cart_id)
        return given

    async def release(self, order_id: int, units: Mapping[int, int] | None = None) -> None:
        """Give so many units of lines back, or all that are not shipped.

        More than is open are as many as are. Others who wait for the units get them.
        """
        _, rows = await self._locked(order_id)
        wanted = _open_units(rows) if units is None else units
        parts, _ = taken(release_order(rows), wanted, still_open)
        if not parts:
            return
        await self._allocations.more("released", parts)
        freed = by_slot(parts)
        if freed:
            await self._levels.reserve({slot: -units for slot, units in freed.items()})
            await self._backorders.fill(freed)

    async def ship(
        self, order_id: int, units: Mapping[int, int], reference: str, actor: str
    ) -> Problem | None:
        """Take so many units of lines out of the stock.

        Backordered ones go once they are there. Lines whose stock is not counted need nothing.
        """
        levels, rows = await self._locked(order_id)
        parts, missing = taken(rows, units, at_hand)
        waiting = [row for row in rows if row.location_id is None and still_open(row)]
        if missing and waiting:
            await self._backorders.fill_these(waiting, levels)
            rows = await self._allocations.locked_of(order_id)
            parts, missing = taken(rows, units, at_hand)
        flaw = _not_at_hand(rows, units, missing) or _not_on_hand(levels, parts)
        if flaw is not None or not parts:
            return flaw
        await self._allocations.more("shipped", parts)
        sent = {slot: -units for slot, units in by_slot(parts).items()}
        await self._levels.reserve(sent)
        await self._move(sent, MovementKind.SALE, Note("", reference, actor))
        return None

    async def take_back(
        self,
        order_id: int,
        units: Mapping[int, int],
        location_id: int | None,
        reference: str,
        actor: str,
    ) -> Problem | None:
        """Put units that were shipped back into the stock: at a location, or where they were."""
        if location_id is not None:
            if location_id not in await self._locations.named([location_id]):
                return NotFound("There is no stock location with this id.", ("location_id",))
            variant_ids = await self._allocations.variants_of(order_id)
            await self._levels.make([(variant_id, location_id) for variant_id in variant_ids])
        _, rows = await self._locked(order_id)
        parts, missing = taken(rows, units, still_out)
        if missing:
            return _too_many(missing, "More units would come back than were shipped.")
        if not parts:
            return None
        await self._allocations.more("returned", parts)
        back: Counter[Slot] = Counter()
        for (variant_id, origin), number in by_slot(parts).items():
            back[variant_id, location_id or origin] += number
        await self._move(back, MovementKind.RETURN, Note("", reference, actor))
        await self._backorders.fill(back)
        return None

    async def _locked(self, order_id: int) -> tuple[Sequence[LevelRow], Sequence[AllocationRow]]:
        """The levels of the order's variants, and what it has been promised."""
        variant_ids = await self._allocations.variants_of(order_id)
        levels = await self._levels.all_locked(variant_ids)
        return levels, await self._allocations.locked_of(order_id)

    async def _move(self, units: Mapping[Slot, int], kind: MovementKind, note: Note) -> None:
        moves = [Move(slot, delta, kind) for slot, delta in sorted(units.items())]
        await self._levels.move(moves, note)


def _reserved(given: Sequence[Allocation]) -> Mapping[Slot, int]:
    sums: Counter[Slot] = Counter()
    for one in given:
        if one.location_id is not None:
            sums[one.variant_id, one.location_id] += one.quantity
    return sums


def _open_units(rows: Sequence[AllocationRow]) -> Mapping[int, int]:
    sums: Counter[int] = Counter()
    for row in rows:
        sums[row.order_line_id] += still_open(row)
    return sums


def _not_at_hand(
    rows: Sequence[AllocationRow], units: Mapping[int, int], missing: Mapping[int, int]
) -> Problem | None:
    """The first line of which not all units can be sent: they wait for stock, or are too many."""
    for row in rows:
        if row.order_line_id in missing and row.location_id is None and still_open(row):
            there = units[row.order_line_id] - missing[row.order_line_id]
            path = ("units", str(row.order_line_id))
            return InsufficientStock(f"Only {there} are there.", path, there, row.variant_id)
    return _too_many(missing, "More units would be sent than are left to send.")


def _too_many(missing: Mapping[int, int], message: str) -> Invalid | None:
    line_id = min(missing, default=None)
    return None if line_id is None else Invalid(message, ("units", str(line_id)))


def _not_on_hand(levels: Sequence[LevelRow], parts: Sequence[Part]) -> InsufficientStock | None:
    """A count may have found fewer units than are promised."""
    on_hand = {(level.variant_id, level.location_id): level.on_hand for level in levels}
    for slot, units in sorted(by_slot(parts).items()):
        if units > on_hand[slot]:
            message = f"Only {on_hand[slot]} are on hand."
            return InsufficientStock(message, ("units",), on_hand[slot], slot[0])
    return None
