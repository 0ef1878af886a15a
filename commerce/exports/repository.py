"""The rows of exports."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.exports.models import Export

ExportRow = Row[Any]


class ExportRepository:
    """Whose an export is, the service minds: whoever holds a link is nobody in particular."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def one(self, id_: int) -> ExportRow | None:
        return await self._uow.row(select(*columns_of(Export)).where(col(Export.id) == id_))

    async def add(self, values: Mapping[str, Any]) -> ExportRow:
        statement = insert(Export).values(**values).returning(*columns_of(Export))
        return (await self._uow.rows(statement))[0]

    async def change(self, id_: int, values: Mapping[str, Any]) -> ExportRow | None:
        """The export as it is now; None when it is gone."""
        changed = update(Export).where(col(Export.id) == id_).values(**values)
        return await self._uow.row(changed.returning(*columns_of(Export)))

    async def over(self, at: datetime, at_most: int) -> Sequence[ExportRow]:
        statement = select(*columns_of(Export)).where(col(Export.expires_at) <= at)
        return await self._uow.rows(statement.order_by(col(Export.id)).limit(at_most))

    async def forget(self, ids: Keys[int], at: datetime) -> None:
        """Those that are still over: a job may have taken one up again."""
        over = (among(col(Export.id), ids), col(Export.expires_at) <= at)
        await self._uow.change(delete(Export).where(*over))
