"""The time zone of the shop, for whoever prints moments in it."""

from collections.abc import Callable
from datetime import tzinfo
from time import monotonic
from typing import Final

from commerce.core.db import OpenUnit
from commerce.store.repository import StoreRepository
from commerce.store.service import StoreService

SECONDS: Final = 10.0


class ShopTime:
    """Kept for some seconds: a moment is the same in any zone, and days are counted elsewhere."""

    def __init__(self, open_unit: OpenUnit, now: Callable[[], float] = monotonic) -> None:
        self._open_unit = open_unit
        self._now = now
        self._zone: tzinfo | None = None
        self._until = 0.0

    async def zone(self) -> tzinfo:
        if self._zone is None or self._now() >= self._until:
            async with self._open_unit() as uow:
                self._zone = await StoreService(StoreRepository(uow)).zone()
            self._until = self._now() + SECONDS
        return self._zone
