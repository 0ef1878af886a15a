"""Writers side by side; each test has a twin that shows what happens without the guard."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.problems import InUse, NotFound, Taken
from commerce.customers.kinds import ContactKind, MarketingChannel
from commerce.customers.models import Customer, CustomerContact, CustomerGroup, MarketingConsent
from commerce.customers.repository import shown
from commerce.customers.repository.contacts import ContactRepository
from commerce.customers.repository.customers import CustomerRepository
from commerce.customers.repository.groups import COLUMNS, GroupRepository
from commerce.customers.rules.extra_fields import ExtraValue
from commerce.customers.service.bulk import WantedCustomer
from commerce.wiring import Services
from tests.support.customers import make_customer, make_extra_field, make_group
from tests.support.machine import within
from tests.support.races import Meeting
from tests.support.services import side_by_side

Patch = pytest.MonkeyPatch


async def _read(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    async with units_on(database)() as uow:
        rows = await uow.rows(select(*columns).order_by(columns[0]))
        return [tuple(row) for row in rows]


async def _customer(database: Database) -> int:
    async with units_on(database)() as uow:
        for key in ("one", "two"):
            await make_extra_field(uow, key)
        return int((await make_customer(uow)).id)


async def _unlocked(self: CustomerRepository, id_: int) -> Any:
    return await self._uow.row(select(*shown.CUSTOMER).where(col(Customer.id) == id_))


def _meet_after_reading(patch: Patch, *, guarded: bool) -> None:
    """Both have read the customer before either writes, as far as the guard lets them."""
    meeting = Meeting()
    read = CustomerRepository.to_change if guarded else _unlocked

    async def met(self: CustomerRepository, id_: int) -> Any:
        found = await read(self, id_)
        await meeting.arrive()
        return found

    patch.setattr(CustomerRepository, "to_change", met)


async def _twice(database: Database, work: Callable[[Services, int], Any]) -> list[Any]:
    return await side_by_side(database, [lambda own, n=n: work(own, n) for n in (1, 2)])  # type: ignore[misc]  # a default keeps the number


async def _name_two_defaults(database: Database, patch: Patch, *, guarded: bool) -> list[Any]:
    id_ = await _customer(database)
    meeting, unset = Meeting(), ContactRepository.unset_default

    async def met(self: ContactRepository, customer_id: int, kind: ContactKind) -> None:
        await unset(self, customer_id, kind)
        await meeting.arrive()

    patch.setattr(ContactRepository, "unset_default", met)
    if not guarded:
        patch.setattr(CustomerRepository, "to_change", _unlocked)

    async def name(services: Services, number: int) -> Any:
        given = {"kind": ContactKind.PHONE, "value": str(number), "is_default": True}
        return await services.customer_contacts.upsert(None, id_, given)

    return await _twice(database, name)


async def test_two_who_name_a_default_contact_take_turns(
    database: Database, monkeypatch: Patch
) -> None:
    answers = await _name_two_defaults(database, monkeypatch, guarded=True)
    assert [answer.is_default for answer in answers] == [True, True]
    kept = await _read(database, col(CustomerContact.is_default))
    assert kept == [(False,), (True,)]


async def test_without_the_lock_the_second_of_them_fails(
    database: Database, monkeypatch: Patch
) -> None:
    answers = await _name_two_defaults(database, monkeypatch, guarded=False)
    assert [isinstance(answer, IntegrityError) for answer in answers].count(True) == 1


async def _say_yes_twice(database: Database, patch: Patch, *, guarded: bool) -> int:
    id_ = await _customer(database)
    _meet_after_reading(patch, guarded=guarded)

    async def say(services: Services, _number: int) -> Any:
        return await services.customer_consents.set(id_, MarketingChannel.EMAIL, True)

    await _twice(database, say)
    return len(await _read(database, col(MarketingConsent.id)))


async def test_the_same_word_said_twice_at_once_is_noted_once(
    database: Database, monkeypatch: Patch
) -> None:
    assert await _say_yes_twice(database, monkeypatch, guarded=True) == 1


async def test_without_the_lock_it_is_noted_twice(database: Database, monkeypatch: Patch) -> None:
    assert await _say_yes_twice(database, monkeypatch, guarded=False) == 2


async def _fill_two_fields(database: Database, patch: Patch, *, guarded: bool) -> Any:
    id_ = await _customer(database)
    _meet_after_reading(patch, guarded=guarded)

    async def fill(services: Services, number: int) -> Any:
        extra = [ExtraValue("one" if number == 1 else "two", "x")]
        return await services.customer_changes.update(id_, {}, extra)

    await _twice(database, fill)
    return (await _read(database, col(Customer.extra_fields)))[0][0]


async def test_two_who_fill_fields_of_one_customer_both_fill_theirs(
    database: Database, monkeypatch: Patch
) -> None:
    assert await _fill_two_fields(database, monkeypatch, guarded=True) == {"one": "x", "two": "x"}


async def test_without_the_lock_one_of_the_values_is_lost(
    database: Database, monkeypatch: Patch
) -> None:
    assert len(await _fill_two_fields(database, monkeypatch, guarded=False)) == 1


async def _join_a_group_that_goes(
    database: Database, patch: Patch, *, guarded: bool
) -> tuple[Any, Any]:
    """What the one who deletes a group and the one who puts a customer into it are told."""
    async with units_on(database)() as uow:
        group = (await make_group(uow)).id
    meeting, add = Meeting(), CustomerRepository.add
    find = GroupRepository.to_change if guarded else _unlocked_group

    async def found(self: GroupRepository, id_: int | None, values: Any) -> Any:
        row = await find(self, id_, values)
        await meeting.arrive()
        return row

    async def added(self: CustomerRepository, values: Any) -> Any:
        row = await add(self, values)
        await meeting.arrive()
        await asyncio.sleep(within(0.3))  # the other one moves the customers it sees meanwhile
        return row

    patch.setattr(GroupRepository, "to_change", found)
    patch.setattr(CustomerRepository, "add", added)
    gone, joined = await side_by_side(
        database,
        [
            lambda services: services.customer_groups.delete(group),
            lambda services: services.customer_changes.create(
                {"email": "new@shop.test", "group_id": group}
            ),
        ],
    )
    return gone, joined


async def _unlocked_group(self: GroupRepository, id_: int | None, _values: Any) -> Any:
    return await self._uow.row(select(*COLUMNS).where(col(CustomerGroup.id) == id_))


async def test_nobody_is_put_into_a_group_that_is_going(
    database: Database, monkeypatch: Patch
) -> None:
    gone, joined = await _join_a_group_that_goes(database, monkeypatch, guarded=True)
    if gone == 0:  # the group was first, and the customer's group was not there any more
        assert isinstance(joined, NotFound)
        assert joined.path == ("group_id",)
    else:  # the customer was first, and went on to the built-in group
        assert gone == 1
        assert await _read(database, col(Customer.group_id)) == [(0,)]
    assert await _read(database, col(CustomerGroup.id)) == [(0,)]


async def test_without_the_lock_the_group_cannot_go(database: Database, monkeypatch: Patch) -> None:
    gone, _ = await _join_a_group_that_goes(database, monkeypatch, guarded=False)
    assert isinstance(gone, InUse)


async def test_two_who_add_the_same_customer_add_one(database: Database) -> None:
    async def add(services: Services, number: int) -> Any:
        values = {"email": f"{'Ada' if number == 1 else 'ADA'}@shop.test"}
        return await services.customer_changes.create(values)

    answers = await _twice(database, add)
    assert [isinstance(answer, Taken) for answer in answers].count(True) == 1
    assert len(await _read(database, col(Customer.id))) == 1


async def test_many_customers_written_twice_at_once_are_there_once(database: Database) -> None:
    async def write(services: Services, number: int) -> Any:
        numbers = range(20) if number == 1 else range(19, -1, -1)
        rows = [WantedCustomer({"email": f"{n}@shop.test", "company": "A"}) for n in numbers]
        return await services.customer_bulk.upsert(rows, skip_failed=True)

    answers = await _twice(database, write)
    assert all(isinstance(answer, list) for answer in answers)
    assert len(await _read(database, col(Customer.id))) == 20
