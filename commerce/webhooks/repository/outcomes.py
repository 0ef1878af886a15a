"""What came of tries, written down for many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.events import Event, EventType
from commerce.core.locks import Rank
from commerce.webhooks.kinds import DeliveryState, DisabledReason
from commerce.webhooks.repository.sending import DueRow
from commerce.webhooks.rules.outcomes import Tried, Verdict

# Whoever is not the endpoint's sender any more has no say: another one tries it, or has done so.
MARK: Final = text(
    """
WITH told AS (
    SELECT * FROM unnest(
        CAST(:id AS bigint[]), CAST(:tries AS integer[]), CAST(:state AS text[]),
        CAST(:due_at AS timestamptz[]), CAST(:ended_at AS timestamptz[]),
        CAST(:status AS integer[]), CAST(:keeps AS boolean[]), CAST(:body AS bytea[]),
        CAST(:at AS timestamptz[])
    ) AS told (id, tries, state, due_at, ended_at, status, keeps, body, at)
), marked AS (
    UPDATE webhook_deliveries AS delivery SET state = told.state, due_at = told.due_at,
        tries = told.tries, first_tried_at = coalesce(delivery.first_tried_at, told.at),
        last_status = told.status, ended_at = told.ended_at,
        body = CASE WHEN told.keeps THEN coalesce(delivery.body, told.body) END
    FROM told
    WHERE delivery.id = told.id AND delivery.tries = told.tries - 1 AND delivery.state = 'pending'
        AND EXISTS (
            SELECT FROM webhook_senders AS sender
            WHERE sender.endpoint_id = delivery.endpoint_id AND sender.name = CAST(:name AS uuid)
        )
    RETURNING delivery.id, delivery.endpoint_id, delivery.resource_type, delivery.resource_id,
        delivery.due_at, delivery.ended_at
), next AS (
    UPDATE webhook_deliveries AS later SET due_at = marked.due_at
    FROM marked
    WHERE later.endpoint_id = marked.endpoint_id AND later.resource_type = marked.resource_type
        AND later.resource_id = marked.resource_id AND later.state = 'pending'
        AND later.id <> ALL(CAST(:id AS bigint[]))
        AND (later.due_at > marked.due_at) = (marked.ended_at IS NOT NULL)
)
INSERT INTO webhook_attempts (delivery_id, status, milliseconds, error, answer, attempted_at)
SELECT tried.* FROM unnest(
    CAST(:id AS bigint[]), CAST(:status AS integer[]), CAST(:milliseconds AS integer[]),
    CAST(:error AS text[]), CAST(:answer AS text[]), CAST(:at AS timestamptz[])
) AS tried (id, status, milliseconds, error, answer, at)
WHERE EXISTS (SELECT FROM webhook_deliveries AS known WHERE known.id = tried.id)
"""
)
HOLD: Final = text(
    """
SELECT id FROM webhook_endpoints WHERE id = ANY(CAST(:ids AS bigint[]))
ORDER BY id FOR NO KEY UPDATE
"""
)
WELL: Final = text(
    """
UPDATE webhook_endpoints SET failing_since = NULL
WHERE id = ANY(CAST(:ids AS bigint[])) AND failing_since IS NOT NULL
"""
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


@dataclass(slots=True)
class Outcome:
    """A try that is over. `body` is what was sent, sealed, where it was not kept before.

    `refused` counts how often the database would not have it.
    """

    row: DueRow
    tried: Tried
    ruling: Verdict
    keeps: bool = True
    body: bytes | None = None
    refused: int = 0

    @property
    def ended(self) -> bool:
        return self.ruling.state is not DeliveryState.PENDING


class OutcomeRepository:
    """`name` is the sender's, see `SendingRepository.claim`."""

    def __init__(self, uow: UnitOfWork, name: UUID) -> None:
        self._uow = uow
        self._name = name

    async def write(self, outcomes: Sequence[Outcome]) -> None:
        """What became of each, and of its endpoint. Those behind one go when it is over, and wait
        as long as it does.
        """
        if not any(map(_concerns_endpoint, outcomes)):
            await self._mark(outcomes)  # most often: one statement, which commits by itself
            return

        async def work() -> None:
            self._uow.hold(Rank.OUTBOX)
            # The endpoints first, as whoever deletes one locks them in this order.
            await self._tell_endpoints(outcomes)
            await self._mark(outcomes)

        await self._uow.transact(work)

    async def _mark(self, outcomes: Sequence[Outcome]) -> None:
        await self._uow.change(MARK, {**_columns(outcomes), "name": self._name})

    async def _tell_endpoints(self, outcomes: Sequence[Outcome]) -> None:
        health = health_of(outcomes)
        disabled = {
            each.row.endpoint_id: (each.ruling.disabled, each.tried.at)
            for each in outcomes
            if each.ruling.disabled is not None
        }
        await self._uow.rows(HOLD, {"ids": sorted({*health, *disabled})})
        await self._note(health)
        for id_, (reason, at) in sorted(disabled.items()):
            await self._disable(id_, reason, at)

    async def _note(self, health: Mapping[int, datetime | None]) -> None:
        well = [id_ for id_, since in health.items() if since is None]
        if well:
            await self._uow.change(WELL, {"ids": well})
        for id_, since in health.items():
            if since is not None:
                await self._uow.change(FAILING, {"id": id_, "at": since})

    async def _disable(self, id_: int, reason: DisabledReason, at: datetime) -> None:
        if await self._uow.change(DISABLE, {"id": id_, "reason": reason.value, "at": at}):
            told = {"reason": reason.value}
            type_ = EventType.WEBHOOK_ENDPOINT_DISABLED
            self._uow.record(Event(type_, "WebhookEndpoint", id_, told))


def health_of(outcomes: Collection[Outcome]) -> dict[int, datetime | None]:
    """Of endpoints of which that is news: since when all fails, None where one was delivered."""
    health: dict[int, datetime | None] = {}
    for each in outcomes:
        id_ = each.row.endpoint_id
        known = health.get(id_, each.row.failing_since)
        if each.tried.delivered and known is not None:
            health[id_] = None
        elif each.tried.refused and known is None:
            health[id_] = each.tried.at
    return health


def _concerns_endpoint(outcome: Outcome) -> bool:
    return outcome.ruling.disabled is not None or bool(health_of([outcome]))


def _columns(outcomes: Sequence[Outcome]) -> dict[str, list[Any]]:
    return {
        "id": [each.row.id for each in outcomes],
        "tries": [each.row.tries for each in outcomes],
        "state": [each.ruling.state.value for each in outcomes],
        "due_at": [each.ruling.due_at for each in outcomes],
        "ended_at": [each.tried.at if each.ended else None for each in outcomes],
        "keeps": [each.keeps for each in outcomes],
        "body": [each.body for each in outcomes],
        "status": [each.tried.status for each in outcomes],
        "milliseconds": [each.tried.milliseconds for each in outcomes],
        "error": [each.tried.error for each in outcomes],
        "answer": [each.tried.answer for each in outcomes],
        "at": [each.tried.at for each in outcomes],
    }
