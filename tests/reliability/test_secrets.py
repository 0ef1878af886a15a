"""Secrets are sent along every way in, and through every error: none comes out anywhere."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import make_url

from commerce.rest.dialects import DIALECTS
from commerce.rest.paths import PARAMETER
from tests.support.servers import serving

SIGN_IN = (
    "mutation ($in: SessionCreateInput!) { sessionCreate(input: $in) { userErrors { code } } }"
)
PATHS: Final = (
    "/", "/graphql", "/graphiql", "/livez", "/readyz", "/metrics", "/nowhere", "/assets/none",
    "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/api/nothing", "/v1/nothing",
)  # fmt: skip


def canary(number: int) -> str:
    """Letters and digits alone: nothing needs to be encoded on the way."""
    return f"cnry{number:02d}x7Qm4Zt9KpLw2Vb"


def named(name: str) -> str:
    """The canary of that name; each name has one."""
    return canary(NAMES.index(name))


NAMES: Final = (
    "password", "password literal", "new password", "password as a number", "password as an enum",
    "unknown field", "broken JSON", "JSON list", "form", "query string variables", "large body",
    "bearer key", "bearer garbage", "basic user", "basic password", "X-API-KEY", "?X-API-KEY",
    "?token", "unknown scheme", "cookie", "guest token", "access token", "refresh token",
    "purpose token", "client secret", "authorization code", "code verifier", "database password",
    "store secret", "SMTP password", "SMS token", "Redis password",
)  # fmt: skip


@dataclass
class Leaks:
    """Everything that the server said to anybody."""

    answers: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def found(self) -> set[str]:
        whole = "\n".join([*self.answers, *self.log])
        return {name for name in NAMES if named(name) in whole}


@dataclass
class Caller:
    client: httpx.AsyncClient
    leaks: Leaks

    async def send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        response = await self.client.request(method, path, **parts)
        self.leaks.answers.append(f"{response.headers}\n{response.text}")
        return response

    async def ask(self, query: str, variables: Any = None, **parts: Any) -> httpx.Response:
        body = {"query": query, "variables": variables}
        return await self.send("POST", "/graphql", json=body, **parts)


@pytest.fixture
async def caller(live_url: str, tmp_path: Path) -> AsyncIterator[Caller]:
    """A server whose own secrets are canaries too; its mail and Redis are not there."""
    leaks = Leaks()
    settings = {
        "DATABASE_URL": make_url(live_url)
        .set(password=named("database password"))
        .render_as_string(hide_password=False),
        "SECRET_KEY": named("store secret") * 2,
        "SMTP_URL": f"smtp://shop:{named('SMTP password')}@127.0.0.1:9",
        "MAIL_FROM": "shop@example.com",
        "SMS_URL": "http://127.0.0.1:9/send",
        "SMS_TOKEN": named("SMS token"),
        "REDIS_URL": f"redis://:{named('Redis password')}@127.0.0.1:9/0",
        "DATA_DIR": str(tmp_path),
        "LOG_LEVEL": "debug",
    }
    async with (
        serving(told=leaks.log, said=leaks.log, **settings) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as client,
    ):
        yield Caller(client, leaks)


async def test_no_secret_gets_out(caller: Caller) -> None:
    await send_in_graphql(caller)
    await send_in_headers(caller)
    await send_in_addresses(caller)
    await send_tokens(caller)
    await caller.send("GET", "/metrics")
    assert len(NAMES) >= 30
    assert len(caller.leaks.answers) > 100
    assert any('"request"' in line for line in caller.leaks.log)
    assert caller.leaks.found() == set()


async def test_a_secret_that_got_out_would_be_seen() -> None:
    assert Leaks(log=[f"… {named('cookie')} …"]).found() == {"cookie"}


async def send_in_graphql(caller: Caller) -> None:
    address = {"email": "nobody@store.test"}
    await caller.ask(SIGN_IN, {"in": {**address, "password": named("password")}})
    literal = f'{{ email: "x@store.test", password: "{named("password literal")}" }}'
    await caller.ask(f"mutation {{ sessionCreate(input: {literal}) {{ userErrors {{ code }} }} }}")
    change = {"currentPassword": named("password"), "newPassword": named("new password")}
    query = "mutation ($in: PasswordChangeInput!) { passwordChange(input: $in) { __typename } }"
    await caller.ask(query, {"in": change})
    await caller.ask("query ($n: Int!) { products(first: $n) { nodes { id } } }",
                     {"n": named("password as a number")})  # fmt: skip
    await caller.ask(
        f'{{ products(first: "{named("password as a number")}") {{ nodes {{ id }} }} }}'
    )
    wrong = {**address, "password": "x", "audience": named("password as an enum")}
    await caller.ask(SIGN_IN, {"in": wrong})
    await caller.ask(SIGN_IN, {"in": {**address, "password": "x", "hint": named("unknown field")}})
    await caller.send("POST", "/graphql", json=[{"query": named("JSON list")}])
    headers = {"Content-Type": "application/json"}
    broken = f'{{"query": "{{ shop }}", "variables": {{"password": "{named("broken JSON")}"'
    await caller.send("POST", "/graphql", content=broken, headers=headers)
    await caller.send("POST", "/graphql", data={"password": named("form")})
    asked = {"query": SIGN_IN, "variables": json.dumps({"in": named("query string variables")})}
    await caller.send("GET", "/graphql", params=asked)
    with suppress(httpx.NetworkError):  # what is refused before it has arrived may be cut off
        await caller.send("POST", "/graphql", content=named("large body") * 60_000, headers=headers)


async def send_in_headers(caller: Caller) -> None:
    pair = f"{named('basic user')}:{named('basic password')}"
    every = {
        "bearer key": f"Bearer ck_live_abcdefgh_{named('bearer key')}",
        "bearer garbage": f"Bearer {named('bearer garbage')} {named('bearer garbage')}",
        "basic user": f"Basic {b64encode(pair.encode()).decode()}",
        "unknown scheme": f"Digest {named('unknown scheme')}",
        "access token": f"Bearer eyJhbGciOiJub25lIn0.{named('access token')}.c2ln",
    }
    for path in (*PATHS, *documented_paths()):
        for value in every.values():
            await caller.send("GET", path, headers={"Authorization": value})
        others = {
            "X-API-KEY": named("X-API-KEY"),
            "Cookie": f"session={named('cookie')}",
            "X-Guest-Token": named("guest token"),
        }
        await caller.send("POST", path, headers=others, json={})


async def send_in_addresses(caller: Caller) -> None:
    for path in (*PATHS, *documented_paths()):
        await caller.send("GET", path, params={"X-API-KEY": named("?X-API-KEY")})
        await caller.send("DELETE", path, params={"token": named("?token")})


async def send_tokens(caller: Caller) -> None:
    refresh = "mutation ($in: SessionRefreshInput!) { sessionRefresh(input: $in) { __typename } }"
    await caller.ask(refresh, {"in": {"refreshToken": named("refresh token")}})
    reset = "mutation ($in: PasswordResetInput!) { passwordReset(input: $in) { __typename } }"
    await caller.ask(reset, {"in": {"token": named("purpose token"), "password": "x" * 12}})
    form = {
        "grant_type": "authorization_code",
        "client_id": "nobody",
        "client_secret": named("client secret"),
        "code": named("authorization code"),
        "code_verifier": named("code verifier"),
        "redirect_uri": "https://shop.test/back",
    }
    await caller.send("POST", "/oauth/token", data=form)
    await caller.send("POST", "/oauth/token", data=form | {"grant_type": "nothing"})


def documented_paths() -> list[str]:
    """One address for each row of each dialect."""
    return [
        PARAMETER.sub("1", dialect.bases[0] + route.path)
        for dialect in DIALECTS
        for route in dialect.routes
    ]
