"""Nobody learns from registering, or from moving an account, which addresses have an account."""

from itertools import count
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import ANONYMOUS
from commerce.customers.service.registrations import RegistrationService
from commerce.wiring import Services
from tests.support.accounts import PASSWORD, Shopper, link_in, post_of
from tests.support.customers import make_customer
from tests.support.ranks import can_be_told_apart, mann_whitney
from tests.support.services import PORTS

TAKEN = "bob@shop.example"
numbers = count()


def _free() -> str:
    return f"u{next(numbers):03}@shop.example"


def test_the_rank_test_sees_a_difference_and_none_where_there_is_none() -> None:
    values = [float(number % 37) for number in range(200)]
    assert mann_whitney(values, values[::-1]) > 0.9
    assert mann_whitney(values, [value + 5 for value in values]) < 0.01
    assert mann_whitney([1.0] * 20, [1.0] * 20) == 1


@pytest.fixture
async def bob(uow: UnitOfWork) -> Any:
    proven = {"email_verified_at": text("now()"), "password_hash": await PORTS.passwords.hash("x")}
    return await make_customer(uow, TAKEN, **proven)


async def _register(shopper: Shopper, email: str) -> None:
    values = {"email": email, "password": PASSWORD, "firstName": "Bob"}
    assert await shopper.do("customerRegister", **values) == []


@pytest.mark.usefixtures("bob")
async def test_registering_costs_the_same_statements(
    client: httpx.AsyncClient, statements: list[str]
) -> None:
    sent = []
    for email in (_free(), TAKEN):
        statements.clear()
        await _register(Shopper(client), email)
        sent.append(list(statements))
    assert sent[0] == sent[1]


@pytest.mark.usefixtures("bob")
async def test_asking_for_another_link_costs_the_same_statements(
    client: httpx.AsyncClient, uow: UnitOfWork, statements: list[str]
) -> None:
    await make_customer(uow, "waiting@shop.example", password_hash="x")
    sent = []
    for email in (_free(), TAKEN, "waiting@shop.example"):
        statements.clear()
        assert await Shopper(client).do("customerVerificationResend", email=email) == []
        sent.append(list(statements))
    assert sent[0] == sent[1] == sent[2]


@pytest.mark.timeout(600)  # 400 hashes, three times if chance wants it
@pytest.mark.usefixtures("bob")
async def test_registering_takes_as_long(client: httpx.AsyncClient) -> None:
    shopper = Shopper(client)
    await _register(shopper, _free())
    assert not await can_be_told_apart(
        lambda: _register(shopper, _free()), lambda: _register(shopper, TAKEN)
    )


class HastyRegistrations(RegistrationService):
    """The guard taken away: looks first, and hashes only what is needed."""

    async def register(self, given: Any, extra: Any = ()) -> Any:
        if await self._accounts.by_email(given["email"]) is not None:
            return None
        return await super().register(given, extra)


@pytest.mark.usefixtures("bob")
async def test_whoever_looks_first_can_be_told_by_the_time(open_unit: OpenUnit) -> None:
    async def register(email: str) -> None:
        async with open_unit() as uow:
            services = Services(uow, ANONYMOUS, system_clock, PORTS)
            hasty = HastyRegistrations(**_parts(services.registrations))
            await hasty.register({"email": email, "password": PASSWORD})

    assert await can_be_told_apart(lambda: register(_free()), lambda: register(TAKEN), 30)


def _parts(service: RegistrationService) -> dict[str, Any]:
    return {name.removeprefix("_"): part for name, part in vars(service).items()}


async def _signed_in(client: httpx.AsyncClient, open_unit: OpenUnit) -> Shopper:
    shopper = Shopper(client)
    async with post_of(open_unit) as post:
        await _register(shopper, "ada@shop.example")
        _, token = link_in(await post.letter())
    await shopper.do("customerVerify", token=token)
    assert await shopper.sign_in("ada@shop.example") == []
    return shopper


async def _move(shopper: Shopper, email: str) -> None:
    values = {"newEmail": email, "password": PASSWORD}
    assert await shopper.do("customerEmailChangeRequest", **values) == []


@pytest.mark.timeout(600)  # 400 hashes, three times if chance wants it
@pytest.mark.usefixtures("bob")
async def test_moving_an_account_takes_as_long(
    client: httpx.AsyncClient, open_unit: OpenUnit, statements: list[str]
) -> None:
    shopper = await _signed_in(client, open_unit)
    sent = []
    for email in (_free(), _free(), TAKEN):
        statements.clear()
        await _move(shopper, email)
        sent.append(list(statements))
    assert sent[1] == sent[2]
    assert not await can_be_told_apart(
        lambda: _move(shopper, _free()), lambda: _move(shopper, TAKEN)
    )
