"""Many deliverers, and such as are killed."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, text

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, units_on
from commerce.core.pool import Database
from commerce.notifications.deliverer import Pace
from commerce.notifications.repository import OutgoingMessageRepository
from tests.support.mail import MailServer, mail_server
from tests.support.notifications import QUICK, Time, at_work, enqueue, make_deliverer, smtp
from tests.support.races import Meeting
from tests.support.writers import table

ROOT = Path(__file__).parents[3]
MANY = [f"reader{number}@example.com" for number in range(40)]
EVA = "eva@example.com"


@pytest.fixture
def units(database: Database) -> OpenUnit:
    return units_on(database)


class MetMessages(OutgoingMessageRepository):
    """Takers meet with what they have taken, before either transaction ends."""

    def __init__(self, uow: Any, meeting: Meeting) -> None:
        super().__init__(uow)
        self._meeting = meeting

    async def lease(self, *args: Any) -> Any:
        rows = await super().lease(*args)
        await self._meeting.arrive()
        return rows


class FreeMessages(MetMessages):
    """The guard removed: messages are taken without holding them."""

    def _held(self, due: Select[Any]) -> Select[Any]:
        return due


async def taken_side_by_side(units: OpenUnit, kind: type[MetMessages]) -> list[int]:
    """The ids that two takers of up to five messages each got."""
    time, meeting = Time(), Meeting()
    until = time.now.replace(hour=13)

    async def take() -> list[int]:
        async with units() as uow:
            messages = kind(uow, meeting)
            rows = await uow.transact(lambda: messages.lease(5, time.now, until))
            return [row.id for row in rows]

    await enqueue(units, time, *MANY[:8])
    first, second = await asyncio.gather(take(), take())
    return [*first, *second]


async def test_two_takers_never_take_the_same_message(units: OpenUnit) -> None:
    taken = await taken_side_by_side(units, MetMessages)
    assert sorted(taken) == list(range(1, 9))


async def test_without_the_lock_they_take_the_same_one(units: OpenUnit) -> None:
    taken = await taken_side_by_side(units, FreeMessages)
    assert max(Counter(taken).values()) == 2


@asynccontextmanager
async def two_deliverers(units: OpenUnit, pace: Pace) -> AsyncIterator[MailServer]:
    """They share the work, and where it arrives."""
    async with mail_server() as server:
        await enqueue(units, system_clock, *MANY)
        both = (make_deliverer(units, smtp(server), system_clock, pace=pace) for _ in range(2))
        async with at_work(*both), asyncio.timeout(30):
            yield server


async def test_two_deliverers_send_each_message_once(units: OpenUnit) -> None:
    async with two_deliverers(units, QUICK) as server, units() as uow:
        while await table(uow, "outgoing_messages", "id"):  # noqa: ASYNC110  # the database raises no event here
            await asyncio.sleep(0.02)
    assert Counter(server.recipients) == Counter(MANY)


async def test_without_a_lease_they_send_some_twice(units: OpenUnit) -> None:
    async with two_deliverers(units, Pace(poll=0.001, lease=0)) as server:
        await server.wait_for(len(MANY) + 1)
    assert max(Counter(server.recipients).values()) > 1


class Slow:
    """Takes a mail, and its time."""

    def __init__(self, seconds: float) -> None:
        self.sent: list[str] = []
        self._seconds = seconds

    async def send(self, message: EmailMessage) -> None:
        self.sent.append(str(message["To"]))
        await asyncio.sleep(self._seconds)


async def test_a_full_house_takes_no_more_than_it_can_send(units: OpenUnit) -> None:
    mailer = Slow(0.2)
    pace = Pace(poll=0.01, side_by_side=3)
    await enqueue(units, system_clock, *MANY[:7])
    async with at_work(make_deliverer(units, mailer, system_clock, pace=pace)):
        await asyncio.sleep(0.1)
        async with units() as uow:
            left = await table(uow, "outgoing_messages", "tries")
        assert sum(tries for (tries,) in left) == len(mailer.sent) <= 3
        async with asyncio.timeout(20):
            while len(mailer.sent) < 7:  # noqa: ASYNC110  # plain objects raise no event
                await asyncio.sleep(0.02)
    assert sorted(mailer.sent) == sorted(MANY[:7])


@asynccontextmanager
async def delivering_elsewhere(
    database_url: str, server: MailServer, *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A deliverer in a process of its own; it is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.deliverer_process",
        database_url, server.url, *options, cwd=ROOT, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def killed(database_url: str, units: OpenUnit, *options: str, taken: bool) -> list[str]:
    """Who was written to when a process was killed with a mail that the server had just taken, or
    not yet taken, and another one went on once the lease had run out."""
    async with mail_server() as server:
        held = asyncio.Event()
        server.hold, server.hold_recipients = (held, None) if taken else (None, held)
        await enqueue(units, system_clock, EVA)
        async with delivering_elsewhere(database_url, server, *options) as process:
            async with asyncio.timeout(60):
                await (server.arrived if taken else server.asked).wait()
            process.kill()
            await process.wait()
        server.hold = server.hold_recipients = None
        held.set()
        async with units() as uow:
            await uow.change(text("UPDATE outgoing_messages SET due_at = now() - interval '1 s'"))
        await make_deliverer(units, smtp(server), system_clock).deliver_due()
        async with units() as uow:
            assert await table(uow, "outgoing_messages") == []
        return server.recipients


async def test_a_killed_process_loses_nothing(committed_url: str, units: OpenUnit) -> None:
    assert await killed(committed_url, units, taken=False) == [EVA]


async def test_one_that_forgets_messages_when_it_takes_them_loses_them(
    committed_url: str, units: OpenUnit
) -> None:
    assert await killed(committed_url, units, "forgetful", taken=False) == []


async def test_killed_between_sending_and_marking_it_sends_twice(
    committed_url: str, units: OpenUnit
) -> None:
    assert await killed(committed_url, units, taken=True) == [EVA, EVA]


async def test_before_its_lease_has_run_out_nobody_repeats_it(
    committed_url: str, units: OpenUnit
) -> None:
    async with mail_server() as server:
        server.hold = asyncio.Event()
        await enqueue(units, system_clock, EVA)
        async with delivering_elsewhere(committed_url, server):
            await server.wait_for(1, seconds=60)
        assert await make_deliverer(units, smtp(server), system_clock).deliver_due() == 0
    assert server.recipients == [EVA]
