"""What is to be sent, to whom, and what came of it: for the server alone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, text

from commerce.core.db import UnitOfWork
from commerce.webhooks.kinds import WebhookFormat

DueRow = Row[Any]

FAN_OUT: Final = text(
    """
INSERT INTO webhook_deliveries (endpoint_id, event_id, position, event_type,
    resource_type, resource_id, sequence, due_at, created_at)
SELECT endpoint.id, event.event_id, event.position, event.type,
    event.resource_type, event.resource_id, event.resource_sequence,
    CAST(:now AS timestamptz), CAST(:now AS timestamptz)
FROM events AS event
JOIN unnest(CAST(:formats AS text[]), CAST(:types AS text[])) AS known (format, type)
    ON known.type = event.type
JOIN webhook_endpoints AS endpoint ON endpoint.format = known.format AND endpoint.active
    AND (endpoint.events = '{}' OR event.type = ANY(endpoint.events))
WHERE event.position BETWEEN :first AND :last
ON CONFLICT DO NOTHING
"""
)
# Somebody was forgotten: bodies that may tell of them are made anew, from what is left.
UNSAY: Final = text(
    """
UPDATE webhook_deliveries AS delivery SET body = NULL
FROM webhook_endpoints AS endpoint
WHERE endpoint.id = delivery.endpoint_id AND endpoint.format = ANY(CAST(:formats AS text[]))
    AND delivery.state = 'pending' AND delivery.body IS NOT NULL
    AND EXISTS (
        SELECT FROM events WHERE position BETWEEN :first AND :last AND type = 'customer.erased'
    )
"""
)
# One process at a time sends to an endpoint, for as long as it says: what is in flight is counted
# exactly, and nothing overtakes.
CLAIM: Final = text(
    """
INSERT INTO webhook_senders AS known (endpoint_id, name, until)
SELECT endpoint.id, CAST(:name AS uuid), CAST(:until AS timestamptz)
FROM webhook_endpoints AS endpoint
WHERE endpoint.active AND (
    endpoint.id = ANY(CAST(:own AS bigint[])) OR EXISTS (
        SELECT FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND state = 'pending' AND due_at <= :now
    )
) AND NOT EXISTS (
    SELECT FROM webhook_senders AS other
    WHERE other.endpoint_id = endpoint.id AND other.name <> :name AND other.until > :now
)
ORDER BY endpoint.id
ON CONFLICT (endpoint_id) DO UPDATE SET name = excluded.name, until = excluded.until
    WHERE known.name = excluded.name OR known.until <= :now
RETURNING endpoint_id
"""
)
RELEASE: Final = text("DELETE FROM webhook_senders WHERE name = CAST(:name AS uuid)")
DUE: Final = text(
    """
SELECT delivery.id, delivery.endpoint_id, delivery.event_id, delivery.position,
    delivery.event_type, delivery.resource_type, delivery.resource_id, delivery.sequence,
    delivery.tries + 1 AS tries, delivery.first_tried_at, delivery.body, delivery.created_at,
    endpoint.url, endpoint.format, endpoint.secret, endpoint.previous_secret,
    endpoint.previous_until, endpoint.failing_since, event.data, event.occurred_at
FROM unnest(CAST(:ids AS bigint[]), CAST(:rooms AS integer[])) AS held (endpoint_id, room)
JOIN webhook_endpoints AS endpoint ON endpoint.id = held.endpoint_id
CROSS JOIN LATERAL (
    SELECT first.* FROM webhook_deliveries AS first
    WHERE first.endpoint_id = held.endpoint_id AND first.state = 'pending'
        AND first.due_at <= :now AND first.id <> ALL(CAST(:known AS bigint[]))
        AND NOT EXISTS (
            SELECT FROM webhook_deliveries AS earlier
            WHERE earlier.endpoint_id = first.endpoint_id AND earlier.state = 'pending'
                AND earlier.resource_type = first.resource_type
                AND earlier.resource_id = first.resource_id
                AND earlier.sequence < first.sequence
        )
    ORDER BY first.due_at, first.id LIMIT held.room
) AS delivery
LEFT JOIN events AS event ON event.position = delivery.position
ORDER BY delivery.due_at, delivery.id
"""
)
# All who wait to be told of it in that format get the same.
FREEZE: Final = text(
    """
UPDATE webhook_deliveries AS delivery SET body = coalesce(delivery.body, :body)
FROM webhook_endpoints AS endpoint
WHERE endpoint.id = delivery.endpoint_id AND endpoint.format = :format
    AND delivery.event_id = :event_id AND delivery.state = 'pending'
RETURNING delivery.body
"""
)


class SendingRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def fan_out(
        self, positions: range, known: Mapping[WebhookFormat, Collection[str]], now: datetime
    ) -> int:
        """How many deliveries the events of those positions make. `known`: what each can tell."""
        pairs = [(format_.value, type_) for format_, types in known.items() for type_ in types]
        return await self._uow.change(
            FAN_OUT,
            {
                "formats": [format_ for format_, _type in pairs],
                "types": [type_ for _format, type_ in pairs],
                "first": positions[0],
                "last": positions[-1],
                "now": now,
            },
        )

    async def unsay(self, positions: range, formats: Collection[WebhookFormat]) -> None:
        """Where those events say that a customer was forgotten, bodies that may tell are, too."""
        names = [format_.value for format_ in formats]
        span = {"first": positions[0], "last": positions[-1]}
        await self._uow.change(UNSAY, {"formats": names, **span})

    async def claim(
        self, name: UUID, own: Collection[int], now: datetime, until: datetime
    ) -> Sequence[int]:
        """The endpoints that nobody else sends to before `until`: those for which something is due,
        and of its `own` those that are still active.
        """
        values = {"name": name, "own": list(own), "now": now, "until": until}
        return await self._uow.scalars(CLAIM, values)

    async def release(self, name: UUID) -> None:
        await self._uow.change(RELEASE, {"name": name})

    async def due(
        self, rooms: Mapping[int, int], known: Collection[int], now: datetime
    ) -> Sequence[DueRow]:
        """Of each thing the first that is left, unless it is `known`; of each endpoint no more than
        it has room for.
        """
        values = {"ids": list(rooms), "rooms": list(rooms.values()), "known": list(known)}
        return await self._uow.rows(DUE, {**values, "now": now})

    async def freeze(self, row: DueRow, body: bytes) -> bytes | None:
        """What is kept to be sent of an event in a format; None when nobody is to be told.

        It is the same for all endpoints, and that of another process if that was the first.
        """
        values = {"event_id": row.event_id, "format": row.format, "body": body}
        return cast(bytes | None, await self._uow.scalar(FREEZE, values))
