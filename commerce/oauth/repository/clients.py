"""OAuth clients."""

from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import SYSTEM, Viewer
from commerce.oauth.models import OAuthClient
from commerce.oauth.visibility import visible_clients

ClientRow = Row[Any]
COLUMNS = tuple(columns_of(OAuthClient))
NEWEST: Final = (SortKey(col(OAuthClient.id), descending=True),)


class ClientRepository:
    """`viewer` may be left out where a client proves itself: there is no viewer yet."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer = SYSTEM) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_client_id(self, client_id: str) -> ClientRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(OAuthClient.client_id) == client_id))

    async def hold(self, id_: int) -> bool:
        """Whether the client is still there; it cannot be deleted until the transaction ends."""
        statement = select(col(OAuthClient.id)).where(col(OAuthClient.id) == id_)
        return (
            await self._uow.scalar(statement.with_for_update(key_share=True, read=True)) is not None
        )

    async def by_ids(self, ids: Keys[int]) -> dict[int, ClientRow]:
        statement = self._visible().where(among(col(OAuthClient.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[ClientRow]:
        """The newest first."""
        rows = await self._uow.rows(paged(self._visible(), NEWEST, args))
        return page_of(rows, len(NEWEST), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def add(self, **values: Any) -> ClientRow:
        return (await self._uow.rows(insert(OAuthClient).values(**values).returning(*COLUMNS)))[0]

    async def to_change(self, id_: int) -> ClientRow | None:
        """The client, locked until the transaction ends."""
        statement = self._visible().where(col(OAuthClient.id) == id_).with_for_update()
        return await self._uow.row(statement)

    async def change(self, id_: int, values: dict[str, Any], at: datetime) -> ClientRow:
        """The changed row of a client that is locked."""
        statement = (
            update(OAuthClient)
            .where(col(OAuthClient.id) == id_)
            .values(**values, updated_at=at)
            .returning(*COLUMNS)
        )
        return (await self._uow.rows(statement))[0]

    async def delete(self, id_: int) -> None:
        """The client with all it was granted."""
        await self._uow.change(delete(OAuthClient).where(col(OAuthClient.id) == id_))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_clients(self._viewer))
