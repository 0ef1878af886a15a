"""What is to be sent, to whom, and what came of it: for the server alone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text

from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.webhooks.kinds import WebhookFormat
from commerce.webhooks.rules.outcomes import Tried, Verdict

LeasedRow = Row[Any]

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
DUE: Final = text(
    """
SELECT EXISTS (
    SELECT FROM webhook_endpoints AS endpoint WHERE active AND EXISTS (
        SELECT FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND state = 'pending' AND due_at <= :now
    )
)
"""
)
# Who holds an endpoint's row is the only one to take from its deliveries: counting those that are
# being sent is exact then. What another one holds he looks after, so nobody waits.
HOLD: Final = text(
    """
SELECT id FROM webhook_endpoints AS endpoint WHERE active AND EXISTS (
    SELECT FROM webhook_deliveries
    WHERE endpoint_id = endpoint.id AND state = 'pending' AND due_at <= :now
)
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
)
LEASE: Final = text(
    """
WITH room AS (
    SELECT endpoint_id, :at_once - (
        SELECT count(*) FROM webhook_deliveries AS sent
        WHERE sent.endpoint_id = held.endpoint_id AND sent.leased_until > :now
    ) AS free
    FROM unnest(CAST(:ids AS bigint[])) AS held (endpoint_id)
), taken AS (
    SELECT head.id FROM room CROSS JOIN LATERAL (
        SELECT first.id FROM webhook_deliveries AS first
        WHERE first.endpoint_id = room.endpoint_id AND first.state = 'pending'
            AND first.due_at <= :now
            AND NOT EXISTS (
                SELECT FROM webhook_deliveries AS earlier
                WHERE earlier.endpoint_id = first.endpoint_id AND earlier.state = 'pending'
                    AND earlier.resource_type = first.resource_type
                    AND earlier.resource_id = first.resource_id
                    AND earlier.sequence < first.sequence
            )
        ORDER BY first.due_at, first.id LIMIT greatest(room.free, 0)
    ) AS head
)
UPDATE webhook_deliveries AS delivery
SET due_at = :until, leased_until = :until, tries = tries + 1,
    first_tried_at = coalesce(first_tried_at, :now)
FROM taken, webhook_endpoints AS endpoint
WHERE delivery.id = taken.id AND delivery.state = 'pending' AND endpoint.id = delivery.endpoint_id
RETURNING delivery.id, delivery.endpoint_id, delivery.event_id, delivery.position,
    delivery.event_type, delivery.resource_type, delivery.resource_id, delivery.sequence,
    delivery.tries, delivery.first_tried_at, delivery.body, delivery.created_at,
    endpoint.url, endpoint.format, endpoint.secret, endpoint.previous_secret,
    endpoint.previous_until, endpoint.failing_since,
    (SELECT data FROM events WHERE events.position = delivery.position) AS data,
    (SELECT occurred_at FROM events WHERE events.position = delivery.position) AS occurred_at
"""
)
# Whoever holds no lease any more has no say: another one tries it, or has done so.
FREEZE: Final = text(
    """
UPDATE webhook_deliveries SET body = :body
WHERE id = :id AND tries = :tries AND leased_until IS NOT NULL
"""
)
MARK: Final = text(
    """
WITH marked AS (
    UPDATE webhook_deliveries SET state = :state, due_at = :due_at, leased_until = NULL,
        last_status = :status, ended_at = CAST(:ended_at AS timestamptz),
        body = CASE WHEN :keeps THEN body END
    WHERE id = :id AND tries = :tries AND leased_until IS NOT NULL
    RETURNING id, endpoint_id, resource_type, resource_id
), next AS (
    UPDATE webhook_deliveries AS later SET due_at = :due_at
    FROM marked
    WHERE later.endpoint_id = marked.endpoint_id AND later.resource_type = marked.resource_type
        AND later.resource_id = marked.resource_id AND later.state = 'pending'
        AND later.id <> marked.id AND later.leased_until IS NULL
        AND (later.due_at > :due_at) = (CAST(:ended_at AS timestamptz) IS NOT NULL)
)
INSERT INTO webhook_attempts (delivery_id, status, milliseconds, error, answer, attempted_at)
SELECT id, CAST(:status AS integer), CAST(:milliseconds AS integer), :error, :answer, :at
FROM webhook_deliveries WHERE id = :id
"""
)
WELL: Final = text(
    "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = :id AND failing_since IS NOT NULL"
)
FAILING: Final = text(
    "UPDATE webhook_endpoints SET failing_since = :at WHERE id = :id AND failing_since IS NULL"
)
DISABLE: Final = text(
    """
UPDATE webhook_endpoints SET active = false, disabled_reason = :reason, disabled_at = :at,
    version = version + 1, updated_at = :at
WHERE id = :id AND active
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

    async def any_due(self, now: datetime) -> bool:
        return bool(await self._uow.scalar(DUE, {"now": now}))

    async def lease(self, at_once: int, now: datetime, until: datetime) -> Sequence[LeasedRow]:
        """What nobody else is given before `until`: of each thing the first that is left, and of
        each endpoint no more than `at_once` with what is being sent already.
        """
        self._uow.hold(Rank.OUTBOX)
        ids = list(await self._held(now))
        if not ids:
            return []
        values = {"ids": ids, "at_once": at_once, "now": now, "until": until}
        return await self._uow.rows(LEASE, values)

    async def _held(self, now: datetime) -> Sequence[int]:
        return await self._uow.scalars(HOLD, {"now": now})

    async def freeze(self, row: LeasedRow, body: bytes) -> bool:
        """Keep what is going to be sent; False when somebody else is trying by now."""
        values = {"id": row.id, "tries": row.tries, "body": body}
        return await self._uow.change(FREEZE, values) == 1

    async def mark(
        self, row: LeasedRow, tried: Tried, ruling: Verdict, *, ended: bool, keeps: bool
    ) -> None:
        """What became of it. Those behind it go when it is over, and wait as long as it does."""
        self._uow.hold(Rank.OUTBOX)
        await self._uow.change(
            MARK,
            {
                "id": row.id,
                "tries": row.tries,
                "state": ruling.state.value,
                "due_at": ruling.due_at,
                "ended_at": tried.at if ended else None,
                "keeps": keeps,
                "status": tried.status,
                "milliseconds": tried.milliseconds,
                "error": tried.error,
                "answer": tried.answer,
                "at": tried.at,
            },
        )

    async def well(self, endpoint_id: int) -> None:
        await self._uow.change(WELL, {"id": endpoint_id})

    async def failing(self, endpoint_id: int, at: datetime) -> None:
        await self._uow.change(FAILING, {"id": endpoint_id, "at": at})

    async def disable(self, endpoint_id: int, reason: str, at: datetime) -> None:
        await self._uow.change(DISABLE, {"id": endpoint_id, "reason": reason, "at": at})
