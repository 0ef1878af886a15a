"""Who signed in, who failed to, and from where keys are used."""

from typing import Any

import pytest
from sqlalchemy import text

from commerce.audit.repository import AuditRepository
from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.problems import Problem
from commerce.core.viewer import ANONYMOUS, SYSTEM, Scope
from commerce.identity.kinds import Audience
from commerce.staff.authenticator import Authenticator
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from tests.support.customers import make_customer
from tests.support.services import PORTS

PASSWORD = "correct horse battery"
NOTES = text(
    "SELECT actor, action, target_kind, target_id, after FROM audit_log"
    " WHERE operation = 'noted' ORDER BY id"
)


async def notes(uow: UnitOfWork) -> list[Any]:
    return [tuple(row) for row in await uow.rows(NOTES)]


@pytest.fixture
async def ada(uow: UnitOfWork) -> Any:
    """A customer with a password."""
    hashed = await PORTS.passwords.hash(PASSWORD)
    return await make_customer(
        uow, "ada@shop.test", password_hash=hashed, email_verified_at=system_clock()
    )


async def sign_in(uow: UnitOfWork, email: str, password: str) -> Any:
    services = Services(uow, ANONYMOUS, system_clock, PORTS)
    return await services.signing_in.sign_in(Audience.STOREFRONT, email, password)


async def test_who_signs_in_is_noted(uow: UnitOfWork, ada: Any) -> None:
    assert not isinstance(await sign_in(uow, "ada@shop.test", PASSWORD), Problem)
    assert await notes(uow) == [("anonymous", "signIn", "Customer", ada.id, {"succeeded": True})]


async def test_who_fails_to_is_noted_whether_there_is_an_account_or_not(
    uow: UnitOfWork, ada: Any
) -> None:
    for email in ("ada@shop.test", "eve@shop.test"):
        assert isinstance(await sign_in(uow, email, "wrong"), Problem)
    assert await notes(uow) == [
        ("anonymous", "signIn", "Customer", ada.id, {"succeeded": False}),
        ("anonymous", "signIn", "Customer", None, {"succeeded": False}),
    ]
    assert "eve" not in str(await uow.scalars(text("SELECT audit_log::text FROM audit_log")))


async def test_an_unknown_address_costs_what_a_wrong_password_does(
    uow: UnitOfWork, ada: Any, statements: list[str]
) -> None:
    sent = []
    for email in ("ada@shop.test", "eve@shop.test"):
        statements.clear()
        await sign_in(uow, email, "wrong")
        sent.append(list(statements))
    assert sent[0] == sent[1]


async def test_the_first_use_of_a_key_from_each_address_is_noted(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    key = await services.api_keys.create("t", frozenset({Scope.READ_STOCK}))
    assert isinstance(key, IssuedKey)
    for process in (Authenticator(open_unit, system_clock), Authenticator(open_unit, system_clock)):
        for address in ("192.0.2.1", "192.0.2.1", "192.0.2.9"):
            assert await process.viewer(key.text, address) is not None
    who = ("apiKeyUse", "ApiKey", key.row.id)
    assert await notes(uow) == [
        (f"api_key:{key.row.id}", *who, {"address": "192.0.2.1"}),
        (f"api_key:{key.row.id}", *who, {"address": "192.0.2.9"}),
    ]


async def test_a_known_address_costs_nothing(
    uow: UnitOfWork, open_unit: OpenUnit, statements: list[str]
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    key = await services.api_keys.create("t", frozenset({Scope.READ_STOCK}))
    assert isinstance(key, IssuedKey)
    process = Authenticator(open_unit, system_clock)
    await process.viewer(key.text, "192.0.2.1")
    statements.clear()
    await process.viewer(key.text, "192.0.2.1")
    assert statements == []


async def test_an_address_that_could_not_be_noted_is_noted_later(
    uow: UnitOfWork, open_unit: OpenUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    key = await services.api_keys.create("t", frozenset({Scope.READ_STOCK}))
    assert isinstance(key, IssuedKey)
    process = Authenticator(open_unit, system_clock)

    async def away(*_arguments: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(AuditRepository, "note_address", away)
    with pytest.raises(ConnectionError):
        await process.viewer(key.text, "192.0.2.1")
    monkeypatch.undo()
    await process.viewer(key.text, "192.0.2.1")
    assert len(await notes(uow)) == 1
