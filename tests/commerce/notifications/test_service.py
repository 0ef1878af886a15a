import pytest
from sqlalchemy import text

from commerce.core.cipher import Cipher
from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.notifications.service import NotificationQueue
from commerce.wiring import Services
from tests.support.services import PORTS
from tests.support.writers import table

SEALED = Cipher("outgoing messages", b"a secret of the tests")


@pytest.fixture
def queue(uow: UnitOfWork) -> NotificationQueue:
    return Services(uow, SYSTEM, system_clock, PORTS).notifications


async def test_a_message_is_one_encrypted_row(
    queue: NotificationQueue, uow: UnitOfWork, statements: list[str]
) -> None:
    statements.clear()
    await queue.add("password_reset", {"email": "canary@example.com"}, customer_id=7)
    assert len(statements) == 1
    ((kind, data, customer, tries, died),) = await table(
        uow, "outgoing_messages", "kind, data, customer_id, tries, died_at"
    )
    assert (kind, customer, tries, died) == ("password_reset", 7, 0, None)
    assert b"canary" not in data
    assert SEALED.decrypt(data) == b'{"email":"canary@example.com"}'


async def test_a_transaction_that_fails_queues_nothing(open_unit: OpenUnit) -> None:
    async with open_unit() as uow:
        queue = Services(uow, SYSTEM, system_clock, PORTS).notifications

        async def work() -> None:
            await queue.add("welcome", {})
            raise LookupError

        with pytest.raises(LookupError):
            await uow.transact(work)
        assert await table(uow, "outgoing_messages") == []


async def test_what_waits_for_a_customer_can_be_dropped(
    queue: NotificationQueue, uow: UnitOfWork
) -> None:
    for customer in (7, 8, None, 7):
        await queue.add("welcome", {"email": "x@example.com"}, customer)
    await queue.forget(7)
    assert await table(uow, "outgoing_messages", "customer_id") == [(8,), (None,)]


async def test_the_summary_counts_by_kind_and_reason(
    queue: NotificationQueue, uow: UnitOfWork
) -> None:
    for kind in ("welcome", "welcome", "farewell"):
        await queue.add(kind, {})
    dead = "UPDATE outgoing_messages SET data = NULL, died_at = now(), error = 'smtp_550'"
    await uow.change(text(f"{dead} WHERE id = (SELECT min(id) FROM outgoing_messages)"))
    found = [(row.dead, row.kind, row.error, row.count) for row in await queue.summary()]
    assert found == [
        (False, "farewell", "", 1),
        (False, "welcome", "", 1),
        (True, "welcome", "smtp_550", 1),
    ]


@pytest.mark.parametrize(
    "change",
    ["died_at = now()", "data = NULL", "data = NULL, died_at = now(), customer_id = 7"],
)
async def test_the_table_keeps_no_data_of_the_dead_and_no_living_without(
    queue: NotificationQueue, uow: UnitOfWork, change: str
) -> None:
    await queue.add("welcome", {}, 7)
    with pytest.raises(Exception, match=r"dead_without_data|dead_is_nobodys"):
        await uow.transact(lambda: uow.change(text(f"UPDATE outgoing_messages SET {change}")))
