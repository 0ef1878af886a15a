"""Registrations: how many there may be, and what becomes of several at once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from commerce.core.attempts import Attempts, TooManyAttempts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.origin import Origin
from commerce.core.pool import Database
from commerce.core.viewer import ANONYMOUS
from commerce.notifications.messages import Mail
from commerce.wiring import Services
from tests.support.customers import make_customer
from tests.support.limiters import Counted
from tests.support.services import PORTS, SECRET, side_by_side

NOW = datetime(2100, 1, 1, tzinfo=UTC)


async def _registered(services: Services, password_hash: str) -> Mail | None:
    return await services.registrations.registered(
        {
            "email": "ada@shop.example",
            "password_hash": password_hash,
            "values": {"first_name": "Ada", "extra_fields": {}},
            "accepts_marketing": False,
            "at": NOW.isoformat(),
        }
    )


async def test_of_many_registrations_of_an_address_one_customer_comes_and_one_link_works(
    database: Database,
) -> None:
    def register(number: int) -> Any:
        return lambda services: _registered(services, f"hash {number}")

    answers = await side_by_side(database, [register(number) for number in range(8)])
    tokens = {mail.context["token"]: number for number, mail in enumerate(answers)}
    async with units_on(database)() as uow:
        assert await uow.scalar(text("SELECT count(*) FROM customers")) == 1
        stored = await uow.scalar(text("SELECT password_hash FROM customers"))

    def verify(token: str) -> Any:
        return lambda services: services.registrations.verify(token)

    problems = [(await side_by_side(database, [verify(token)]))[0] for token in tokens]
    worked = [number for number, problem in enumerate(problems) if problem is None]
    assert [f"hash {number}" for number in worked] == [stored]


Try = Callable[[Services, str], Awaitable[Any]]


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def seen_from(uow: UnitOfWork, counted: Counted) -> Callable[[str], Services]:
    """Services for a stranger at an address, all counted together."""
    ports = replace(PORTS, attempts=Attempts(counted.limiter, SECRET))
    return lambda address: Services(uow, ANONYMOUS, system_clock, ports, Origin(address=address))


PASSWORD = "correct horse battery"
TRIES: list[Try] = [
    lambda services, email: services.registrations.register({"email": email, "password": PASSWORD}),
    lambda services, email: services.registrations.resend(email),
]


@pytest.mark.parametrize("attempt", TRIES)
@pytest.mark.parametrize("known", [True, False])
async def test_an_address_is_tried_five_times_an_hour_known_or_not(
    uow: UnitOfWork, counted: Counted, seen_from: Any, attempt: Try, known: bool
) -> None:
    if known:
        await make_customer(uow, "ada@shop.example", email_verified_at=text("now()"))
    for number in range(5):
        services = seen_from(f"192.0.2.{number}")
        assert await attempt(services, ("ada@shop.example", "ADA@Shop.example")[number % 2]) is None
    refused = await attempt(seen_from("192.0.2.9"), "Ada@shop.example")
    assert isinstance(refused, TooManyAttempts)
    assert await uow.scalar(text("SELECT count(*) FROM outgoing_messages")) == 5
    counted.clock.pass_(3_601)
    assert await attempt(seen_from("192.0.2.9"), "ada@shop.example") is None


async def test_a_caller_tries_twenty_addresses_an_hour(seen_from: Any) -> None:
    for number in range(20):
        assert await TRIES[1](seen_from("192.0.2.1"), f"u{number}@shop.example") is None
    refused = await TRIES[1](seen_from("192.0.2.1"), "another@shop.example")
    assert isinstance(refused, TooManyAttempts)
    assert await TRIES[1](seen_from("192.0.2.2"), "another@shop.example") is None
