"""Every way of not being who one says one is, over HTTP: all are refused, and all alike."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256, sha512
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.identity.access_tokens import AccessTokens
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.wiring import Services
from tests.support.services import PORTS
from tests.support.staff import make_member, open_session, viewer_of

WHO = {"query": "{ viewer { kind staffMember { email } } }"}
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class Issued:
    """A good token, and what it was made of."""

    text: str
    holder: Holder
    session_id: int
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)

    def key(self, audience: Audience = Audience.STAFF) -> bytes:
        tokens = PORTS.access_tokens
        return tokens._keys[tokens._names[audience]].secret

    def signed(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """The same with other claims and headers, signed with the right key; None takes away."""
        given = (self.claims | claims).items()
        wanted = {name: value for name, value in given if value is not None}
        return jwt.encode(wanted, self.key(), "HS256", headers=self.named | (header or {}))

    @property
    def named(self) -> dict[str, Any]:
        """The header without its algorithm."""
        return {name: value for name, value in self.header.items() if name != "alg"}


def read(part: str) -> dict[str, Any]:
    return dict(json.loads(urlsafe_b64decode(part + "==")))


def written(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.fixture
async def issued(uow: UnitOfWork) -> Issued:
    member = await make_member(uow)
    session = await open_session(uow, member)
    header, body, _ = session.access_token.split(".")
    return Issued(
        session.access_token, session.holder, session.session_id, read(body), read(header)
    )


async def ask(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/graphql", json=WHO, headers={"Authorization": f"Bearer {token}"})


def other_names_signature(issued: Issued) -> str:
    head, body, _ = issued.text.split(".")
    return f"{head}.{body}.{issued.signed(sub='2').split('.')[2]}"


FORGED: dict[str, Callable[[Issued], str]] = {
    "no algorithm": lambda it: f"{written(it.header | {'alg': 'none'})}.{it.text.split('.')[1]}.",
    "no algorithm, oddly written": lambda it: (
        f"{written(it.header | {'alg': 'nOnE'})}.{it.text.split('.')[1]}.AA"
    ),
    "no signature": lambda it: it.text.rpartition(".")[0] + ".",
    "another's signature": other_names_signature,
    "signed with RS256": lambda it: jwt.encode(it.claims, PRIVATE, "RS256", headers=it.named),
    "a public key as the secret": lambda it: hmac_with(PUBLIC, it),
    "an empty secret": lambda it: hmac_with(b"", it),
    "another algorithm of the same key": lambda it: hmac_with(it.key(), it, "HS512", sha512),
    "another store's secret": lambda it: AccessTokens(b"a secret of another store's").issue(
        it.holder, it.session_id, system_clock()
    )[0],
    "expired": lambda it: it.signed(exp=seconds(-1)),
    "no expiry": lambda it: it.signed(exp=None),
    "an expiry in words": lambda it: it.signed(exp="tomorrow"),
    "an endless expiry": lambda it: it.signed(exp=float("inf")),
    "issued tomorrow": lambda it: it.signed(iat=seconds(86_400)),
    "not dated": lambda it: it.signed(iat=None),
    "another audience": lambda it: it.signed(aud="storefront"),
    "two audiences": lambda it: it.signed(aud=["staff", "storefront"]),
    "no audience": lambda it: it.signed(aud=None),
    "another issuer": lambda it: it.signed(iss="somebody"),
    "no issuer": lambda it: it.signed(iss=None),
    "nobody": lambda it: it.signed(sub=None),
    "somebody else": lambda it: it.signed(sub=str(it.holder.id + 1)),
    "a name for a number": lambda it: it.signed(sub="ada"),
    "a number beyond all": lambda it: it.signed(sub="9" * 19),
    "no session": lambda it: it.signed(sid=None),
    "another session": lambda it: it.signed(sid=str(it.session_id + 1)),
    "no id": lambda it: it.signed(jti=None),
    "another type": lambda it: it.signed({"typ": "JWT"}),
    "a refresh token's type": lambda it: it.signed({"typ": "rt+jwt"}),
    "no key named": lambda it: it.signed({"kid": ""}),
    "a key by path": lambda it: it.signed({"kid": "../../../../dev/null"}),
    "a key by address": lambda it: it.signed({"kid": "x", "jku": "http://evil.example/keys"}),
    "a key of its own": lambda it: it.signed({"kid": "x", "jwk": {"kty": "oct", "k": "AAAA"}}),
    "a key as a list": lambda it: (
        f"{written(it.header | {'kid': ['x']})}.{it.text.split('.', 1)[1]}"
    ),
    "the other audience's key": lambda it: jwt.encode(
        it.claims, it.key(Audience.STOREFRONT), "HS256", headers=it.named
    ),
    "a token for the other audience": lambda it: PORTS.access_tokens.issue(
        Holder(Audience.STOREFRONT, it.holder.id), it.session_id, system_clock()
    )[0],
    "dots alone": lambda _it: "..",
    "no JSON": lambda _it: "e30.AAAA.AAAA",
    "a list for a header": lambda it: f"W10.{rest_of(it)}",
}


def rest_of(it: Issued) -> str:
    """All but the header."""
    return it.text.partition(".")[2]


def hmac_with(secret: bytes, it: Issued, name: str = "HS256", how: Any = sha256) -> str:
    body = f"{written(it.header | {'alg': name})}.{written(it.claims)}"
    digest = hmac.new(secret, body.encode(), how).digest()
    return f"{body}.{urlsafe_b64encode(digest).decode().rstrip('=')}"


def seconds(away: float) -> int:
    return int((system_clock() + timedelta(seconds=away)).timestamp())


async def test_a_good_token_says_who_one_is(client: httpx.AsyncClient, issued: Issued) -> None:
    for token in (issued.text, issued.signed()):
        answer = await ask(client, token)
        member = {"email": "ada@shop.example"}
        assert answer.json()["data"]["viewer"] == {"kind": "STAFF", "staffMember": member}


@pytest.mark.parametrize("how", FORGED)
async def test_a_token_that_is_not_ours_is_refused(
    client: httpx.AsyncClient, issued: Issued, how: str
) -> None:
    answer = await ask(client, FORGED[how](issued))
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_refresh_token_is_no_access_token(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    session = await open_session(uow, await make_member(uow))
    assert (await ask(client, session.refresh_token)).status_code == 401


REFRESH = """mutation ($token: String!) { done: sessionRefresh(input: {refreshToken: $token}) {
  session { accessToken refreshToken } userErrors { code path } } }"""


async def refreshed(client: httpx.AsyncClient, token: str) -> dict[str, Any]:
    body = {"query": REFRESH, "variables": {"token": token}}
    return dict((await client.post("/graphql", json=body)).json()["data"]["done"])


INVALID = {
    "session": None,
    "userErrors": [{"code": "INVALID_TOKEN", "path": ["refreshToken"]}],
}


async def test_a_refresh_token_works_once_and_using_it_again_ends_the_session(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    first = await open_session(uow, await make_member(uow))
    other = await open_session(uow, first.holder.id)
    second = (await refreshed(client, first.refresh_token))["session"]
    third = (await refreshed(client, second["refreshToken"]))["session"]
    assert (await ask(client, third["accessToken"])).status_code == 200
    assert await refreshed(client, first.refresh_token) == INVALID
    assert await refreshed(client, third["refreshToken"]) == INVALID, "the last one is dead too"
    assert await refreshed(client, second["refreshToken"]) == INVALID
    assert (await refreshed(client, other.refresh_token))["session"] is not None, "not the others"


async def test_a_made_up_refresh_token_ends_nobodys_session(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    session = await open_session(uow, await make_member(uow))
    tokens = PORTS.refresh_tokens
    stranger = type(tokens)(b"a secret of another store's")
    made_up = stranger.text(Audience.STAFF, session.session_id, stranger.new_secret())
    bent = session.refresh_token[:20] + "A" + session.refresh_token[21:]
    for text in (made_up, bent, "", "rt_", "rt_" + "A" * 76, "é" * 79, session.access_token):
        assert await refreshed(client, text) == INVALID
    assert (await refreshed(client, session.refresh_token))["session"] is not None


RESET = """mutation ($token: String!) { done: passwordReset(
  input: {token: $token, password: "another password"}) { userErrors { code path } } }"""
ACCEPT = """mutation ($token: String!) { done: staffAccept(
  input: {token: $token, password: "another password"}) { userErrors { code path } } }"""
NO_TOKEN = [{"code": "INVALID_TOKEN", "path": ["token"]}]


async def tried(client: httpx.AsyncClient, query: str, token: str) -> list[dict[str, Any]]:
    body = {"query": query, "variables": {"token": token}}
    answer = (await client.post("/graphql", json=body)).json()
    return list(answer["data"]["done"]["userErrors"])


async def test_a_purpose_token_serves_its_purpose_once(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    member = await make_member(uow)
    account = await services.repositories.staff_accounts.by_id(member)
    assert account is not None
    token = await services.passwords.issue_reset(Holder(Audience.STAFF, member), account)
    assert await tried(client, ACCEPT, token) == NO_TOKEN, "another purpose"
    assert await tried(client, RESET, token) == []
    assert await tried(client, RESET, token) == NO_TOKEN, "used"


@pytest.mark.parametrize("why", ["expired", "voided", "outdated", "deactivated", "made up"])
async def test_a_purpose_token_that_is_not_good_is_refused(
    client: httpx.AsyncClient, uow: UnitOfWork, why: str
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    member = await make_member(uow)
    await make_member(uow, "bo@shop.example")
    holder = Holder(Audience.STAFF, member)
    accounts = services.repositories.staff_accounts
    account = await accounts.by_id(member)
    assert account is not None
    life = timedelta(seconds=-1 if why == "expired" else 60)
    old = account.password_hash or ""
    token = await services.purpose_tokens.issue(Purpose.RESET_PASSWORD, holder, old, life)
    if why == "voided":
        await services.purpose_tokens.issue(Purpose.RESET_PASSWORD, holder, old, life)
    elif why == "outdated":
        await accounts.store_password(member, "$another", system_clock(), replacing=old)
    elif why == "deactivated":
        await services.staff_members.deactivate(member)
    elif why == "made up":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    before = await accounts.by_id(member)
    assert await tried(client, RESET, token) == NO_TOKEN
    assert await accounts.by_id(member) == before


async def test_a_purpose_token_changes_its_holders_password_and_nobody_elses(
    client: httpx.AsyncClient, uow: UnitOfWork
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    accounts = services.repositories.staff_accounts
    ada, bo = await make_member(uow), await make_member(uow, "bo@shop.example")
    account = await accounts.by_id(bo)
    assert account is not None
    token = await services.passwords.issue_reset(Holder(Audience.STAFF, bo), account)
    body = {"query": RESET, "variables": {"token": token}}
    session = await open_session(uow, ada)
    await client.post(
        "/graphql", json=body, headers={"Authorization": f"Bearer {session.access_token}"}
    )
    assert await accounts.by_id(bo) != account, "whoever is signed in"
    ada_now = await accounts.by_id(ada)
    assert ada_now is not None
    assert ada_now.password_hash == account.password_hash, "both had the same one"
    assert (await viewer_of(uow, ada)).id == ada
