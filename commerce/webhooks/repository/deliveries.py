"""Deliveries and their tries, for who looks at them and asks for them again."""

from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, delete, insert, select, text, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import (
    SortKey,
    counted_by,
    counts_of,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.webhooks.kinds import DeliveryState
from commerce.webhooks.models import WebhookAttempt, WebhookDelivery
from commerce.webhooks.visibility import visible_webhooks

DeliveryRow = Row[Any]
COLUMNS = tuple(columns_of(WebhookDelivery))
NEWEST: Final = (SortKey(col(WebhookDelivery.id), descending=True),)
IN_ORDER: Final = (SortKey(col(WebhookAttempt.id)),)
TEST_OF: Final = "WebhookEndpoint"
# What was delivered goes out with the same body once more; what is on its way is left alone.
REPLAY: Final = text(
    """
INSERT INTO webhook_deliveries AS known (endpoint_id, event_id, position, event_type,
    resource_type, resource_id, sequence, due_at, created_at)
SELECT endpoint.id, event.event_id, event.position, event.type,
    event.resource_type, event.resource_id, event.resource_sequence,
    CAST(:now AS timestamptz), CAST(:now AS timestamptz)
FROM events AS event JOIN webhook_endpoints AS endpoint
    ON endpoint.id = :endpoint_id
    AND (endpoint.events = '{}' OR event.type = ANY(endpoint.events))
WHERE event.type = ANY(CAST(:types AS text[]))
    AND event.position > :after AND event.position < :before
    AND event.occurred_at >= CAST(:since AS timestamptz)
    AND event.occurred_at < CAST(:until AS timestamptz)
ORDER BY event.position LIMIT :at_most
ON CONFLICT (endpoint_id, event_id) DO UPDATE SET state = 'pending',
    due_at = excluded.due_at, tries = 0, first_tried_at = NULL, ended_at = NULL
    WHERE known.state <> 'pending'
"""
)


class WebhookDeliveryRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, DeliveryRow]:
        statement = self._visible().where(among(col(WebhookDelivery.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def pages_by_endpoint(
        self, ids: Keys[int], args: PageArgs, state: DeliveryState | None = None
    ) -> dict[int, Page[DeliveryRow]]:
        """The newest first."""
        statement = paged_by(
            ids, col(WebhookDelivery.endpoint_id), self._in_state(state), NEWEST, args
        )
        return pages_of(await self._uow.rows(statement), ids, len(NEWEST), args)

    async def counts_by_endpoint(
        self, ids: Keys[int], limit: int | None, state: DeliveryState | None = None
    ) -> dict[int, Count]:
        statement = counted_by(ids, col(WebhookDelivery.endpoint_id), self._in_state(state), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def attempts(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[Row[Any]]]:
        """Of each delivery, the oldest first."""
        statement = paged_by(ids, col(WebhookAttempt.delivery_id), self._attempts(), IN_ORDER, args)
        return pages_of(await self._uow.rows(statement), ids, len(IN_ORDER), args)

    async def attempt_counts(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(WebhookAttempt.delivery_id), self._attempts(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def to_change(self, id_: int) -> DeliveryRow | None:
        """The delivery, locked until the transaction ends."""
        statement = self._visible().where(col(WebhookDelivery.id) == id_).with_for_update()
        return await self._uow.row(statement)

    async def send_again(self, id_: int, at: datetime) -> DeliveryRow:
        """As if it was new, but with the same body if that is still there."""
        values = {
            "state": DeliveryState.PENDING,
            "due_at": at,
            "tries": 0,
            "first_tried_at": None,
            "ended_at": None,
        }
        statement = update(WebhookDelivery).where(col(WebhookDelivery.id) == id_).values(values)
        return (await self._uow.rows(statement.returning(*COLUMNS)))[0]

    async def hurry(self, id_: int, at: datetime) -> DeliveryRow:
        """What waits for its next try does so no longer."""
        statement = update(WebhookDelivery).where(col(WebhookDelivery.id) == id_)
        return (await self._uow.rows(statement.values(due_at=at).returning(*COLUMNS)))[0]

    async def replay(self, endpoint_id: int, values: dict[str, Any]) -> int:
        """How many of the events of a range are on their way again."""
        return await self._uow.change(REPLAY, {"endpoint_id": endpoint_id, **values})

    async def add_test(
        self, endpoint_id: int, event_id: UUID, name: str, at: datetime
    ) -> DeliveryRow:
        values = {
            "endpoint_id": endpoint_id,
            "event_id": event_id,
            "event_type": name,
            "resource_type": TEST_OF,
            "resource_id": endpoint_id,
            "sequence": 0,
            "due_at": at,
            "created_at": at,
        }
        statement = insert(WebhookDelivery).values(values).returning(*COLUMNS)
        return (await self._uow.rows(statement))[0]

    async def forget(self, before: datetime, at_most: int) -> int:
        """How many of the oldest are gone."""
        oldest = (
            select(col(WebhookDelivery.id))
            .where(col(WebhookDelivery.created_at) < before)
            .order_by(col(WebhookDelivery.created_at))
            .limit(at_most)
        )
        return await self._uow.change(
            delete(WebhookDelivery).where(col(WebhookDelivery.id).in_(oldest))
        )

    def _in_state(self, state: DeliveryState | None) -> Select[Any]:
        statement = self._visible()
        return statement if state is None else statement.where(col(WebhookDelivery.state) == state)

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_webhooks(self._viewer))

    def _attempts(self) -> Select[Any]:
        return select(*columns_of(WebhookAttempt)).where(visible_webhooks(self._viewer))
