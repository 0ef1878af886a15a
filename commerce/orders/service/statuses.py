"""Naming the store's own statuses."""

from collections.abc import Sequence
from typing import Final

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw
from commerce.orders.kinds import CUSTOM_STATUSES, StatusGroup
from commerce.orders.repository.statuses import OrderStatusRepository, StatusRow

MAX_NAME: Final = 100


class OrderStatusService:
    def __init__(self, statuses: OrderStatusRepository) -> None:
        self._statuses = statuses

    async def all(self) -> Sequence[StatusRow]:
        return await self._statuses.all()

    async def upsert(
        self, group: StatusGroup, slot: int, name: str, *, active: bool
    ) -> StatusRow | Invalid:
        """Name the status in one of the group's slots; an inactive one is given to no order."""
        if not 1 <= slot <= CUSTOM_STATUSES:
            return Invalid(f"A slot is from 1 to {CUSTOM_STATUSES}.", ("slot",))
        flaw = text_flaw(name, MAX_NAME, "name")
        if flaw is not None:
            return flaw
        return await self._statuses.upsert(group, slot, {"name": name.strip(), "active": active})
