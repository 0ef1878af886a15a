"""Somebody adds to a customer while they are being erased."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.privacy.kinds import ErasureReason
from commerce.privacy.repository import HeldDataRepository
from commerce.wiring import Services
from tests.support.customers import make_customer
from tests.support.personal import add_person
from tests.support.races import Meeting
from tests.support.services import PORTS

Patch = pytest.MonkeyPatch
WHY = ErasureReason.CUSTOMER_REQUEST


async def add_address(uow: UnitOfWork, customer_id: int) -> None:
    statement = (
        "INSERT INTO customer_addresses (customer_id, country, city) VALUES (:id, 'DE', 'B')"
    )
    await uow.change(text(statement), [{"id": customer_id}])


async def in_a_transaction(database: Database, work: Callable[[UnitOfWork], Awaitable[Any]]) -> Any:
    async with units_on(database)() as uow:
        return await uow.transact(lambda: work(uow))


async def left_after_both(database: Database, patch: Patch) -> int:
    """How many addresses an erased customer has, when one was added while it was erased.

    They meet when the erasure has deleted the addresses and not yet committed.
    """
    customer: Any = await in_a_transaction(database, lambda uow: make_customer(uow))
    meeting, deleted = Meeting(), asyncio.Event()
    forget = HeldDataRepository._forget

    async def slowly(self: HeldDataRepository, *args: Any) -> None:
        await forget(self, *args)
        deleted.set()
        await meeting.arrive()

    patch.setattr(HeldDataRepository, "_forget", slowly)

    async def erase() -> Any:
        async with units_on(database)() as uow:
            return await Services(uow, SYSTEM, system_clock, PORTS).privacy.erase(
                customer.id, None, WHY
            )

    async def add(uow: UnitOfWork) -> None:
        await deleted.wait()
        await add_address(uow, customer.id)
        await meeting.arrive()

    done = await asyncio.gather(erase(), in_a_transaction(database, add), return_exceptions=True)
    assert not isinstance(done[0], Exception), done
    async with units_on(database)() as uow:
        return int(await uow.scalar(text("SELECT count(*) FROM customer_addresses")))


async def test_what_is_added_during_an_erasure_does_not_stay(
    database: Database, monkeypatch: Patch
) -> None:
    assert await left_after_both(database, monkeypatch) == 0


async def test_without_the_guard_it_stays(database: Database, monkeypatch: Patch) -> None:
    async with database.writer() as connection:
        await connection.execute(
            text("ALTER TABLE customer_addresses DISABLE TRIGGER refuse_erased")
        )
    try:
        assert await left_after_both(database, monkeypatch) == 1
    finally:
        async with database.writer() as connection:
            await connection.execute(
                text("ALTER TABLE customer_addresses ENABLE TRIGGER refuse_erased")
            )


async def test_what_was_added_before_is_waited_for_and_erased(database: Database) -> None:
    customer: Any = await in_a_transaction(database, lambda uow: make_customer(uow))
    added, go_on = asyncio.Event(), asyncio.Event()

    async def add(uow: UnitOfWork) -> None:
        await add_address(uow, customer.id)
        added.set()
        await go_on.wait()

    async def erase() -> None:
        await added.wait()
        async with units_on(database)() as uow:
            privacy = Services(uow, SYSTEM, system_clock, PORTS).privacy
            erasing = asyncio.create_task(privacy.erase(customer.id, None, WHY))
            done, _ = await asyncio.wait({erasing}, timeout=0.2)
            assert not done
            go_on.set()
            await erasing

    await asyncio.gather(in_a_transaction(database, add), erase())
    async with units_on(database)() as uow:
        assert await uow.scalar(text("SELECT count(*) FROM customer_addresses")) == 0


async def test_two_erasures_at_once_answer_the_same(database: Database) -> None:
    person = await in_a_transaction(database, lambda uow: add_person(uow, "ada"))

    async def erase() -> Any:
        async with units_on(database)() as uow:
            privacy = Services(uow, SYSTEM, system_clock, PORTS).privacy
            return await privacy.erase(person.id, None, WHY)

    first, second = await asyncio.gather(erase(), erase())
    assert first == second
    async with units_on(database)() as uow:
        notes = "SELECT count(*) FROM audit_log WHERE action = 'customerErase'"
        assert await uow.scalar(text(notes)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customer_addresses (customer_id, country) VALUES (:id, 'DE')",
        "INSERT INTO marketing_consents (customer_id, granted) VALUES (:id, true)",
        "UPDATE customers SET email = 'back@shop.test' WHERE id = :id",
        "UPDATE customers SET erased_at = NULL, email = 'back@shop.test' WHERE id = :id",
        "UPDATE customers SET note = 'I knew them' WHERE id = :id",
    ],
)
async def test_the_erased_stay_blank(database: Database, statement: str) -> None:
    customer: Any = await in_a_transaction(database, lambda uow: make_customer(uow))
    async with units_on(database)() as uow:
        privacy = Services(uow, SYSTEM, system_clock, PORTS).privacy
        await privacy.erase(customer.id, None, WHY)
    values = [{"id": customer.id}]
    with pytest.raises(UnavailableError):
        await in_a_transaction(database, lambda uow: uow.change(text(statement), values))
    async with units_on(database)() as uow:
        left = await uow.scalar(text("SELECT count(*) FROM customers WHERE email IS NULL"))
        assert left == 1


async def test_the_erased_may_change_groups(uow: UnitOfWork) -> None:
    """As when a group is deleted."""
    customer = await make_customer(uow)
    await Services(uow, SYSTEM, system_clock, PORTS).privacy.erase(customer.id, None, WHY)
    group = await uow.scalar(text("INSERT INTO customer_groups (name) VALUES ('Old') RETURNING id"))
    moved = await uow.change(text(f"UPDATE customers SET group_id = {group}"))
    assert moved == 1


async def test_others_are_not_refused(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    await add_address(uow, customer.id)
    with pytest.raises(DBAPIError):
        await uow.transact(lambda: add_address(uow, 2**40))
