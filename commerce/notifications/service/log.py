"""What was sent, and what became of it."""

from datetime import datetime
from typing import Any

from commerce.core.paging import Count, Page, PageArgs
from commerce.notifications.kinds import NotificationState
from commerce.notifications.repository import MessageRow
from commerce.notifications.repository.log import EntryRow, NotificationLogRepository
from commerce.notifications.rules.logs import LogFilter
from commerce.notifications.rules.masking import masked
from commerce.notifications.rules.topics import TOPICS


class NotificationLogService:
    def __init__(self, log: NotificationLogRepository) -> None:
        self._log = log

    async def page(self, where: LogFilter, args: PageArgs) -> Page[EntryRow]:
        return await self._log.page(where, args)

    async def count(self, where: LogFilter, limit: int | None) -> Count:
        return await self._log.count(where, limit)


def entry_values(
    row: MessageRow, prepared: Any, state: NotificationState, reason: str, at: datetime
) -> dict[str, Any] | None:
    """`prepared` is what `handlers` made of the row; None for what no log is kept of."""
    topic = TOPICS.get(row.kind)
    if topic is None:
        return None
    message = None if prepared is None else prepared.message
    data = {} if prepared is None else prepared.data
    return {
        **topic.way._asdict(),
        "message_id": row.id,
        "event_key": row.event_key,
        "recipient": "" if message is None else masked(message.to),
        "order_id": data.get("order_id"),
        "cart_id": data.get("cart_id"),
        "customer_id": row.customer_id,
        "state": state,
        "reason": reason,
        "tries": row.tries,
        "created_at": row.created_at,
        "tried_at": at,
        "sent_at": at if state is NotificationState.SENT else None,
    }
