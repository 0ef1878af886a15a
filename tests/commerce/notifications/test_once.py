"""A notice is queued once for each event and recipient, though two relays take the event."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from commerce.core.db import units_on
from commerce.core.events import Event, EventType
from commerce.core.pool import Database
from commerce.notifications.models import OutgoingMessage
from commerce.notifications.repository import OutgoingMessageRepository
from commerce.notifications.repository.log import NotificationLogRepository
from commerce.store.models import Store
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import side_by_side, transacted

INDEX = "uq_outgoing_messages_event_key"
PEOPLE = ["ada@example.com", "eva@example.com"]


async def taken_twice(database: Database, patch: pytest.MonkeyPatch) -> list[int]:
    """How many messages there are of each recipient; two meet when both have seen that there are
    none.
    """
    meeting, known = Meeting(), NotificationLogRepository.known

    async def looked(self: NotificationLogRepository, keys: Any) -> set[str]:
        found = await known(self, keys)
        await meeting.arrive()
        return found

    async def happen(services: Services) -> None:
        await services.uow.change(update(Store).values(notification_emails=PEOPLE))
        data = {"reason": "gone"}
        type_ = EventType.WEBHOOK_ENDPOINT_DISABLED
        services.uow.record(Event(type_, "WebhookEndpoint", 1, data))

    async def number(services: Services) -> range:
        return await services.repositories.event_outbox.number(10)

    await transacted(database, happen)
    positions = await transacted(database, number)
    assert len(positions) == 1
    patch.setattr(NotificationLogRepository, "known", looked)

    async def take(services: Services) -> int:
        return await services.notices.take(positions, texts=False)

    assert await side_by_side(database, [take, take]) == [len(PEOPLE)] * 2
    counted = text("SELECT count(*) FROM outgoing_messages GROUP BY event_key ORDER BY event_key")
    async with units_on(database)() as uow:
        return list(await uow.scalars(counted))


async def test_two_relays_queue_it_once_for_each_recipient(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await taken_twice(database, monkeypatch) == [1, 1]


@pytest.fixture
async def no_index(database: Database) -> AsyncIterator[None]:
    """The index is back when the test is over."""
    definition = text(f"SELECT pg_get_indexdef('{INDEX}'::regclass)")  # our own words
    async with database.writer() as connection:
        made = await connection.scalar(definition)
        await connection.execute(text(f"DROP INDEX {INDEX}"))
    yield
    async with database.writer() as connection:
        await connection.execute(text("DELETE FROM outgoing_messages"))
        await connection.execute(text(str(made)))


async def add(self: OutgoingMessageRepository, rows: Sequence[dict[str, Any]]) -> None:
    """Whatever waits."""
    for row in rows:
        await self._uow.change(insert(OutgoingMessage).values(**row))


@pytest.mark.usefixtures("no_index")
async def test_without_the_index_it_is_queued_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OutgoingMessageRepository, "add_once", add)
    assert await taken_twice(database, monkeypatch) == [2, 2]
