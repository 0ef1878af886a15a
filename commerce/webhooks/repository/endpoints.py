"""Endpoints."""

from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, case, delete, func, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.webhooks.models import WebhookEndpoint
from commerce.webhooks.visibility import visible_webhooks

EndpointRow = Row[Any]
COLUMNS = tuple(columns_of(WebhookEndpoint))
OLDEST: Final = (SortKey(col(WebhookEndpoint.id)),)


class WebhookEndpointRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, EndpointRow]:
        statement = self._visible().where(among(col(WebhookEndpoint.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[EndpointRow]:
        """The oldest first."""
        rows = await self._uow.rows(paged(self._visible(), OLDEST, args))
        return page_of(rows, len(OLDEST), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def add(self, **values: Any) -> EndpointRow:
        statement = insert(WebhookEndpoint).values(**values).returning(*COLUMNS)
        return (await self._uow.rows(statement))[0]

    async def to_change(self, id_: int) -> EndpointRow | None:
        """The endpoint, locked until the transaction ends."""
        statement = self._visible().where(col(WebhookEndpoint.id) == id_)
        return await self._uow.row(statement.with_for_update(key_share=True))

    async def change(self, id_: int, values: dict[str, Any], at: datetime) -> EndpointRow:
        """The changed row of an endpoint that is locked."""
        values = {**values, "version": col(WebhookEndpoint.version) + 1, "updated_at": at}
        statement = update(WebhookEndpoint).where(col(WebhookEndpoint.id) == id_).values(values)
        return (await self._uow.rows(statement.returning(*COLUMNS)))[0]

    async def rotate(self, id_: int, secret: bytes, at: datetime, until: datetime) -> EndpointRow:
        """Give a locked endpoint another secret; the one before signs too `until` then.

        While there is one before already it stays: the newest may not have been seen by anybody.
        """
        kept = col(WebhookEndpoint.previous_until) > at
        previous = case(
            (kept, col(WebhookEndpoint.previous_secret)), else_=col(WebhookEndpoint.secret)
        )
        values = {
            "secret": secret,
            "previous_secret": func.coalesce(previous, col(WebhookEndpoint.secret)),
            "previous_until": until,
            "rotated_at": at,
        }
        return await self.change(id_, values, at)

    async def remove(self, id_: int) -> None:
        """With all that was or is to be delivered to it."""
        await self._uow.change(delete(WebhookEndpoint).where(col(WebhookEndpoint.id) == id_))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_webhooks(self._viewer))
