"""An endpoint that was away is told what it missed, between two places of the log."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.support.checkout import Shop
from tests.support.walking import Walker, walking
from tests.support.webhooks import Receiver, Sent, receiving

LOG = """{ eventLog(first: 100) { nodes { databaseId eventId } } }"""
ENDPOINT = "webhookEndpoint { id } secret"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver, asyncio.timeout(120):
        yield receiver


@pytest.fixture
async def walker(
    own_shop: tuple[Shop, str], receiver: Receiver, tmp_path: Path
) -> AsyncIterator[Walker]:
    allowed = {"OUTGOING_PORTS": str(receiver.port), "OUTGOING_ALLOW": "127.0.0.0/8"}
    async with walking(*own_shop, tmp_path, OUTGOING_HTTP="true", **allowed) as walker:
        yield walker


async def test_what_lies_between_two_places_is_told_once_more(
    walker: Walker, receiver: Receiver
) -> None:
    made = await walker.work(
        "webhookEndpointCreate",
        {"url": receiver.url("/hook"), "events": ["CART_CREATED"]},
        ENDPOINT,
    )
    for _ in range(4):
        await walker.change("cartCreate", {})
    await receiver.has(4)
    told = [sent.id for sent in receiver.sent]
    places = {node["eventId"]: node["databaseId"] for node in (await walker.manage(LOG))["nodes"]}
    between = {"after": places[told[0]], "before": places[told[3]]}
    endpoint = {"endpointId": made["webhookEndpoint"]["id"]}
    done = await walker.work("webhookReplay", {**endpoint, **between}, "replayed")
    assert done["replayed"] == 2
    await receiver.has(6)
    again = receiver.sent[4:]
    assert {sent.id for sent in again} == {sent.id for sent in receiver.sent[1:3]}
    assert all(verified(sent, made["secret"]) for sent in receiver.sent)


def verified(sent: Sent, secret: str) -> bool:
    return bool(Webhook(secret).verify(sent.body, dict(sent.headers)))
