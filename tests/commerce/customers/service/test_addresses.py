"""Address books. Races have a twin that shows what happens without the guard."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import Invalid, NotFound
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.customers.models import Customer, CustomerAddress
from commerce.customers.repository.addresses import AddressRepository
from commerce.customers.rules.addresses import MAX_ADDRESSES
from commerce.customers.service.addresses import AddressService
from commerce.wiring import Services
from tests.support.customers import make_address, make_customer, viewer_of
from tests.support.races import Meeting
from tests.support.services import side_by_side

WRITER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.WRITE_CUSTOMERS}))
BERLIN: dict[str, Any] = {
    "country": "DE",
    "street1": "Weg 1",
    "postal_code": "10115",
    "city": "Berlin",
}


def _addresses(uow: UnitOfWork, viewer: Viewer) -> Any:
    return Services(uow, viewer, system_clock).addresses


async def _book(uow: UnitOfWork) -> list[Any]:
    columns = CustomerAddress.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on tables
    return list(await uow.rows(select(*columns).order_by(columns.id)))


async def test_the_first_address_is_the_default_for_both(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    addresses = _addresses(uow, viewer_of(customer))
    await addresses.upsert(None, None, BERLIN)
    await addresses.upsert(None, None, {**BERLIN, "street1": "Weg 2"})
    await addresses.upsert(None, None, {**BERLIN, "street1": "Weg 3", "is_default_shipping": True})
    assert [
        (row.street1, row.is_default_billing, row.is_default_shipping) for row in await _book(uow)
    ] == [("Weg 1", True, False), ("Weg 2", False, False), ("Weg 3", False, True)]


async def test_the_same_address_again_is_not_added_twice(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    addresses = _addresses(uow, viewer_of(customer))
    first = await addresses.upsert(None, None, BERLIN)
    again = await addresses.upsert(None, None, {**BERLIN, "city": " Berlin "})
    assert first == again
    assert len(await _book(uow)) == 1


async def test_the_given_parts_are_changed_and_the_whole_is_checked(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    addresses = _addresses(uow, viewer_of(customer))
    stored = await addresses.upsert(None, None, {**BERLIN, "phone": "030 123456"})
    changed = await addresses.upsert(stored.id, None, {"street1": "Allee 1", "phone": None})
    assert (changed.street1, changed.city, changed.phone) == ("Allee 1", "Berlin", None)
    before = await _book(uow)
    refused = await addresses.upsert(stored.id, None, {"country": "US"})
    assert isinstance(refused, Invalid)
    assert refused.path == ("region",)
    assert await _book(uow) == before


async def test_a_default_can_be_given_up(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    address = await make_address(uow, customer, **BERLIN, is_default_billing=True)
    changed = await _addresses(uow, viewer_of(customer)).upsert(
        address.id, None, {"is_default_billing": False}
    )
    assert changed.is_default_billing is False


async def test_whoever_follows_customers_by_time_learns_of_addresses(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, updated_at=text("'2001-01-01'"))
    await _addresses(uow, viewer_of(customer)).upsert(None, None, BERLIN)
    changed = await uow.scalar(select(col(Customer.updated_at)))
    assert changed > customer.updated_at


async def test_a_book_has_at_most_a_hundred_addresses(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    for number in range(MAX_ADDRESSES):
        await make_address(uow, customer, **{**BERLIN, "street1": f"Weg {number}"})
    addresses = _addresses(uow, viewer_of(customer))
    refused = await addresses.upsert(None, None, {**BERLIN, "street1": "Weg 1000"})
    assert isinstance(refused, Invalid)
    assert len(await _book(uow)) == MAX_ADDRESSES
    assert not isinstance(
        await addresses.upsert(None, None, {**BERLIN, "street1": "Weg 7"}), Invalid
    )


@pytest.mark.parametrize("viewer", [None, Viewer(ViewerKind.STAFF, 1), Viewer(ViewerKind.GUEST)])
async def test_another_s_address_is_like_none(uow: UnitOfWork, viewer: Viewer | None) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.example")
    theirs = await make_address(uow, bob, **BERLIN)
    addresses = _addresses(uow, viewer or viewer_of(ada))
    before = await _book(uow)
    missing = theirs.id + 1000
    values = {"street1": "Mine"}
    assert await addresses.upsert(theirs.id, None, values) == await addresses.upsert(
        missing, None, values
    )
    assert await addresses.delete(theirs.id) == await addresses.delete(missing)
    assert isinstance(await addresses.delete(theirs.id), NotFound)
    assert await addresses.upsert(None, bob.id, BERLIN) == await addresses.upsert(
        None, bob.id + 1000, BERLIN
    )
    assert await _book(uow) == before


async def test_own_addresses_are_not_moved_to_another_s_book(uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.example")
    mine = await make_address(uow, ada, **BERLIN)
    answer = await _addresses(uow, viewer_of(ada)).upsert(mine.id, bob.id, {"street1": "Theirs"})
    assert isinstance(answer, NotFound)
    assert await _book(uow) == [mine]


async def test_writers_change_anybody_s_book_but_must_say_whose(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    addresses = _addresses(uow, WRITER)
    added = await addresses.upsert(None, customer.id, BERLIN)
    assert added.customer_id == customer.id
    nobody = await addresses.upsert(None, None, BERLIN)
    assert isinstance(nobody, Invalid)
    assert nobody.path == ("customer_id",)
    assert await addresses.delete(added.id) == added.id


async def test_an_erased_customer_s_book_stays_empty(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, erased_at=text("now()"))
    assert isinstance(await _addresses(uow, WRITER).upsert(None, customer.id, BERLIN), NotFound)


class MetAddresses(AddressRepository):
    """Two writers read the book before either of them writes, if nothing keeps them from it."""

    meeting: Meeting

    async def in_book(self, customer_id: int) -> Any:
        found = await super().in_book(customer_id)
        await self.meeting.arrive()
        return found


class FreeAddresses(MetAddresses):
    """The guard taken away: books are not locked."""

    async def lock_book(self, customer_id: int) -> bool:
        return True


async def _add_side_by_side(database: Database, kind: type[MetAddresses]) -> list[Any]:
    async with units_on(database)() as uow:
        customer = await make_customer(uow)
    meeting = Meeting()

    def add(street: str) -> Any:
        async def work(services: Services) -> Any:
            repository = kind(services.uow, SYSTEM)
            repository.meeting = meeting
            addresses = AddressService(repository, system_clock, SYSTEM)
            return await addresses.upsert(None, customer.id, {**BERLIN, "street1": street})

        return work

    return await side_by_side(database, [add("Weg 1"), add("Weg 2")])


async def test_of_two_first_addresses_one_is_the_default(database: Database) -> None:
    answers = await _add_side_by_side(database, MetAddresses)
    assert sorted(row.is_default_billing for row in answers) == [False, True]
    assert sorted(row.is_default_shipping for row in answers) == [False, True]


async def test_without_the_lock_both_would_be_and_the_index_refuses_one(database: Database) -> None:
    answers = await _add_side_by_side(database, FreeAddresses)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [IntegrityError]
