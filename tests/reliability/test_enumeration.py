"""Nobody learns from signing in, or from forgetting a password, which addresses have an account."""

from typing import Any

import httpx
import pytest

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import ANONYMOUS
from commerce.identity.kinds import Audience
from commerce.identity.service.signing_in import SignInService
from commerce.wiring import Services
from tests.support.ranks import can_be_told_apart
from tests.support.services import PORTS
from tests.support.staff import make_member

KNOWN, UNKNOWN, BLOCKED = "ada@shop.example", "bob@shop.example", "cyd@shop.example"
SIGN_IN = """mutation ($email: String!) { done: sessionCreate(
  input: {email: $email, password: "a wrong password", audience: STAFF}) {
  session { accessToken } userErrors { code message path retryable } } }"""
RESET = """mutation ($email: String!) { done: passwordResetRequest(
  input: {email: $email, audience: STAFF}) { userErrors { code message path } } }"""


@pytest.fixture(autouse=True)
async def people(uow: UnitOfWork) -> None:
    await make_member(uow, KNOWN)
    await make_member(uow, BLOCKED, active=False)


async def ask(client: httpx.AsyncClient, query: str, email: str) -> dict[str, Any]:
    body = {"query": query, "variables": {"email": email}}
    return dict((await client.post("/graphql", json=body)).json()["data"]["done"])


@pytest.mark.parametrize("other", [UNKNOWN, BLOCKED])
async def test_a_wrong_password_an_unknown_address_and_a_blocked_account_are_alike(
    client: httpx.AsyncClient, statements: list[str], other: str
) -> None:
    sent, answers = [], []
    for email in (KNOWN, other):
        statements.clear()
        answers.append(await ask(client, SIGN_IN, email))
        sent.append(list(statements))
    assert answers[0] == answers[1]
    assert answers[0]["session"] is None
    assert sent[0] == sent[1]


@pytest.mark.parametrize("other", [UNKNOWN, BLOCKED])
async def test_signing_in_takes_as_long(client: httpx.AsyncClient, other: str) -> None:
    await ask(client, SIGN_IN, KNOWN)
    assert not await can_be_told_apart(
        lambda: ask(client, SIGN_IN, KNOWN), lambda: ask(client, SIGN_IN, other)
    )


class HastySignIn(SignInService):
    """The guard taken away: checks a password only where there is one."""

    async def proven(self, audience: Audience, email: str, password: str) -> Any:
        if await self._accounts[audience].by_email(email) is None:
            return None
        return await super().proven(audience, email, password)


async def test_whoever_looks_first_can_be_told_by_the_time(open_unit: OpenUnit) -> None:
    async def sign_in(email: str) -> None:
        async with open_unit() as uow:
            services = Services(uow, ANONYMOUS, system_clock, PORTS)
            parts = vars(services.signing_in).items()
            hasty = HastySignIn(**{name.removeprefix("_"): part for name, part in parts})
            await hasty.proven(Audience.STAFF, email, "a wrong password")

    assert await can_be_told_apart(lambda: sign_in(KNOWN), lambda: sign_in(UNKNOWN), 30)


async def test_asking_for_a_reset_takes_as_long(client: httpx.AsyncClient) -> None:
    answers = [await ask(client, RESET, email) for email in (KNOWN, UNKNOWN)]
    assert answers == [{"userErrors": []}] * 2
    assert not await can_be_told_apart(
        lambda: ask(client, RESET, KNOWN), lambda: ask(client, RESET, UNKNOWN)
    )
