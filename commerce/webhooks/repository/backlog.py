"""How much has happened that nobody was told of yet: for whoever watches the server."""

from typing import Final, NamedTuple

from sqlalchemy import text

from commerce.core.db import UnitOfWork

# What waits for an endpoint that is switched off is not due.
BACKLOG: Final = text(
    """
SELECT
    (SELECT count(*) FROM event_outbox) AS unnumbered,
    coalesce((
        SELECT extract(epoch FROM now() - occurred_at) FROM event_outbox ORDER BY id LIMIT 1
    ), 0) AS lag,
    coalesce(sum(waiting.due), 0) AS due,
    coalesce(extract(epoch FROM now() - min(waiting.oldest)), 0) AS age,
    (SELECT count(*) FROM webhook_deliveries WHERE state = 'dead') AS dead,
    (SELECT count(*) FROM webhook_endpoints WHERE disabled_reason IS NOT NULL) AS disabled
FROM webhook_endpoints AS endpoint CROSS JOIN LATERAL (
    SELECT count(*) AS due, min(due_at) AS oldest FROM webhook_deliveries
    WHERE endpoint_id = endpoint.id AND state = 'pending' AND due_at <= now()
) AS waiting
WHERE endpoint.active
"""
)


class Backlog(NamedTuple):
    """`lag` and `age` are seconds: of the oldest event that has no number, and of the delivery that
    has been due for longest.
    """

    unnumbered: int
    lag: float
    due: int
    age: float
    dead: int
    disabled: int


class BacklogRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def now(self) -> Backlog:
        (row,) = await self._uow.rows(BACKLOG)
        return Backlog(
            unnumbered=row.unnumbered,
            lag=float(row.lag),
            due=int(row.due),
            age=float(row.age),
            dead=row.dead,
            disabled=row.disabled,
        )
