"""Giving stock that has come to the orders that wait for it."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from commerce.core.clock import Clock
from commerce.inventory.repository.allocations import AllocationRepository
from commerce.inventory.repository.levels import LevelRepository, LevelRow
from commerce.inventory.repository.reservations import ReservationRepository
from commerce.inventory.rules.allocated import filled
from commerce.inventory.rules.promises import free_at
from commerce.inventory.rules.stock import Slot


class BackorderService:
    def __init__(
        self,
        levels: LevelRepository,
        reservations: ReservationRepository,
        allocations: AllocationRepository,
        clock: Clock,
    ) -> None:
        self._levels = levels
        self._reservations = reservations
        self._allocations = allocations
        self._clock = clock

    async def fill(self, slots: Collection[Slot]) -> None:
        """Allocate what is free at these levels, which are locked, the oldest order first."""
        variant_ids = {variant_id for variant_id, _ in slots}
        waiting = await self._allocations.locked_waiting(variant_ids) if slots else ()
        if waiting:
            await self.fill_these(waiting, await self._levels.at(slots))

    async def fill_these(self, waiting: Sequence[Any], levels: Sequence[LevelRow]) -> None:
        """Allocate what is free at these levels to those that wait; all of it is locked."""
        variant_ids = {row.variant_id for row in waiting}
        held = await self._reservations.held(variant_ids, self._clock())
        fillings = filled(waiting, free_at(levels, held))
        if not fillings:
            return
        reserved: Counter[Slot] = Counter()
        for each in fillings:
            reserved[each.row.variant_id, each.location_id] += each.units
        await self._levels.reserve(reserved)
        await self._allocations.fill(fillings)
