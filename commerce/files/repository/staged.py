"""Uploads on their way."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Row, delete, func, insert, literal, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.files.models import StagedUpload

StagedRow = Row[Any]

QUOTA_LOCK: Final = 7_011_935_642_002


class StagedRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def one(self, id_: int) -> StagedRow | None:
        statement = select(*columns_of(StagedUpload)).where(col(StagedUpload.id) == id_)
        return await self._uow.row(statement)

    async def one_after_another(self) -> None:
        """Whoever counts what is on its way waits for those who count at the same time."""
        lock = func.pg_advisory_xact_lock(literal(QUOTA_LOCK, BigInteger()))
        await self._uow.row(select(lock))

    async def open(self) -> tuple[int, int]:
        """How many are on their way, and how many bytes they are together."""
        size = func.coalesce(func.sum(col(StagedUpload.size)), 0).label("size")
        statement = select(func.count().label("number"), size).where(
            col(StagedUpload.file_id).is_(None)
        )
        row = await self._uow.row(statement)
        return (0, 0) if row is None else (int(row.number), int(row.size))

    async def add(self, items: Sequence[Mapping[str, Any]]) -> dict[str, StagedRow]:
        """The new rows by their keys."""
        statement = insert(StagedUpload).values(list(items)).returning(*columns_of(StagedUpload))
        return {row.key: row for row in await self._uow.rows(statement)}

    async def arrived(self, id_: int, size: int) -> bool:
        """So many bytes came; False when something has been made of what was there before."""
        statement = (
            update(StagedUpload)
            .where(col(StagedUpload.id) == id_, col(StagedUpload.file_id).is_(None))
            .values(received=size)
        )
        return bool(await self._uow.change(statement))

    async def used(self, id_: int, file_id: int) -> bool:
        """Say what was made of it; False when something else was meanwhile."""
        statement = (
            update(StagedUpload)
            .where(col(StagedUpload.id) == id_, col(StagedUpload.file_id).is_(None))
            .values(file_id=file_id)
        )
        return bool(await self._uow.change(statement))

    async def over(self, before: datetime, at_most: int) -> Sequence[StagedRow]:
        statement = select(*columns_of(StagedUpload)).where(col(StagedUpload.expires_at) < before)
        return await self._uow.rows(statement.order_by(col(StagedUpload.id)).limit(at_most))

    async def forget(self, ids: Keys[int]) -> None:
        await self._uow.change(delete(StagedUpload).where(among(col(StagedUpload.id), ids)))
