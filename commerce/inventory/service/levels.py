"""Reading levels and the ledger."""

from commerce.core.paging import Count, Page, PageArgs
from commerce.inventory.repository.levels import LevelRepository, LevelRow
from commerce.inventory.repository.movements import MovementRepository, MovementRow
from commerce.inventory.rules.stock import LevelFilter, MovementFilter


class LevelService:
    def __init__(self, levels: LevelRepository, movements: MovementRepository) -> None:
        self._levels = levels
        self._movements = movements

    async def page(self, where: LevelFilter, args: PageArgs) -> Page[LevelRow]:
        return await self._levels.page(where, args)

    async def count(self, where: LevelFilter, limit: int | None) -> Count:
        return await self._levels.count(where, limit)

    async def movements(self, where: MovementFilter, args: PageArgs) -> Page[MovementRow]:
        return await self._movements.page(where, args)

    async def count_movements(self, where: MovementFilter, limit: int | None) -> Count:
        return await self._movements.count(where, limit)
