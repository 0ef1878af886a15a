"""Everything that changes how many units there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.inventory.kinds import MovementKind
from commerce.inventory.repository.levels import LevelRepository, LevelRow, MovementRow
from commerce.inventory.repository.locations import LocationRepository, LocationRow
from commerce.inventory.repository.movements import MovementRepository
from commerce.inventory.repository.reservations import ReservationRepository
from commerce.inventory.rules.stock import (
    COUNTED,
    MAX_ON_HAND,
    Move,
    Note,
    Slot,
    StockChange,
    StockCount,
    changes_flaw,
    counts_flaw,
    digest_of,
    move_of,
    note_flaw,
    repeated,
)
from commerce.inventory.rules.transfers import StockTransfer, legs_of, of_transfer, transfer_flaw
from commerce.inventory.service.backorders import BackorderService
from commerce.inventory.service.locations import LocationService

Named = Sequence[tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What came of a request: its levels as they are now, and the movements it made."""

    levels: Sequence[LevelRow]
    movements: Sequence[MovementRow]


class StockService:
    """What changes stock is to be run in a transaction that is rolled back on a Problem."""

    def __init__(
        self,
        locations: LocationRepository,
        levels: LevelRepository,
        movements: MovementRepository,
        reservations: ReservationRepository,
        backorders: BackorderService,
        clock: Clock,
    ) -> None:
        self._locations = locations
        self._levels = levels
        self._movements = movements
        self._reservations = reservations
        self._backorders = backorders
        self._clock = clock

    async def ensure_default_location(self) -> LocationRow:
        """The default location, made when there is none yet; safe to call from many at once."""
        return await LocationService(self._locations).ensure_default()

    async def count(
        self,
        entries: Sequence[StockCount],
        kind: MovementKind,
        reason: str,
        reference: str,
        actor: str,
    ) -> Sequence[int] | Problem:
        """Set levels to what was counted; each difference becomes one movement.

        Answers the ids of the variants whose stock is another one now. `location_id` None is the
        default location. Seven statements, however many entries there are.
        """
        named = [(entry.variant_id, entry.location_id) for entry in entries]
        flaw = counts_flaw(entries)
        slots = await self._slots(named, "counts") if flaw is None else flaw
        if isinstance(slots, Problem):
            return slots
        levels = await self._levels.locked(slots)
        moves = [
            Move(slot, entry.on_hand - levels[slot].on_hand, kind)
            for slot, entry in zip(slots, entries, strict=True)
        ]
        moved = await self._move(moves, Note(reason, reference, actor))
        return sorted({movement.variant_id for movement in moved})

    async def adjust(self, changes: Sequence[StockChange], note: Note) -> Adjustment | Problem:
        """Do all of `changes`, or none.

        With a reference it is done once: the same actor asking for the same again under it is
        answered the same, and for something else is refused.
        """
        return changes_flaw(changes) or note_flaw(note) or await self._once(changes, note)

    async def transfer(self, transfer: StockTransfer, note: Note) -> Adjustment | Problem:
        """Move all of its units, or none; with a reference once, as `adjust` does."""
        flaw = transfer_flaw(transfer) or note_flaw(note)
        if flaw is not None:
            return flaw
        done = await self._once(legs_of(transfer), note, MovementKind.TRANSFER)
        return of_transfer(done) if isinstance(done, Problem) else done

    async def set_threshold(
        self, variant_id: int, location_id: int | None, threshold: int | None
    ) -> LevelRow | Problem:
        """From how few available units on a level counts as low; None is never."""
        if threshold is not None and not 0 <= threshold <= MAX_ON_HAND:
            return Invalid(COUNTED, ("low_stock_threshold",))
        slots = await self._slots([(variant_id, location_id)])
        if isinstance(slots, Problem):
            return slots
        level = (await self._levels.locked(slots))[slots[0]]
        if level.low_stock_threshold != threshold:
            await self._levels.set_threshold(slots[0], threshold)
        return (await self._levels.by_slots(slots))[slots[0]]

    async def _once(
        self, changes: Sequence[StockChange], note: Note, kind: MovementKind | None = None
    ) -> Adjustment | Problem:
        """Under a reference done once; `kind` is what the ledger calls it, if not as usual."""
        if not note.reference:
            return await self._adjust(changes, note, kind)
        digest = digest_of(changes, note.reason, kind)
        done = await self._movements.claim(note.actor, note.reference, digest)
        if isinstance(done, Problem):
            return done
        if done.is_new:
            return await self._adjust(changes, note, kind)
        return await self._again(changes, done.row.movement_ids)

    async def _adjust(
        self, changes: Sequence[StockChange], note: Note, kind: MovementKind | None
    ) -> Adjustment | Problem:
        slots = await self._slots(_named(changes), "changes")
        if isinstance(slots, Problem):
            return slots
        levels = await self._levels.locked(slots)
        less = {change.variant_id for change in changes if (change.delta or 0) < 0}
        held = await self._reservations.held(less, self._clock()) if less else {}
        moves: list[Move] = []
        for place, (change, slot) in enumerate(zip(changes, slots, strict=True)):
            move = move_of(change, slot, levels[slot], held.get(slot, 0), place)
            if isinstance(move, Problem):
                return move
            moves.append(move if kind is None else replace(move, kind=kind))
        movements = await self._move(moves, note)
        if note.reference:
            ids = [movement.id for movement in movements]
            await self._movements.settle(note.actor, note.reference, ids)
        return await self._adjustment(slots, movements)

    async def _move(self, moves: Sequence[Move], note: Note) -> Sequence[MovementRow]:
        """Of moves by nothing the ledger has no word. Who waits for what has come gets it."""
        real = [move for move in moves if move.delta]
        movements = await self._levels.move(real, note) if real else []
        await self._backorders.fill([move.slot for move in real if move.delta > 0])
        return movements

    async def _again(
        self, changes: Sequence[StockChange], movement_ids: Sequence[int]
    ) -> Adjustment:
        named = _named(changes)
        locations = await self._location_ids({location for _, location in named})
        slots = [(variant, locations[location]) for variant, location in named]
        movements = await self._movements.by_ids(movement_ids)
        return await self._adjustment(slots, [movements[id_] for id_ in sorted(movements)])

    async def _adjustment(
        self, slots: Sequence[Slot], movements: Sequence[MovementRow]
    ) -> Adjustment:
        levels = await self._levels.by_slots(slots)
        return Adjustment([levels[slot] for slot in slots if slot in levels], movements)

    async def _slots(self, named: Named, *field: str) -> list[Slot] | Problem:
        """With the default location filled in; a Problem for what is not there or named twice.

        `field` is the input that `named` comes from; without it there is one, at the root.
        """
        locations = await self._location_ids({location for _, location in named})
        unknown = await self._levels.unknown_variants({variant for variant, _ in named})
        for place, (variant, location) in enumerate(named):
            path = (*field, str(place)) if field else ()
            if variant in unknown:
                return NotFound("There is no variant with this id.", (*path, "variant_id"))
            if location not in locations:
                return NotFound("There is no stock location with this id.", (*path, "location_id"))
        slots = [(variant, locations[location]) for variant, location in named]
        twice = repeated(slots)
        if twice is not None:
            return Invalid("This variant and location are named twice.", (*field, str(twice)))
        return slots

    async def _location_ids(self, ids: set[int | None]) -> dict[int | None, int]:
        found = await self._locations.named([id_ for id_ in ids if id_ is not None])
        if None in ids and None not in found:
            found[None] = (await self.ensure_default_location()).id
        return found


def _named(changes: Sequence[StockChange]) -> Named:
    return [(change.variant_id, change.location_id) for change in changes]
