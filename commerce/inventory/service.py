"""Stock: locations, and everything that changes how many units there are."""

from collections.abc import Sequence
from typing import Final

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.inventory.kinds import MovementKind
from commerce.inventory.repository.levels import LevelRepository, Note
from commerce.inventory.repository.locations import LocationRepository, LocationRow
from commerce.inventory.rules import MAX_ON_HAND, Slot, StockCount, repeated

DEFAULT_CODE: Final = "default"


class StockService:
    def __init__(self, locations: LocationRepository, levels: LevelRepository) -> None:
        self._locations = locations
        self._levels = levels

    async def ensure_default_location(self) -> LocationRow:
        """The default location, made when there is none yet.

        Safe to call from several processes at once: the database lets one of them add it.
        """
        for code in (DEFAULT_CODE, f"{DEFAULT_CODE}-location"):
            found = await self._locations.default()
            if found is not None:
                return found
            added = await self._locations.add({"code": code, "name": "Default", "is_default": True})
            if added is not None:
                return added
        found = await self._locations.default()
        if found is None:
            raise RuntimeError(f"other locations have the codes {DEFAULT_CODE} and {code}")
        return found

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
        default location. To be run in a transaction that is rolled back when a Problem is answered;
        six statements, however many entries there are.
        """
        slots = await self._slots([(entry.variant_id, entry.location_id) for entry in entries])
        if isinstance(slots, Problem):
            return slots
        flaw = _count_flaw(entries)
        if flaw is not None:
            return flaw
        levels = await self._levels.locked(slots)
        moves = [
            (slot, entry.on_hand - levels[slot].on_hand)
            for slot, entry in zip(slots, entries, strict=True)
            if entry.on_hand != levels[slot].on_hand
        ]
        if moves:
            await self._levels.move(moves, Note(kind, reason, reference, actor))
        return sorted({slot[0] for slot, _ in moves})

    async def _slots(
        self, named: Sequence[tuple[int, int | None]], field: str = "counts"
    ) -> list[Slot] | Problem:
        """With the default location filled in; a Problem for what is not there or named twice."""
        locations = await self._location_ids({location for _, location in named})
        unknown = await self._levels.unknown_variants({variant for variant, _ in named})
        for place, (variant, location) in enumerate(named):
            path = (field, str(place))
            if variant in unknown:
                return NotFound("There is no variant with this id.", (*path, "variant_id"))
            if location not in locations:
                return NotFound("There is no stock location with this id.", (*path, "location_id"))
        slots = [(variant, locations[location]) for variant, location in named]
        twice = repeated(slots)
        if twice is not None:
            return Invalid("This variant and location are named twice.", (field, str(twice)))
        return slots

    async def _location_ids(self, ids: set[int | None]) -> dict[int | None, int]:
        found = await self._locations.named([id_ for id_ in ids if id_ is not None])
        if None in ids and None not in found:
            found[None] = (await self.ensure_default_location()).id
        return found


def _count_flaw(entries: Sequence[StockCount]) -> Invalid | None:
    for place, entry in enumerate(entries):
        if not 0 <= entry.on_hand <= MAX_ON_HAND:
            message = f"Units are counted from 0 to {MAX_ON_HAND}."
            return Invalid(message, ("counts", str(place), "on_hand"))
    return None
