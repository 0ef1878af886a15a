"""The store's settings."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.store.models import SetupMark, Store

StoreRow = Row[Any]
COLUMNS = tuple(columns_of(Store))
# Read with most requests: built once.
SETTINGS = select(*COLUMNS)


def setup_mark() -> Any:
    """For statements that read it beside something else: one look, however many rows there are."""
    return select(col(SetupMark.mark)).scalar_subquery().label("setup_mark")


class StoreRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def ensure(self, name: str, currency: str) -> None:
        values = {"id": 1, "name": name, "currency": currency}
        await self._uow.change(insert(Store).values(**values).on_conflict_do_nothing())

    async def settings(self) -> StoreRow | None:
        return await self._uow.row(SETTINGS)

    async def locales(self, ids: Keys[int]) -> dict[int, str]:
        """The language of each of these stores, of which there is one."""
        row = await self.settings()
        return {} if row is None else dict.fromkeys(ids, row.locale)

    async def shown_files(self, keys: Keys[str]) -> set[str]:
        """Those of these files of the store that are its logo or icon, by their keys."""
        row = await self.settings()
        found = [row.logo_url, row.favicon_url] if row is not None else []
        own = {url.split("/")[2] for url in found if url.startswith("/media/")}
        return own.intersection(keys)

    async def to_change(self) -> StoreRow | None:
        """Locked, so that versions count one by one."""
        rows = await self._uow.locked(Rank.SETTINGS, SETTINGS)
        return next(iter(rows), None)

    async def change(self, changes: dict[str, Any]) -> StoreRow:
        statement = (
            update(Store)
            .values(**changes, version=col(Store.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        return (await self._uow.rows(statement))[0]
