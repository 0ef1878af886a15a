"""Events written down by the transactions that made them, and moved from there to the log.

A transaction that began earlier may commit later: numbers it took when it wrote would appear behind
readers that have gone past them. Events are numbered after their commit instead, by one process at
a time, in the order of their writing; those of one thing were written in turn, as it was locked.
"""

from typing import Final

from sqlalchemy import text

from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank

# SKIP LOCKED: where another process is numbering, there is nothing left to do.
END: Final = text("SELECT position FROM event_log_end WHERE id = 1 FOR NO KEY UPDATE SKIP LOCKED")
MOVE: Final = text(
    """
WITH moved AS (
    DELETE FROM event_outbox WHERE id = ANY(
        ARRAY(SELECT id FROM event_outbox ORDER BY id LIMIT :at_most)
    ) RETURNING *
), streams AS (
    INSERT INTO event_streams AS known (resource_type, resource_id, last_sequence)
    SELECT resource_type, resource_id, count(*) FROM moved GROUP BY resource_type, resource_id
    ON CONFLICT (resource_type, resource_id)
    DO UPDATE SET last_sequence = known.last_sequence + excluded.last_sequence
    RETURNING resource_type, resource_id, last_sequence
), numbered AS (
    SELECT moved.*,
        row_number() OVER (ORDER BY id) AS place,
        row_number() OVER (PARTITION BY resource_type, resource_id ORDER BY id DESC) AS from_last
    FROM moved
), logged AS (
    INSERT INTO events (position, event_id, type, resource_type, resource_id, resource_sequence,
        data, actor, request_id, occurred_at)
    SELECT CAST(:last AS bigint) + place, event_id, type, resource_type, resource_id,
        last_sequence + 1 - from_last, data, actor, request_id, occurred_at
    FROM numbered JOIN streams USING (resource_type, resource_id)
    RETURNING position
), ended AS (
    UPDATE event_log_end SET position = (SELECT max(position) FROM logged)
    WHERE id = 1 AND EXISTS (SELECT FROM logged)
)
SELECT max(position) AS last FROM logged
"""
)


class EventOutbox:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def number(self, at_most: int) -> range:
        """The positions that the next events now have in the log.

        None of them when none wait, or when another process is at it.
        """
        self._uow.hold(Rank.OUTBOX)
        end = await self._uow.row(END)
        if end is None:
            return range(0)
        last = await self._uow.scalar(MOVE, {"last": end.position, "at_most": at_most})
        return range(0) if last is None else range(end.position + 1, last + 1)
