"""Old carts of guests: they stay, and tell nothing about the guests any more."""

from commerce.carts.repository.retention import CartRetentionRepository
from commerce.core.batches import in_batches
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.privacy.rules import Retention


class CartRetentionService:
    def __init__(
        self,
        uow: UnitOfWork,
        carts: CartRetentionRepository,
        retention: Retention,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._carts = carts
        self._retention = retention
        self._clock = clock

    async def blank(self) -> int:
        """How many carts were blanked, in transactions of so many each."""
        now = self._clock()
        over_by = self._retention.carts_over_by(now)

        async def some(limit: int) -> int:
            return await self._uow.transact(lambda: self._carts.blank(over_by, now, limit))

        return await in_batches(some)
