"""Endpoints."""

from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Row,
    Select,
    Text,
    any_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.unique import row_or_taken
from commerce.core.viewer import Viewer
from commerce.webhooks.criteria import EndpointWhere
from commerce.webhooks.models import WebhookEndpoint
from commerce.webhooks.visibility import visible_webhooks

EndpointRow = Row[Any]
COLUMNS = tuple(columns_of(WebhookEndpoint))
TAKEN: Final = {
    "uq_webhook_endpoints_shopkit": Taken("It is told of this at this address.", ("url",)),
}
OLDEST: Final = (SortKey(col(WebhookEndpoint.id)),)


class WebhookEndpointRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, EndpointRow]:
        statement = self._visible().where(among(col(WebhookEndpoint.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, where: EndpointWhere, args: PageArgs) -> Page[EndpointRow]:
        """The oldest first."""
        rows = await self._uow.rows(paged(self._matching(where), OLDEST, args))
        return page_of(rows, len(OLDEST), args)

    async def count(self, where: EndpointWhere, limit: int | None) -> Count:
        found = counted(self._matching(where), limit)
        return count_of(await self._uow.scalar(found), limit)

    async def add(self, **values: Any) -> EndpointRow | Taken:
        statement = insert(WebhookEndpoint).values(**values).returning(*COLUMNS)
        return await row_or_taken(self._uow, statement, TAKEN)

    async def to_change(self, id_: int) -> EndpointRow | None:
        """The endpoint, locked until the transaction ends."""
        statement = self._visible().where(col(WebhookEndpoint.id) == id_)
        return await self._uow.row(statement.with_for_update(key_share=True))

    async def change(self, id_: int, values: dict[str, Any], at: datetime) -> Any:
        """The changed row of an endpoint that is locked; `Taken` for one that is there twice."""
        values = {**values, "version": col(WebhookEndpoint.version) + 1, "updated_at": at}
        statement = update(WebhookEndpoint).where(col(WebhookEndpoint.id) == id_).values(values)
        return await row_or_taken(self._uow, statement.returning(*COLUMNS), TAKEN)

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
        changed: EndpointRow = await self.change(id_, values, at)
        return changed

    async def remove(self, id_: int) -> None:
        """With all that was or is to be delivered to it."""
        await self._uow.change(delete(WebhookEndpoint).where(col(WebhookEndpoint.id) == id_))

    def _matching(self, where: EndpointWhere) -> Select[Any]:
        found = self._visible()
        if where.formats is not None:
            found = found.where(col(WebhookEndpoint.format).in_(where.formats))
        if where.active is not None:
            found = found.where(col(WebhookEndpoint.active).is_(where.active))
        if where.event is not None:
            events = col(WebhookEndpoint.events)
            told = literal(where.event, Text()) == any_(events)
            found = found.where(or_(func.cardinality(events) == 0, told))
        return found

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_webhooks(self._viewer))
