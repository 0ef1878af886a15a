"""Nobody guesses a password by trying, over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from commerce.app import create_app
from commerce.core.attempts import Attempts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.identity.kinds import Audience, Holder
from commerce.runtime import Resources
from commerce.wiring import Services
from tests.support.limiters import Counted
from tests.support.services import PORTS, SECRET
from tests.support.staff import PASSWORD, make_member

ADA, BO = "ada@shop.example", "bo@shop.example"
WAIT = "... on TooManyAttemptsError { retryAfter }"
DONE = f"session {{ accessToken }} userErrors {{ code retryable {WAIT} }}"
SIGN_IN = f"""mutation ($email: String!, $password: String!) {{ done: sessionCreate(
  input: {{email: $email, password: $password, audience: STAFF}}) {{ {DONE} }} }}"""
RESET = """mutation ($email: String!) { done: passwordResetRequest(
  input: {email: $email, audience: STAFF}) { userErrors { code } } }"""
CHOOSE = """mutation ($token: String!) { done: passwordReset(
  input: {token: $token, password: "another password"}) { userErrors { code } } }"""


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
async def guarded(resources: Resources, counted: Counted) -> AsyncIterator[httpx.AsyncClient]:
    """The application, with attempts that are counted."""
    ports = replace(PORTS, attempts=Attempts(counted.limiter, SECRET))
    transport = httpx.ASGITransport(create_app(replace(resources, ports=ports)))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield client


async def ask(client: httpx.AsyncClient, query: str, **variables: str) -> dict[str, Any]:
    answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer
    return dict(answer["data"])


async def sign_in(client: httpx.AsyncClient, email: str, password: str) -> str:
    """`ok`, or the code of what went wrong."""
    done = (await ask(client, SIGN_IN, email=email, password=password))["done"]
    return done["userErrors"][0]["code"] if done["userErrors"] else "ok"


async def test_the_sixth_wrong_password_and_the_right_one_after_it_have_to_wait(
    guarded: httpx.AsyncClient, uow: UnitOfWork, counted: Counted
) -> None:
    await make_member(uow)
    spellings = (ADA, ADA.upper(), f" {ADA}", f"{ADA}\n")
    tried = [await sign_in(guarded, email, "wrong one") for email in spellings]
    tried.append(await sign_in(guarded, ADA, "wrong one"))
    assert tried == ["INVALID_CREDENTIALS"] * 5
    done = (await ask(guarded, SIGN_IN, email=ADA, password=PASSWORD))["done"]
    (error,) = done["userErrors"]
    assert done["session"] is None
    assert (error["code"], error["retryable"]) == ("TOO_MANY_ATTEMPTS", True)
    assert 0 < error["retryAfter"] <= 900
    counted.clock.pass_(901)
    assert await sign_in(guarded, ADA, PASSWORD) == "ok"


async def test_strangers_are_counted_like_members(
    guarded: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    await make_member(uow)
    for email in (ADA, BO):
        codes = [await sign_in(guarded, email, "wrong one") for _ in range(6)]
        assert codes == ["INVALID_CREDENTIALS"] * 5 + ["TOO_MANY_ATTEMPTS"]


async def test_aliases_in_one_request_are_counted_one_by_one(
    guarded: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    await make_member(uow)
    guess = 'sessionCreate(input: {email: "%s", password: "guess %d", audience: STAFF})'
    wanted = "{ userErrors { code } }"
    codes = []
    for first in (0, 5):
        fields = " ".join(f"a{n}: {guess % (ADA, n)} {wanted}" for n in range(first, first + 5))
        answer = await ask(guarded, f"mutation {{ {fields} }}")
        codes += [done["userErrors"][0]["code"] for done in answer.values()]
    assert codes == ["INVALID_CREDENTIALS"] * 5 + ["TOO_MANY_ATTEMPTS"] * 5


async def test_one_address_tries_few_accounts(
    guarded: httpx.AsyncClient, uow: UnitOfWork, counted: Counted
) -> None:
    codes = [await sign_in(guarded, f"m{n}@shop.example", "wrong one") for n in range(21)]
    assert codes == ["INVALID_CREDENTIALS"] * 20 + ["TOO_MANY_ATTEMPTS"]
    counted.clock.pass_(61)
    assert await sign_in(guarded, "another@shop.example", "wrong one") == "INVALID_CREDENTIALS"


async def test_a_success_and_a_reset_start_anew(
    guarded: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    member = await make_member(uow)
    for _ in range(2):
        assert {await sign_in(guarded, ADA, "wrong one") for _ in range(4)} == {
            "INVALID_CREDENTIALS"
        }
        assert await sign_in(guarded, ADA, PASSWORD) == "ok"
    for _ in range(6):
        code = await sign_in(guarded, ADA, "wrong one")
    assert code == "TOO_MANY_ATTEMPTS"
    services = Services(uow, SYSTEM, system_clock, PORTS)
    account = await services.repositories.staff_accounts.by_id(member)
    assert account is not None
    token = await services.passwords.issue_reset(Holder(Audience.STAFF, member), account)
    assert (await ask(guarded, CHOOSE, token=token))["done"] == {"userErrors": []}
    assert await sign_in(guarded, ADA, "another password") == "ok"


async def test_links_are_mailed_three_times_an_hour(guarded: httpx.AsyncClient) -> None:
    codes = [(await ask(guarded, RESET, email=ADA))["done"]["userErrors"] for _ in range(4)]
    assert codes == [[], [], [], [{"code": "TOO_MANY_ATTEMPTS"}]]
