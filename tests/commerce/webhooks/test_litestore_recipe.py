"""A real delivery, verified by the JavaScript that Litestore's documents print, in real Node."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from commerce.core.pool import Database
from commerce.runtime import Resources
from commerce.webhooks.kinds import WebhookFormat
from tests.support.npm import toolchain
from tests.support.webhooks import Shop, purchased, shop_on

RECEIVER = Path(__file__).with_name("litestore_receiver.mjs")
SECRET = "your-webhook-secret"  # as in their documents
PATIENCE = 30.0  # seconds


@pytest.fixture
async def shop(resources: Resources, database: Database) -> AsyncIterator[Shop]:
    shop = shop_on(resources, database)
    yield shop
    await shop.resources.ports.outgoing.close()


class Node:
    """A receiver in Node, and what it says of each request."""

    def __init__(self, lines: asyncio.StreamReader, port: int) -> None:
        self._lines = lines
        self.url = f"http://127.0.0.1:{port}/webhooks"

    async def said(self) -> Any:
        return json.loads(await asyncio.wait_for(self._lines.readline(), PATIENCE))


@asynccontextmanager
async def node(secret: str) -> AsyncIterator[Node]:
    """Skips the test where there is no Node."""
    program = toolchain().node
    process = await asyncio.create_subprocess_exec(program, RECEIVER, secret, stdout=PIPE)
    assert process.stdout is not None
    try:
        port = int(await asyncio.wait_for(process.stdout.readline(), PATIENCE))
        yield Node(process.stdout, port)
    finally:
        process.kill()
        await process.wait()


async def test_the_printed_recipe_accepts_what_is_sent(shop: Shop) -> None:
    """And the body is letter by letter what JavaScript prints of it."""
    async with node(SECRET) as receiver:
        await shop.endpoint(receiver.url, format=WebhookFormat.LITESTORE, secret=SECRET)
        await shop.happen(purchased(123, 789))
        assert await shop.settle() == 1
        said = await receiver.said()
    assert said["again"] is True
    assert said["processed"]["event"] == "product.purchased"
    assert said["processed"]["data"]["orderId"] == "order-789"
    assert said["processed"]["data"]["revenue"] == 49.9
    assert await shop.rows("SELECT state, last_status FROM webhook_deliveries") == [
        ("delivered", 204)
    ]


async def test_it_refuses_what_another_secret_signed(shop: Shop) -> None:
    async with node("another-webhook-secret") as receiver:
        await shop.endpoint(receiver.url, format=WebhookFormat.LITESTORE, secret=SECRET)
        await shop.happen(purchased(123, 789))
        await shop.settle()
        assert (await receiver.said())["processed"] is None
    assert await shop.rows("SELECT state, last_status FROM webhook_deliveries") == [
        ("pending", 401)
    ]
