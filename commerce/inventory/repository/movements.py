"""The ledger of stock, and what was adjusted under which reference."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select, text, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import IdempotencyConflict
from commerce.core.references import Claimed, claim
from commerce.core.viewer import Viewer
from commerce.inventory.models import REFERRED, StockMovement, StockReference
from commerce.inventory.rules.stock import MovementFilter
from commerce.inventory.visibility import visible_stock

MovementRow = Row[Any]

NEWEST_FIRST = (SortKey(col(StockMovement.id), descending=True),)


class MovementRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, MovementRow]:
        statement = self._visible().where(among(col(StockMovement.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, where: MovementFilter, args: PageArgs) -> Page[MovementRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._visible(where), NEWEST_FIRST, args))
        return page_of(rows, len(NEWEST_FIRST), args)

    async def count(self, where: MovementFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(where), limit)), limit)

    async def pages_by_variant(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[MovementRow]]:
        """The newest first."""
        statement = paged_by(
            ids, col(StockMovement.variant_id), self._visible(), NEWEST_FIRST, args
        )
        return pages_of(await self._uow.rows(statement), ids, len(NEWEST_FIRST), args)

    async def counts_by_variant(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(StockMovement.variant_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def claim(
        self, actor: str, reference: str, digest: bytes
    ) -> Claimed | IdempotencyConflict:
        """What was done under this reference, unless it is new: it is taken then."""
        return await claim(self._uow, StockReference, actor, reference, digest)

    async def settle(self, actor: str, reference: str, movement_ids: Sequence[int]) -> None:
        """Remember what came of a reference that this transaction has taken."""
        await self._uow.change(
            update(StockReference)
            .where(col(StockReference.actor) == actor, col(StockReference.reference) == reference)
            .values(movement_ids=list(movement_ids))
        )

    def _visible(self, where: MovementFilter = MovementFilter()) -> Select[Any]:
        statement = select(*columns_of(StockMovement)).where(visible_stock(self._viewer))
        if where.variant_id is not None:
            statement = statement.where(col(StockMovement.variant_id) == where.variant_id)
        if where.location_id is not None:
            statement = statement.where(col(StockMovement.location_id) == where.location_id)
        if where.reference is not None:
            referred = (col(StockMovement.reference) == where.reference, text(REFERRED))
            statement = statement.where(*referred)
        return statement
