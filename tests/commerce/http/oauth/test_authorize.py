"""The page on which staff let programs in."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from commerce.core.attempts import Attempts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.integrations.rate_limits import memory_limiter
from commerce.oauth.kinds import GrantType
from commerce.runtime import Resources
from tests.support.oauth import BACK, PKCE, Program, answered, asking, oauth_shop, register
from tests.support.services import SECRET
from tests.support.staff import make_member
from tests.support.writers import table


@pytest.fixture
async def program(resources: Resources) -> AsyncIterator[Program]:
    async with oauth_shop(resources) as program:
        yield program


async def test_the_page_says_who_asks_for_what(program: Program, uow: UnitOfWork) -> None:
    page = await program.show(**asking(await register(uow, name="<b>Till</b>")))
    assert page.status_code == 200
    assert "&lt;b&gt;Till&lt;/b&gt;" in page.text
    assert "<b>Till" not in page.text
    assert "See all products and prices" in page.text
    assert "<script" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://app.example;" in policy
    assert "frame-ancestors 'none'" in policy
    assert (page.headers["x-frame-options"], page.headers["cache-control"]) == ("DENY", "no-store")
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/oauth/authorize" in cookie


async def test_consent_leads_back_with_a_code_and_the_state(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    told = answered(await program.decide(asking(await register(uow))))
    assert set(told) == {"code", "state"}
    assert told["state"] == "s & t"
    assert told["code"] not in str(await table(uow, "oauth_codes"))


async def test_denial_leads_back_and_says_so(program: Program, uow: UnitOfWork) -> None:
    told = answered(await program.decide(asking(await register(uow)), "deny"))
    assert (told["error"], told["state"]) == ("access_denied", "s & t")
    assert await table(uow, "oauth_codes") == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"scope": "admin:all"}, "invalid_scope"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
    ],
)
async def test_a_wrong_request_of_a_known_program_is_told_to_it(
    program: Program, uow: UnitOfWork, changed: dict[str, str], error: str
) -> None:
    told = answered(await program.show(**asking(await register(uow, is_public=True), **changed)))
    assert (told["error"], told["state"]) == (error, "s & t")


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": "https://app.example.evil.example/back"},
        {"redirect_uri": 'https://evil.example/"'},
        {"client_id": "client_unknown"},
        {"client_id": ""},
        {"client_id": "\x00"},
        {"redirect_uri": "https://evil.example/", "response_type": "token"},
        {"redirect_uri": "https://evil.example/", "scope": "nonsense"},
    ],
)
async def test_nobody_is_led_to_an_address_that_is_not_registered(
    program: Program, uow: UnitOfWork, changed: dict[str, str]
) -> None:
    reply = await program.show(**asking(await register(uow), **changed))
    assert reply.status_code == 400
    assert "location" not in reply.headers
    assert "evil" not in reply.headers["content-security-policy"]


async def test_an_address_must_be_named_where_there_are_two(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    two = await register(uow, redirect_uris=(BACK, BACK + "/2"))
    assert (await program.show(**asking(two, redirect_uri=""))).status_code == 400
    one = await register(uow)
    assert "code" in answered(await program.decide(asking(one, redirect_uri="")))


async def test_a_program_without_the_grant_is_refused(program: Program, uow: UnitOfWork) -> None:
    own = await register(uow, grants=frozenset({GrantType.CLIENT_CREDENTIALS}))
    told = answered(await program.show(**asking(own)))
    assert told["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "form", [{"password": "wrong"}, {"password": ""}, {"email": "nobody@shop.example"}]
)
async def test_a_wrong_password_shows_the_page_again_and_gives_no_code(
    program: Program, uow: UnitOfWork, form: dict[str, str]
) -> None:
    await make_member(uow)
    page = await program.decide(asking(await register(uow)), **form)
    assert page.status_code == 401
    assert 'role="alert"' in page.text
    assert "wrong" not in page.text.split('role="alert"')[0]
    assert await table(uow, "oauth_codes") == []


async def test_a_deactivated_member_lets_nobody_in(program: Program, uow: UnitOfWork) -> None:
    await make_member(uow, active=False)
    page = await program.decide(asking(await register(uow)))
    assert page.status_code == 401
    assert await table(uow, "oauth_codes") == []


async def test_guessing_passwords_is_limited_as_signing_in_is(
    resources: Resources, uow: UnitOfWork
) -> None:
    await make_member(uow)
    attempts = Attempts(memory_limiter(system_clock), SECRET)
    limited = replace(resources, ports=replace(resources.ports, attempts=attempts))
    async with oauth_shop(limited) as program:
        till = await register(uow)
        pages = [await program.decide(asking(till), password="wrong") for _ in range(6)]
        assert [page.status_code for page in pages] == [401] * 5 + [429]
        assert int(pages[-1].headers["retry-after"]) > 0
        assert (await program.decide(asking(till))).status_code == 429


async def test_a_form_counts_in_its_own_browser_for_its_own_request(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    till = await register(uow)
    page = await program.show(**asking(till))
    seal = re.search(r'name="form" value="([^"]*)"', page.text)
    assert seal is not None
    form = {"form": seal[1], "decision": "deny"}
    other = asking(till, scope="inventory:read")
    path = "/oauth/authorize"
    assert (await program.client.post(path, params=other, data=form)).status_code == 400
    bent = {**form, "form": form["form"][:-1] + "x"}
    assert (await program.client.post(path, params=asking(till), data=bent)).status_code == 400
    program.client.cookies = httpx.Cookies()
    assert (await program.client.post(path, params=asking(till), data=form)).status_code == 400


async def test_without_a_challenge_a_program_with_a_secret_may_ask(
    program: Program, uow: UnitOfWork
) -> None:
    await make_member(uow)
    till = await register(uow)
    code = await program.code(till, **dict.fromkeys(PKCE, ""))
    assert (await program.redeem(till, code)).json()["error"] == "invalid_request"
    code = await program.code(till, **dict.fromkeys(PKCE, ""))
    assert (await program.redeem(till, code, code_verifier="")).status_code == 200
