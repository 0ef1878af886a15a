"""Choosing units for carts and orders."""

from collections.abc import Mapping

from commerce.core.clock import Clock
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.repository.levels import LevelRepository
from commerce.inventory.repository.reservations import ReservationRepository
from commerce.inventory.rules.promises import Pieces, free_at, promised


class PickingService:
    def __init__(
        self, levels: LevelRepository, reservations: ReservationRepository, clock: Clock
    ) -> None:
        self._levels = levels
        self._reservations = reservations
        self._clock = clock

    async def pick(
        self, wants: Mapping[int, int], cart_id: int | None
    ) -> Pieces | InsufficientStock:
        """Where units of the variants can be taken; what this cart itself holds is free to it.

        The levels are locked from now on: what was found is there until the transaction ends.
        Three statements, however many variants there are.
        """
        variants = await self._levels.selling(wants)
        counted = sorted(id_ for id_, variant in variants.items() if variant.track_stock)
        levels = await self._levels.all_locked(counted)
        held = await self._reservations.held(counted, self._clock(), cart_id)
        return promised(wants, variants, free_at(levels, held))
