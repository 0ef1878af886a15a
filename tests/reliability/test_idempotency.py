"""Calls that are sent at once, and calls of which nobody heard what came of them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from commerce.app import create_app
from commerce.authentication import Authenticator
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.ids import global_id
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM, Scope
from commerce.idempotency.repository import IdempotencyRepository
from commerce.runtime import Resources
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from tests.conftest import PATIENT
from tests.support.catalog import make_product, make_variant
from tests.support.databases import migrated_database
from tests.support.inventory import make_level, make_location
from tests.support.machine import within
from tests.support.servers import serving
from tests.support.services import PORTS

AT_ONCE = int(os.environ.get("STORM", "20"))  # noqa: TID251  # for big runs by hand
RECEIVE = """
    mutation Receive($id: ID!) {
      stockAdjust(input: { changes: [{ variantId: $id, change: { delta: 1 } }] }) {
        stockLevels { onHand }
        userErrors { code }
      }
    }
"""
ADD = """
    mutation Add($name: String!) {
      brandUpsert(input: { name: $name }) { brand { id name createdAt } userErrors { code } }
    }
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'brands'::regclass"


async def make_key(uow: UnitOfWork) -> str:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    issued = await services.api_keys.create("test", frozenset(Scope))
    assert isinstance(issued, IssuedKey)
    return issued.text


def data_in(body: bytes) -> bytes:
    return body.partition(b'"data":')[2].partition(b',"extensions":')[0]


@pytest.fixture
async def shop(
    database: Database, resources: Resources
) -> AsyncIterator[tuple[Database, httpx.AsyncClient]]:
    """The whole application over a real pool."""
    units = units_on(database)
    tokens = PORTS.access_tokens
    authenticator = Authenticator(units, system_clock, tokens)
    app = create_app(replace(resources, open_unit=units, authenticator=authenticator))
    async with units() as uow:
        headers = {"Authorization": f"Bearer {await make_key(uow)}", "Idempotency-Key": "delivery"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://store.test", headers=headers
    ) as client:
        yield database, client


async def received_at_once(
    shop: tuple[Database, httpx.AsyncClient],
) -> tuple[list[httpx.Response], int]:
    """What is answered to the same call sent many times at once, and how often it was done."""
    database, client = shop
    async with units_on(database)() as uow:
        variant = await make_variant(uow, await make_product(uow))
        await make_level(uow, variant, await make_location(uow))
    body = {"query": RECEIVE, "variables": {"id": global_id("ProductVariant", variant.id)}}
    calls = (client.post("/graphql", json=body) for _ in range(AT_ONCE))
    answers = list(await asyncio.gather(*calls))
    async with units_on(database)() as uow:
        return answers, int(await uow.scalar(text("SELECT on_hand FROM stock_levels")))


async def test_a_call_sent_many_times_at_once_is_done_once(
    shop: tuple[Database, httpx.AsyncClient],
) -> None:
    answers, done = await received_at_once(shop)
    assert done == 1
    assert {answer.status_code for answer in answers} <= {200, 409}
    told = {data_in(answer.content) for answer in answers if answer.status_code == 200}
    assert len(told) == 1
    waiting = [answer.headers["Retry-After"] for answer in answers if answer.status_code == 409]
    assert waiting == ["1"] * len(waiting)


async def test_without_the_claim_each_of_them_is_done(
    shop: tuple[Database, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def granted(*_arguments: object, **_values: object) -> bool:
        return True

    monkeypatch.setattr(IdempotencyRepository, "claim", granted)
    monkeypatch.setattr(IdempotencyRepository, "keep", granted)
    _, done = await received_at_once(shop)
    assert done == AT_ONCE


@pytest.fixture
async def store(server_url: str) -> AsyncIterator[Database]:
    """A database for servers that are killed."""
    async with migrated_database(server_url, "killed") as url:
        database = Database(url, PATIENT)
        yield database
        await database.close()


class Client:
    """Sends calls to a server, each with its own key."""

    def __init__(self, address: str, credential: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {credential}"}

    async def add(self, name: str) -> httpx.Response:
        headers = {**self._headers, "Idempotency-Key": f"add {name}"}
        body = {"query": ADD, "variables": {"name": name}}
        async with httpx.AsyncClient(base_url=self._address, timeout=30) as client:
            return await client.post("/graphql", json=body, headers=headers)


async def test_calls_survive_the_server(store: Database, tmp_path: Path) -> None:
    """One is killed after what it did and before it says so, another before it is done."""
    answer, settings = tmp_path / "answer", {"DATABASE_URL": store.url, "DATA_DIR": str(tmp_path)}
    async with units_on(store)() as uow:
        credential = await make_key(uow)
    unheard = await killed_while_answering(store, credential, answer, settings)

    async with serving(**settings) as address:
        client = Client(address, credential)
        replayed = await client.add("done")
        assert replayed.headers["Idempotent-Replayed"] == "true"
        assert data_in(replayed.content) == data_in(unheard) != b""

        assert (await client.add("undone")).status_code == 409
        await told(store, "UPDATE idempotency_keys SET lease_until = now() WHERE answer IS NULL")
        taken_over = await client.add("undone")
        assert "Idempotent-Replayed" not in taken_over.headers
        assert taken_over.json()["data"]["brandUpsert"]["brand"]["name"] == "undone"
    assert await told(store, "SELECT array_agg(name ORDER BY id) FROM brands") == ["done", "undone"]


async def killed_while_answering(
    store: Database, credential: str, answer: Path, settings: dict[str, str]
) -> bytes:
    """The answer to `done`, which nobody got; `undone` was just being added."""
    mute = (sys.executable, "-m", "tests.support.mute_process", str(answer))
    pid: list[int] = []
    async with serving(program=mute, pid=pid, **settings) as address:
        client = Client(address, credential)
        calls = [asyncio.create_task(client.add("done"))]
        await until(lambda: asyncio.to_thread(answer.exists))
        async with store.writer() as connection:
            await connection.execute(text("LOCK TABLE brands IN SHARE MODE"))
            calls.append(asyncio.create_task(client.add("undone")))
            await until(lambda: told(store, WAITING))
            os.kill(pid[0], signal.SIGKILL)
            await asyncio.gather(*calls, return_exceptions=True)
    return await asyncio.to_thread(answer.read_bytes)


async def told(store: Database, statement: str) -> Any:
    """The first column of the answer's first row."""
    async with store.writer() as connection:
        result = await connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


async def until(happened: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(within(10)):
        while not await happened():  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(0.02)
