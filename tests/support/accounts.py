"""Somebody with a browser and a mailbox: accounts as their owners live with them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit
from commerce.notifications.deliverer import Deliverer, Pace
from commerce.wiring.message_handlers import MESSAGE_HANDLERS
from tests.support.mail import MailServer, body_of, mail_server
from tests.support.notifications import make_deliverer, smtp

PASSWORD = "correct horse battery"

ONE_BY_ONE = Pace(side_by_side=1)  # on the one connection of a test
SIGN_IN = """mutation ($input: SessionCreateInput!) { done: sessionCreate(input: $input) {
  session { accessToken refreshToken } userErrors { code path } } }"""
ME = "{ me { email emailVerified firstName lastName version acceptsEmail } }"


@dataclass
class Post:
    """Carries what is queued, and opens letters."""

    server: MailServer
    deliverer: Deliverer

    async def letters(self) -> list[EmailMessage]:
        """What arrives until nothing is left to be sent, since the last time."""
        self.server.letters.clear()
        while await self.deliverer.deliver_due():
            pass
        return list(self.server.letters)

    async def letter(self) -> EmailMessage:
        (only,) = await self.letters()
        return only


@asynccontextmanager
async def post_of(open_unit: OpenUnit) -> AsyncIterator[Post]:
    async with mail_server() as server:
        yield Post(
            server,
            make_deliverer(open_unit, smtp(server), system_clock, MESSAGE_HANDLERS, ONE_BY_ONE),
        )


def link_in(letter: EmailMessage) -> tuple[str, str]:
    """The path of the link with a token, and the token."""
    found = re.search(r"https?://\S+token=\S+", body_of(letter))
    assert found is not None, body_of(letter)
    parts = urlsplit(found[0])
    return parts.path, parse_qs(parts.query)["token"][0]


@dataclass
class Shopper:
    """A browser; signed in once `token` is there."""

    client: httpx.AsyncClient
    token: str | None = None

    async def ask(self, query: str, **input_: Any) -> dict[str, Any]:
        """The whole answer."""
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        body = {"query": query, "variables": {"input": input_} if input_ else {}}
        response = await self.client.post("/graphql", json=body, headers=headers)
        return dict(response.json())

    async def do(self, name: str, **input_: Any) -> list[dict[str, Any]]:
        """The `userErrors` of a mutation."""
        kind = name[0].upper() + name[1:]
        query = f"""mutation ($input: {kind}Input!) {{
          done: {name}(input: $input) {{ userErrors {{ code path message }} }} }}"""
        answer = await self.ask(query, **input_)
        assert "errors" not in answer, answer
        return list(answer["data"]["done"]["userErrors"])

    async def sign_in(self, email: str, password: str = PASSWORD) -> list[str]:
        """The codes of what went wrong."""
        answer = await self.ask(SIGN_IN, email=email, password=password)
        assert "errors" not in answer, answer
        done = answer["data"]["done"]
        if done["session"] is not None:
            self.token = done["session"]["accessToken"]
        return [error["code"] for error in done["userErrors"]]

    async def me(self) -> dict[str, Any] | None:
        """None for whoever is not signed in."""
        answer = await self.ask(ME)
        return answer["data"]["me"] if answer.get("data") else None
