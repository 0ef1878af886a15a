"""Whatever is sent, nothing breaks, and nobody is led away."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from commerce.core.db import UnitOfWork
from commerce.oauth.service.clients import RegisteredClient
from commerce.runtime import Resources
from tests.support.oauth import BACK, VERIFIER, Program, asking, oauth_shop, proven, register

VALUES = (
    "",
    " ",
    '"',
    "\\",
    "\n",
    "\r\nSet-Cookie: x=1",
    "é",
    "\U0001f511",
    "\x00",
    "x" * 2001,
    "https://evil.example",
    "ort_a_b",
    "code token",
    "%",
)
TOKEN = (
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "token",
    "token_type_hint",
)
GRANTS = ("authorization_code", "client_credentials", "refresh_token")


@pytest.fixture
async def program(resources: Resources) -> AsyncIterator[Program]:
    async with oauth_shop(resources) as program:
        yield program


@pytest.fixture
async def till(uow: UnitOfWork) -> RegisteredClient:
    return await register(uow, is_public=True)


async def test_the_authorization_endpoint_withstands_nonsense(
    program: Program, till: RegisteredClient
) -> None:
    for name in (*asking(till), "scope", "form", "unknown"):
        for value in VALUES:
            query = urlencode({**asking(till), name: value})
            reply = await program.client.get(f"/oauth/authorize?{query}")
            assert reply.status_code in (200, 303, 400), (name, value)
            led = reply.headers.get("location", BACK)
            assert led.startswith(BACK), (name, value)
            assert "x=1" not in reply.headers.get("set-cookie", "")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
async def test_the_endpoints_of_programs_withstand_nonsense(
    program: Program, till: RegisteredClient, path: str
) -> None:
    given = proven(till, {"code": "c", "code_verifier": VERIFIER, "redirect_uri": BACK})
    for grant in GRANTS:
        for name in TOKEN:
            for value in VALUES:
                sent = {**given, "refresh_token": "r", "grant_type": grant, name: value}
                reply = await program.client.post(path, data=sent)
                assert reply.status_code in (200, 400, 401), (grant, name, value)
                assert "error" in reply.json() or path == "/oauth/revoke"


async def test_a_form_withstands_nonsense(program: Program, till: RegisteredClient) -> None:
    for name in ("form", "email", "password", "decision"):
        for value in VALUES:
            reply = await program.decide(asking(till), **{name: value})
            assert reply.status_code in (303, 400, 401), (name, value)
            assert reply.headers.get("location", BACK).startswith(BACK)
