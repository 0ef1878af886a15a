"""Against a real mail server and a database that commits."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from commerce.core.db import OpenUnit, UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.notifications.deliverer import Pace
from commerce.notifications.messages import Mail, Sms
from commerce.notifications.ports import DeliveryError
from commerce.notifications.rules import TRIES, WAITS
from commerce.wiring import Services
from tests.support.mail import MailServer, body_of, mail_server
from tests.support.notifications import KIND, Time, at_work, enqueue, make_deliverer, smtp
from tests.support.services import PORTS
from tests.support.writers import table

EVA, ADAM = "eva@example.com", "adam@example.com"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def units(database: Database) -> OpenUnit:
    return units_on(database)


async def rows(units: OpenUnit, columns: str = "*") -> list[Any]:
    async with units() as uow:
        return await table(uow, "outgoing_messages", columns)


async def wait_until_empty(units: OpenUnit) -> None:
    async with asyncio.timeout(20):
        while await rows(units, "id"):  # noqa: ASYNC110  # the database raises no event here
            await asyncio.sleep(0.02)


async def test_a_queued_mail_arrives_and_leaves_nothing_behind(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    async def german(_services: Services, data: Mapping[str, Any]) -> Mail:
        return Mail("account_exists", data["to"], "de-AT")

    await enqueue(units, time, EVA)
    deliverer = make_deliverer(units, smtp(server), time, {KIND: german})
    assert await deliverer.deliver_due() == 1
    (letter,) = server.letters
    assert server.recipients == [EVA]
    assert letter["Subject"] == "Sie haben bereits ein Konto"
    assert letter["Date"].datetime == time.now
    for kind in ("plain", "html"):
        assert "Melden Sie sich an" in body_of(letter, kind)
        assert "https://shop.example/account/sign-in" in body_of(letter, kind)
    assert await rows(units) == []
    assert await deliverer.deliver_due() == 0


async def test_nothing_is_sent_before_the_commit_or_with_a_transaction_open(
    database: Database, units: OpenUnit, time: Time
) -> None:
    connections: list[int] = []

    class Watching:
        async def send(self, _message: EmailMessage) -> None:
            connections.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a queue pool

    deliverer = make_deliverer(units, Watching(), time)
    async with units() as uow:
        services = Services(uow, SYSTEM, time, PORTS)

        async def work() -> None:
            await services.notifications.add(KIND, {"to": EVA})
            assert await deliverer.deliver_due() == 0

        await uow.transact(work)
    assert await deliverer.deliver_due() == 1
    assert connections == [0]


async def test_a_handler_may_find_that_there_is_nobody_to_write_to(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    async def nobody(_services: Services, _data: Mapping[str, Any]) -> None:
        return None

    await enqueue(units, time, EVA)
    assert await make_deliverer(units, smtp(server), time, {KIND: nobody}).deliver_due() == 1
    assert server.letters == []
    assert await rows(units) == []


async def test_a_mail_refused_for_now_is_sent_later(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    server.answers = ["451 not now"]
    await enqueue(units, time, EVA)
    deliverer = make_deliverer(units, smtp(server), time)
    await deliverer.deliver_due()
    assert server.letters == []
    ((tries, due_at, error, died_at),) = await rows(units, "tries, due_at, error, died_at")
    assert (tries, error, died_at) == (1, "smtp_451", None)
    assert WAITS[0] * 0.8 <= due_at - time.now <= WAITS[0] * 1.2
    assert await deliverer.deliver_due() == 0
    time.now = due_at
    assert await deliverer.deliver_due() == 1
    assert server.recipients == [EVA]
    assert await rows(units) == []


async def test_a_refused_recipient_is_given_up_and_forgotten(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    server.refused = {EVA: "550 no such user eva@example.com"}
    await enqueue(units, time, EVA, ADAM)
    deliverer = make_deliverer(units, smtp(server), time)
    with capture_logs() as logs:
        await deliverer.deliver_due()
    assert server.recipients == [ADAM]
    dead = await rows(units, "kind, data, customer_id, tries, error, died_at")
    assert dead == [(KIND, None, None, 1, "smtp_550", time.now)]
    assert "eva@" not in repr(logs)
    time.move(days=30)
    assert await deliverer.deliver_due() == 0


async def test_after_a_day_of_trouble_it_is_given_up(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    server.answers = ["451 not now"] * 100
    await enqueue(units, time, EVA)
    begun, deliverer = time.now, make_deliverer(units, smtp(server), time)
    tries = 0
    while tries <= TRIES and await deliverer.deliver_due():
        tries += 1
        ((due_at,),) = await rows(units, "due_at")
        time.now = max(time.now, due_at)
    assert tries == TRIES
    assert timedelta(hours=18) < time.now - begun < timedelta(hours=30)
    ((data, error, died_at),) = await rows(units, "data, error, died_at")
    assert (data, error) == (None, "smtp_451")
    assert died_at is not None


async def test_a_handlers_bug_delays_its_message_and_no_other(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    async def picky(services: Services, data: Mapping[str, Any]) -> Mail:
        await services.notifications.add("half done", {})
        if data["to"] == EVA:
            raise LookupError(f"canary {EVA}")
        return Mail("test", data["to"])

    await enqueue(units, time, EVA, ADAM)
    with capture_logs() as logs:
        await make_deliverer(units, smtp(server), time, {KIND: picky}).deliver_due()
    assert server.recipients == [ADAM]
    left = await rows(units, "kind, error")
    assert left == [(KIND, "bug_LookupError"), ("half done", "")]  # Adam's alone was committed
    assert "canary" not in repr(logs)
    failed = next(entry for entry in logs if entry["event"] == "message_failed")
    assert (failed["error"], failed["where"].rpartition(":")[0]) == ("LookupError", __file__)


async def test_what_this_process_cannot_read_waits_for_one_that_can(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    await enqueue(units, time, EVA, kind="of a newer version")
    await enqueue(units, time, ADAM)
    async with units() as uow:
        await uow.change(text(f"UPDATE outgoing_messages SET data = 'x' WHERE kind = '{KIND}'"))
    await make_deliverer(units, smtp(server), time).deliver_due()
    assert server.letters == []
    left = await rows(units, "kind, error, died_at")
    assert sorted(left) == [(KIND, "unreadable", None), ("of a newer version", "no_handler", None)]


async def test_a_template_that_cannot_be_filled_waits_to_be_mended(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    async def incomplete(_services: Services, data: Mapping[str, Any]) -> Mail:
        return Mail("password_reset", data["to"])

    await enqueue(units, time, EVA)
    await make_deliverer(units, smtp(server), time, {KIND: incomplete}).deliver_due()
    assert await rows(units, "error, died_at") == [("bad_template", None)]


async def test_a_text_message_goes_to_the_gateway(units: OpenUnit, time: Time) -> None:
    sent: list[Sms] = []

    class Gateway:
        async def send(self, _message: EmailMessage) -> None:
            raise AssertionError("this is no mail")

        async def send_sms(self, sms: Sms) -> None:
            sent.append(sms)

    async def code(_services: Services, data: Mapping[str, Any]) -> Sms:
        return Sms(data["to"], "1234")

    await enqueue(units, time, "+491701234567")
    gateway = Gateway()
    await make_deliverer(units, gateway, time, {KIND: code}, sms_gateway=gateway).deliver_due()
    assert sent == [Sms("+491701234567", "1234")]
    assert await rows(units) == []


async def test_a_slow_try_is_ended_and_repeated(units: OpenUnit, time: Time) -> None:
    class Slow:
        async def send(self, _message: EmailMessage) -> None:
            await asyncio.sleep(60)

    await enqueue(units, time, EVA)
    await make_deliverer(units, Slow(), time, pace=Pace(longest_try=0.05)).deliver_due()
    assert await rows(units, "error, died_at") == [("timeout", None)]


async def test_a_message_that_kills_its_processes_is_given_up(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    await enqueue(units, time, EVA)
    async with units() as uow:
        await uow.change(text(f"UPDATE outgoing_messages SET tries = {TRIES}"))
    await make_deliverer(units, smtp(server), time).deliver_due()
    assert server.letters == []
    assert await rows(units, "data, error") == [(None, "abandoned")]


async def test_taking_many_messages_is_one_statement(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    counted: list[UnitOfWork] = []

    def counting() -> AbstractAsyncContextManager[UnitOfWork]:
        return Counted(units(), counted)

    await enqueue(units, time, *(f"reader{number}@example.com" for number in range(5)))
    deliverer = make_deliverer(counting, smtp(server), time)
    assert await deliverer.deliver_due() == 5
    # One to take them; of each message one to delete it, as its handler needed none.
    assert sum(uow.statements for uow in counted) == 1 + 5


class Counted:
    """Keeps every unit of work it opens."""

    def __init__(self, unit: Any, counted: list[UnitOfWork]) -> None:
        self._unit = unit
        self._counted = counted

    async def __aenter__(self) -> UnitOfWork:
        uow: UnitOfWork = await self._unit.__aenter__()
        self._counted.append(uow)
        return uow

    async def __aexit__(self, *error: Any) -> None:
        await self._unit.__aexit__(*error)


async def test_while_it_runs_mails_go_out_by_themselves(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    many = [f"reader{number}@example.com" for number in range(20)]
    async with at_work(make_deliverer(units, smtp(server), time)):
        await enqueue(units, time, *many)
        await server.wait_for(20)
        await wait_until_empty(units)
    assert sorted(server.recipients) == sorted(many)


async def test_what_is_being_sent_when_it_stops_arrives_once(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    server.hold = asyncio.Event()
    await enqueue(units, time, EVA)
    async with at_work(make_deliverer(units, smtp(server), time)):
        await server.wait_for(1)
        asyncio.get_running_loop().call_later(0.2, server.hold.set)
    assert server.recipients == [EVA]
    assert await rows(units) == []


async def test_a_hanging_server_does_not_keep_it_from_stopping(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    server.hold = asyncio.Event()
    await enqueue(units, time, EVA)
    pace = Pace(poll=0.02, grace=0.05)
    async with asyncio.timeout(5):
        async with at_work(make_deliverer(units, smtp(server), time, pace=pace)):
            await server.wait_for(1)
    ((due_at, died_at),) = await rows(units, "due_at, died_at")
    assert (due_at, died_at) == (time.now + timedelta(seconds=pace.lease), None)


AWAY = UnavailableError("The database is not available right now.")


class Outages:
    """A database that fails for the given numbers of units of work, counted from 0."""

    def __init__(self, units: OpenUnit, *away: int, error: Exception = AWAY) -> None:
        self._units = units
        self._away = away
        self._error = error
        self._opened = 0

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        number, self._opened = self._opened, self._opened + 1
        if number in self._away:
            raise self._error
        return self._units()


@pytest.mark.parametrize("error", [AWAY, LookupError("canary")])
async def test_whatever_ails_the_database_is_waited_for_and_told_once(
    units: OpenUnit, server: MailServer, time: Time, error: Exception
) -> None:
    await enqueue(units, time, EVA)
    away = Outages(units, 0, 1, 2, error=error)
    with capture_logs() as logs:
        async with at_work(make_deliverer(away, smtp(server), time)):
            await server.wait_for(1)
            await wait_until_empty(units)
    assert server.recipients == [EVA]
    told = [entry["error"] for entry in logs if entry["event"] == "messages_wait"]
    assert told == [type(error).__name__]
    assert "canary" not in repr(logs)


async def test_a_sent_mail_is_marked_when_the_database_is_back(
    units: OpenUnit, server: MailServer, time: Time
) -> None:
    await enqueue(units, time, EVA)
    away = Outages(units, 2, 3)  # 0 takes the message, 1 runs its handler, 2 would mark it
    await make_deliverer(away, smtp(server), time).deliver_due()
    assert server.recipients == [EVA]
    assert await rows(units) == []


async def test_a_delivery_error_of_a_handler_counts_as_one(units: OpenUnit, time: Time) -> None:
    async def refusing(_services: Services, _data: Mapping[str, Any]) -> Mail:
        raise DeliveryError("no_consent", permanent=True)

    class Nobody:
        async def send(self, _message: EmailMessage) -> None:
            raise AssertionError

    await enqueue(units, time, EVA)
    await make_deliverer(units, Nobody(), time, {KIND: refusing}).deliver_due()
    assert await rows(units, "data, error") == [(None, "no_consent")]
