from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.problems import Taken
from commerce.customers.models import Customer
from commerce.customers.repository.accounts import AccountRepository
from tests.support.customers import make_customer
from tests.support.services import side_by_side

NOW = datetime(2100, 1, 1, tzinfo=UTC)
PROVEN: dict[str, Any] = {"email_verified_at": NOW, "password_hash": "old"}


async def _stored(uow: UnitOfWork, id_: int) -> Any:
    return await uow.row(select(*Customer.__table__.c).where(col(Customer.id) == id_))  # type: ignore[attr-defined]  # SQLModel sets it on tables


async def test_accounts_are_found_by_address_in_any_case(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, "Ada@shop.example", first_name="Ada", **PROVEN)
    found = await AccountRepository(uow).by_email("aDA@SHOP.example")
    assert found is not None
    assert (found.id, found.email, found.name) == (customer.id, "Ada@shop.example", "Ada")
    assert (found.password_hash, found.active, found.locale) == ("old", True, "en")
    assert await AccountRepository(uow).by_id(customer.id) == found


async def test_a_password_is_of_no_use_before_the_address_is_proven(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, password_hash="old")
    accounts = AccountRepository(uow)
    found = await accounts.by_id(customer.id)
    assert found is not None
    assert found.password_hash is None
    assert not await accounts.confirm(customer.id, "old", NOW)
    await accounts.prove(customer.id, NOW)
    assert await accounts.confirm(customer.id, "old", NOW)


@pytest.mark.parametrize("gone", [{"blocked_at": NOW}, {"erased_at": NOW}])
async def test_the_blocked_and_the_erased_are_not_active(
    uow: UnitOfWork, gone: dict[str, Any]
) -> None:
    customer = await make_customer(uow, **PROVEN, **gone)
    accounts = AccountRepository(uow)
    found = await accounts.by_id(customer.id)
    assert found is not None
    assert not found.active
    assert not await accounts.confirm(customer.id, "old", NOW)
    assert not await accounts.store_password(customer.id, "new", NOW, replacing="old")
    assert await accounts.change_email(customer.id, customer.email, "b@x.example", NOW) is False
    assert await accounts.unproven(customer.email) is None
    assert (await _stored(uow, customer.id)).password_hash == "old"


async def test_an_erased_customer_without_an_address_is_no_account(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, None, erased_at=NOW)  # type: ignore[arg-type]  # what erasing leaves
    assert await AccountRepository(uow).by_id(customer.id) is None


@pytest.mark.parametrize(
    ("values", "replacing", "stored"),
    [
        (PROVEN, "old", True),
        (PROVEN, "another", False),
        (PROVEN, None, False),
        ({}, None, True),
        ({}, "old", False),
        ({"password_hash": "old"}, None, True),
        ({"password_hash": "old"}, "old", False),
    ],
)
async def test_a_password_replaces_the_one_that_is_in_use(
    uow: UnitOfWork, values: dict[str, Any], replacing: str | None, stored: bool
) -> None:
    customer = await make_customer(uow, **values)
    accounts = AccountRepository(uow)
    assert await accounts.store_password(customer.id, "new", NOW, replacing=replacing) is stored
    after = await _stored(uow, customer.id)
    assert after.password_hash == ("new" if stored else customer.password_hash)
    assert after.email_verified_at == customer.email_verified_at
    assert after.version == customer.version + stored


async def test_a_password_chosen_by_mail_proves_the_address(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    accounts = AccountRepository(uow)
    await accounts.store_password(customer.id, "new", NOW, replacing=None, by_mail=True)
    found = await accounts.by_id(customer.id)
    assert found is not None
    assert found.password_hash == "new"
    assert (await _stored(uow, customer.id)).email_verified_at == NOW


async def test_a_registration_adds_an_account_and_the_same_again_is_answered_alike(
    uow: UnitOfWork,
) -> None:
    accounts = AccountRepository(uow)
    values = {"first_name": "Ada", "password_hash": "h", "locale": "de"}
    first = await accounts.register("ada@shop.example", values, NOW)
    assert first is not None
    assert (first.password_hash, first.locale) == ("h", "de")
    assert await accounts.register("ADA@shop.example", values, NOW) == first


async def test_a_registration_takes_an_unproven_account_over_and_keeps_what_was_known(
    uow: UnitOfWork,
) -> None:
    known = await make_customer(uow, "ada@shop.example", first_name="Ada", note="VIP")
    values = {"first_name": "Eve", "last_name": "L", "phone": "+491701234567", "password_hash": "h"}
    account = await AccountRepository(uow).register("ada@shop.example", values, NOW)
    assert account is not None
    assert (account.id, account.password_hash) == (known.id, "h")
    after = await _stored(uow, known.id)
    assert (after.first_name, after.last_name, after.phone) == ("Ada", "L", "+491701234567")
    assert after.note == "VIP"


@pytest.mark.parametrize("gone", [PROVEN, {"blocked_at": NOW}])
async def test_a_registration_leaves_a_proven_or_blocked_account_alone(
    uow: UnitOfWork, gone: dict[str, Any]
) -> None:
    known = await make_customer(uow, "ada@shop.example", **gone)
    accounts = AccountRepository(uow)
    assert await accounts.register("ada@shop.example", {"password_hash": "h"}, NOW) is None
    assert await _stored(uow, known.id) == known


async def test_a_belated_registration_does_not_undo_a_later_one(uow: UnitOfWork) -> None:
    accounts = AccountRepository(uow)
    earlier, later = NOW, NOW + timedelta(seconds=5)
    first = await accounts.register("ada@shop.example", {"password_hash": "first"}, earlier)
    second = await accounts.register("ada@shop.example", {"password_hash": "second"}, later)
    assert await accounts.register("ada@shop.example", {"password_hash": "first"}, earlier) is None
    assert first is not None
    assert second is not None
    assert (await _stored(uow, first.id)).password_hash == "second"


async def test_an_address_is_proven_once(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, password_hash="h")
    accounts = AccountRepository(uow)
    proven = await accounts.prove(customer.id, NOW)
    assert proven is not None
    assert proven.password_hash == "h"
    assert await accounts.prove(customer.id, NOW) is None


async def test_an_address_that_is_taken_is_refused_by_its_constraint(database: Database) -> None:
    async with units_on(database)() as uow:
        ada = await make_customer(uow, "ada@shop.example", **PROVEN)
        bob = await make_customer(uow, "bob@shop.example", **PROVEN)

    def move(customer: Any) -> Any:
        return lambda services: services.repositories.accounts.change_email(
            customer.id, customer.email, "New@shop.example", NOW
        )

    answers = await side_by_side(database, [move(ada), move(bob)])
    assert {type(answer) for answer in answers} == {bool, Taken}
    async with units_on(database)() as uow:
        emails = await uow.scalars(text("SELECT email FROM customers ORDER BY email"))
    assert "New@shop.example" in emails
    assert len({email.lower() for email in emails}) == 2


async def test_an_address_is_changed_only_from_the_one_that_was_meant(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, "ada@shop.example", **PROVEN)
    accounts = AccountRepository(uow)
    assert (
        await accounts.change_email(customer.id, "x@shop.example", "y@shop.example", NOW) is False
    )
    assert await accounts.change_email(customer.id, customer.email, "y@shop.example", NOW) is True
    after = await _stored(uow, customer.id)
    assert (after.email, after.email_verified_at) == ("y@shop.example", NOW)


async def test_sessions_end_for_who_is_blocked(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, **PROVEN)
    session = await uow.scalar(
        text(
            "INSERT INTO sessions (customer_id, refresh_sha256, expires_at)"
            f" VALUES ({customer.id}, 'x', '2200-01-01') RETURNING id"
        )
    )
    accounts = AccountRepository(uow)
    found = await accounts.signed_in(session, NOW)
    assert found is not None
    assert (found.viewer.customer_id, found.viewer.session_id) == (customer.id, session)
    assert found.viewer.customer_group_id == 0
    assert not found.viewer.scopes
    assert await accounts.signed_in(session, NOW + timedelta(days=365 * 200)) is None
    await uow.change(update(Customer).values(blocked_at=NOW))
    assert await accounts.signed_in(session, NOW) is None
