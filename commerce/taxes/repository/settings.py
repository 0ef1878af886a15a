"""How the store taxes shipping."""

from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.taxes.models import TaxSettings

SettingsRow = Row[Any]
COLUMNS = tuple(columns_of(TaxSettings))


class TaxSettingsRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def ensure(self) -> None:
        await self._uow.change(insert(TaxSettings).values(id=1).on_conflict_do_nothing())

    async def settings(self) -> SettingsRow:
        """Raises `IndexError` before the store was prepared."""
        return (await self._uow.rows(select(*COLUMNS)))[0]

    async def change(self, changes: dict[str, Any]) -> SettingsRow:
        statement = (
            update(TaxSettings)
            .values(**changes, version=col(TaxSettings.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        return (await self._uow.rows(statement))[0]
