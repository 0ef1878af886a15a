"""API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.staff.models import ApiKey

ApiKeyRow = Row[Any]
COLUMNS = tuple(columns_of(ApiKey))


class ApiKeyRepository:
    """Seen by the command line and the sign-in alone: there is no viewer yet."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, **values: Any) -> ApiKeyRow:
        rows = await self._uow.rows(insert(ApiKey).values(**values).returning(*COLUMNS))
        return rows[0]

    async def by_public_id(self, public_id: str) -> ApiKeyRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(ApiKey.public_id) == public_id))

    async def every(self) -> Sequence[ApiKeyRow]:
        """The newest first."""
        return await self._uow.rows(select(*COLUMNS).order_by(col(ApiKey.id).desc()))

    async def any(self) -> bool:
        """Whether there is a key at all."""
        return await self._uow.scalar(select(col(ApiKey.id)).limit(1)) is not None

    async def revoke(self, id_: int, at: datetime) -> ApiKeyRow | None:
        """The revoked key; one revoked earlier keeps its time. None when there is none."""
        statement = (
            update(ApiKey)
            .where(col(ApiKey.id) == id_)
            .values(revoked_at=func.coalesce(col(ApiKey.revoked_at), at))
            .returning(*COLUMNS)
        )
        return await self._uow.row(statement)

    async def touch(self, id_: int, at: datetime) -> None:
        """Note that the key was used."""
        await self._uow.change(update(ApiKey).where(col(ApiKey.id) == id_).values(last_used_at=at))
