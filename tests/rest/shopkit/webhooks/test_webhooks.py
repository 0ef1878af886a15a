"""Webhooks as programs of Shopkit add them."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Scope
from commerce.rest.shopkit.webhooks.shapes import EVENTS
from commerce.webhooks.models import WebhookEndpoint
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.support.golden import differences, sample
from tests.support.services import PORTS
from tests.support.shopkit import Client

HERE = Path(__file__).parents[1] / "golden"
SENT = {"url": "https://www.mysite.com/mywebhook_url", "event": "order_created"}
SEED = (
    *("order_canceled", "order_deleted", "order_created", "order_updated", "order_paid"),
    *("order_sent", "order_change_status", "order_invoice", "order_delivered"),
)
KEYS = "{ apiKeys(first: 5) { nodes { dialect webhookSecret } } }"


async def test_the_webhook_of_the_documents(shopkit: Client) -> None:
    golden = sample(HERE / "webhook.json")
    made = await shopkit.found("POST", "/webhook/", SENT, 201)
    assert differences(made, golden | {"id": made["id"]}) == []
    assert await shopkit.get(f"/webhook/{made['id']}") == made
    listed = await shopkit.get("/webhook")
    assert listed == {"0": made, "paging": {"previous": None, "next": None}}


async def test_every_event_of_the_documents_can_be_asked_for(shopkit: Client) -> None:
    assert set(SEED) <= set(EVENTS)
    for event in EVENTS:
        made = await shopkit.found("POST", "/webhook", {**SENT, "event": event}, 201)
        assert made["event"] == event


async def test_an_address_is_told_of_an_event_once(shopkit: Client) -> None:
    await shopkit.found("POST", "/webhook", SENT, 201)
    response = await shopkit.call("POST", "/webhook", SENT)
    assert (response.status_code, response.json()) == (409, {"message": "Already exists."})
    await shopkit.found("POST", "/webhook", {**SENT, "event": "order_paid"}, 201)
    assert len(await shopkit.get("/webhook")) == 3


async def test_webhooks_are_found_by_event(shopkit: Client) -> None:
    created = await shopkit.found("POST", "/webhook", SENT, 201)
    await shopkit.found("POST", "/webhook", {**SENT, "event": "order_paid"}, 201)
    assert (await shopkit.get("/webhook?event=order_created"))["0"] == created
    assert len(await shopkit.get("/webhook?active=true")) == 3
    assert list(await shopkit.get("/webhook?active=false")) == ["paging"]
    page = await shopkit.get("/webhook?limit=1&page=2")
    assert page["paging"]["previous"] == "http://store.test/v1/webhook?limit=1&page=1"
    assert await shopkit.refused("GET", "/webhook?event=moon_landing") == 400


async def test_the_keys_own_secret_signs(shopkit: Client, uow: UnitOfWork, ask: Ask) -> None:
    made = await shopkit.found("POST", "/webhook", SENT, 201)
    sealed = await uow.scalar(
        select(col(WebhookEndpoint.secret)).where(col(WebhookEndpoint.id) == made["id"])
    )
    listed = await ask(KEYS, viewer=SYSTEM)
    (key,) = listed["data"]["apiKeys"]["nodes"]
    assert len(key["webhookSecret"]) == 64
    assert PORTS.webhook_cipher.decrypt(sealed).decode() == key["webhookSecret"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"url": SENT["url"]},
        {"event": "order_paid"},
        {**SENT, "event": "moon_landing"},
        {**SENT, "url": "ftp://www.mysite.com"},
        {**SENT, "url": "http://127.0.0.1/admin"},
        {**SENT, "url": "x" * 3000},
    ],
)
async def test_what_is_no_webhook(shopkit: Client, sent: dict[str, str]) -> None:
    assert await shopkit.refused("POST", "/webhook", sent) == 400
    assert list(await shopkit.get("/webhook")) == ["paging"]


async def test_a_webhook_is_removed(shopkit: Client) -> None:
    made = await shopkit.found("POST", "/webhook", SENT, 201)
    assert await shopkit.found("DELETE", f"/webhook/{made['id']}", status=204) is None
    assert await shopkit.refused("DELETE", f"/webhook/{made['id']}") == 404
    assert await shopkit.refused("GET", f"/webhook/{made['id']}") == 404
    assert await shopkit.refused("DELETE", "/webhook/mine") == 400
    await shopkit.found("POST", "/webhook", SENT, 201)


async def test_a_key_without_the_scopes_is_refused(
    client: httpx.AsyncClient, make_key: MakeKey
) -> None:
    few = Client(client, await make_key("shopkit", Scope.READ_WEBHOOKS, Scope.WRITE_WEBHOOKS))
    assert await few.refused("POST", "/webhook", SENT) in (400, 403)
    stranger = Client(client, await make_key("shopkit", Scope.READ_PRODUCTS))
    assert await stranger.refused("GET", "/webhook") == 403
