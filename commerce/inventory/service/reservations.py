"""Holding stock for carts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from commerce.core.clock import Clock
from commerce.core.paging import Count, Page, PageArgs
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.repository.reservations import ReservationRepository, ReservationRow
from commerce.inventory.rules.stock import ReservationFilter
from commerce.inventory.service.picking import PickingService

KEPT: Final = timedelta(days=1)


class ReservationService:
    """What writes is to be run in a transaction in which the cart is locked, and which is rolled
    back on a Problem. Levels are locked: before orders, after gift cards.
    """

    def __init__(
        self, picking: PickingService, reservations: ReservationRepository, clock: Clock
    ) -> None:
        self._picking = picking
        self._reservations = reservations
        self._clock = clock

    async def page(self, where: ReservationFilter, args: PageArgs) -> Page[ReservationRow]:
        return await self._reservations.page(where, self._clock(), args)

    async def count(self, where: ReservationFilter, limit: int | None) -> Count:
        return await self._reservations.count(where, self._clock(), limit)

    async def hold(
        self, cart_id: int, wants: Mapping[int, int], until: datetime
    ) -> Mapping[int, int] | InsufficientStock:
        """Have the cart hold so many units of each variant, in place of what it holds.

        Answers how many of each are not there yet. Five statements, however many variants.
        """
        wanted = {id_: quantity for id_, quantity in wants.items() if quantity > 0}
        pieces = await self._picking.pick(wanted, cart_id)
        if isinstance(pieces, InsufficientStock):
            return pieces
        await self._reservations.replace(cart_id, pieces, until)
        return {
            id_: sum(units for location_id, units in pieces.get(id_, ()) if location_id is None)
            for id_ in wanted
        }

    async def extend(self, cart_id: int, until: datetime) -> InsufficientStock | None:
        """Have the cart hold what it holds until then: asked again, the same.

        Holds that are over are taken anew, unless somebody else has taken the units meanwhile.
        """
        held = await self._reservations.of_cart(cart_id)
        again = await self.hold(cart_id, held, until) if held else None
        return again if isinstance(again, InsufficientStock) else None

    async def drop(self, cart_id: int) -> None:
        await self._reservations.drop(cart_id)

    async def forget_expired(self) -> int:
        """Delete what has long been over, for the room it takes: how many rows there were."""
        return await self._reservations.forget_expired(self._clock() - KEPT)
