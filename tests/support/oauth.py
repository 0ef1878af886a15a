"""A program that gets in by OAuth."""

import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from commerce.app import create_app
from commerce.core.clock import Clock, system_clock
from commerce.core.db import UnitOfWork
from commerce.oauth.kinds import GrantType
from commerce.oauth.repository.clients import ClientRepository
from commerce.oauth.rules.clients import ClientTerms
from commerce.oauth.service.clients import ClientService, RegisteredClient
from commerce.runtime import Resources
from commerce.staff.repository.api_keys import ApiKeyRepository
from tests.support.staff import PASSWORD

BACK = "https://app.example/back"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
Sent = dict[str, str]


async def register(uow: UnitOfWork, **terms: Any) -> RegisteredClient:
    wanted = {
        "name": "Till",
        "scopes": ("products:read", "inventory:read"),
        "grants": frozenset(GrantType) - {GrantType.CLIENT_CREDENTIALS}
        if terms.get("is_public")
        else frozenset(GrantType),
        "redirect_uris": (BACK,),
        **terms,
    }
    service = ClientService(ClientRepository(uow), ApiKeyRepository(uow), system_clock)
    made = await service.create(ClientTerms(**wanted))
    assert isinstance(made, RegisteredClient), made
    return made


@asynccontextmanager
async def oauth_shop(resources: Resources, clock: Clock | None = None) -> AsyncIterator["Program"]:
    """A program in front of a server with OAuth."""
    settings = resources.settings.changed({"oauth": True})
    given = replace(resources, settings=settings, clock=clock or resources.clock)
    transport = httpx.ASGITransport(create_app(given))
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield Program(client)


class Program:
    """`client` also keeps the cookies of the browser it leads."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def token(self, by: RegisteredClient | None = None, **sent: str) -> httpx.Response:
        return await self.client.post("/oauth/token", data=proven(by, sent))

    async def revoke(self, by: RegisteredClient | None = None, **sent: str) -> httpx.Response:
        return await self.client.post("/oauth/revoke", data=proven(by, sent))

    async def show(self, **query: str) -> httpx.Response:
        return await self.client.get("/oauth/authorize", params=query)

    async def decide(self, query: Sent, decision: str = "allow", **form: str) -> httpx.Response:
        page = await self.show(**query)
        assert page.status_code == 200, page.text
        seal = re.search(r'name="form" value="([^"]*)"', page.text)
        action = re.search(r'action="([^"]*)"', page.text)
        assert seal is not None
        assert action is not None
        given = {"form": seal[1], "decision": decision, "email": "ada@shop.example"}
        sent = given | {"password": PASSWORD} | form
        return await self.client.post(unescape(action[1]), data=sent)

    async def code(self, by: RegisteredClient, **query: str) -> str:
        """The code a consent leads to."""
        return answered(await self.decide(asking(by, **query)))["code"]

    async def redeem(self, by: RegisteredClient, code: str, **sent: str) -> httpx.Response:
        grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        return await self.token(by, **(grant | {"code_verifier": VERIFIER} | sent))

    async def tokens(self, by: RegisteredClient, **query: str) -> dict[str, Any]:
        reply = await self.redeem(by, await self.code(by, **query))
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def refresh(self, by: RegisteredClient, token: str, **sent: str) -> httpx.Response:
        return await self.token(by, grant_type="refresh_token", refresh_token=token, **sent)

    async def works(self, token: str, query: str = "{ stockLocations { nodes { id } } }") -> bool:
        """Whether GraphQL answers somebody who holds this token."""
        reply = await self.client.post(
            "/graphql", json={"query": query}, headers={"Authorization": f"Bearer {token}"}
        )
        return reply.status_code == 200 and "errors" not in reply.json()


def proven(by: RegisteredClient | None, sent: Sent) -> Sent:
    if by is None:
        return sent
    proof = {"client_id": by.row.client_id} | ({"client_secret": by.secret} if by.secret else {})
    return {**proof, **sent}


def asking(by: RegisteredClient, **query: str) -> Sent:
    """A request to the authorization endpoint; a value that is empty is left out."""
    given = {
        "response_type": "code",
        "client_id": by.row.client_id,
        "redirect_uri": BACK,
        "state": "s & t",
        **PKCE,
        **query,
    }
    return {name: value for name, value in given.items() if value}


def answered(reply: httpx.Response) -> Sent:
    """What a redirect to the program says."""
    assert reply.status_code == 303, reply.text
    location = urlsplit(reply.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == BACK
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def encoded(**pairs: str) -> bytes:
    return urlencode(pairs).encode()
