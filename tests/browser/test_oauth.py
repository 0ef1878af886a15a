"""The code flow with PKCE in a real browser: server and program each on a port of this machine."""

import re
from asyncio import StreamReader, StreamWriter, start_server
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from commerce.core.pool import Database
from commerce.oauth.service.clients import RegisteredClient
from commerce.wiring import Services
from tests.browser.conftest import TELL_VIOLATIONS
from tests.support.oauth import PKCE, VERIFIER, register
from tests.support.servers import serving
from tests.support.services import transacted
from tests.support.staff import PASSWORD, make_member, make_role

PHONE = {"width": 360, "height": 640}


@dataclass
class LoopbackProgram:
    """A program on the same machine: it waits for the browser to come back."""

    address: str = ""
    told: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        line = (await reader.readline()).decode()
        while (await reader.readline()).strip():
            pass
        target = line.split(" ")[1]
        if target.startswith("/back"):
            query = parse_qs(urlsplit(target).query)
            self.told.append({name: values[0] for name, values in query.items()})
        body = b"<!doctype html><title>Back</title><p>You are back."
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def loopback_program() -> AsyncIterator[LoopbackProgram]:
    program = LoopbackProgram()
    server = await start_server(program.serve, "127.0.0.1", 0)
    program.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/back"
    async with server:
        yield program


async def prepared(database: Database, address: str) -> RegisteredClient:
    async def work(services: Services) -> RegisteredClient:
        role = await make_role(services.uow, "Everything", *services.viewer.scopes)
        await make_member(services.uow, role=role)
        return await register(services.uow, is_public=True, redirect_uris=(address,))

    made: Any = await transacted(database, work)
    assert isinstance(made, RegisteredClient)
    return made


def question(server: str, client: RegisteredClient, address: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": client.row.client_id,
        "redirect_uri": address,
        "scope": "products:read inventory:read",
        "state": "wait & see",
        **PKCE,
    }
    return f"{server}/oauth/authorize?{urlencode(asked)}"


@dataclass
class Scene:
    server: str
    program: LoopbackProgram
    client: RegisteredClient
    page: Page
    complaints: list[str]


@pytest.fixture
async def scene(browser: Browser, database: Database, committed_url: str) -> AsyncIterator[Scene]:
    """The page of consent, on a phone."""
    async with (
        loopback_program() as program,
        serving(DATABASE_URL=committed_url, OAUTH="true") as server,
    ):
        client = await prepared(database, program.address)
        context = await browser.new_context(viewport=PHONE, color_scheme="dark")
        await context.add_init_script(TELL_VIOLATIONS)
        page, complaints = await context.new_page(), list[str]()
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(question(server, client, program.address))
        yield Scene(server, program, client, page, complaints)
        await context.close()


async def sign_in(page: Page, password: str) -> None:
    await page.get_by_label("E-mail address").fill("ada@shop.example")
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in and allow").click()


async def test_a_program_is_let_in_and_gets_its_tokens(scene: Scene) -> None:
    page = scene.page
    await expect(page.get_by_role("heading", level=1)).to_have_text("Let Till in?")
    await expect(page.get_by_role("listitem")).to_have_text(
        ["See all products and prices", "See stock"]
    )
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await sign_in(page, "wrong password")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert scene.program.told == []
    scene.complaints.clear()  # browsers complain of the status 401
    await sign_in(page, PASSWORD)
    await expect(page).to_have_title("Back")
    (told,) = scene.program.told
    assert told["state"] == "wait & see"
    async with httpx.AsyncClient(timeout=30) as http:
        sent = {
            "grant_type": "authorization_code",
            "client_id": scene.client.row.client_id,
            "code": told["code"],
            "redirect_uri": scene.program.address,
            "code_verifier": VERIFIER,
        }
        reply = await http.post(f"{scene.server}/oauth/token", data=sent)
        assert reply.status_code == 200, reply.text
        answer = await http.post(
            f"{scene.server}/graphql",
            json={"query": "{ viewer { kind scopes } }"},
            headers={"Authorization": f"Bearer {reply.json()['access_token']}"},
        )
    seen = answer.json()["data"]["viewer"]
    assert seen["kind"] == "OAUTH_CLIENT"
    assert set(seen["scopes"]) == {"READ_PRODUCTS", "READ_PRICES", "READ_STOCK"}
    assert scene.complaints == []


async def test_a_program_that_is_denied_is_told_so(scene: Scene) -> None:
    await scene.page.get_by_role("button", name="Deny").click()
    await expect(scene.page).to_have_title("Back")
    (told,) = scene.program.told
    assert (told["error"], told["state"]) == ("access_denied", "wait & see")
    assert scene.complaints == []


async def test_the_page_can_be_used_with_the_keyboard_alone(scene: Scene) -> None:
    page = scene.page
    await page.get_by_label("E-mail address").focus()
    await page.keyboard.type("ada@shop.example")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_title("Back")
    assert re.fullmatch(r"oac_\w+", scene.program.told[0]["code"])
