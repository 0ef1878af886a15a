"""Goal R17 through the API itself: hostile addresses as clients write them, over real HTTP.

A canary listens on loopback, and the rules allow every port and plain HTTP.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from commerce.app import create_app
from commerce.core import network
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.integrations import safe_http
from commerce.integrations.safe_http import SafeHttp
from commerce.integrations.storage import file_storage
from commerce.integrations.web_files import WebFiles
from commerce.runtime import Resources
from commerce.settings import Settings
from commerce.webhook_delivery import webhook_deliverer
from commerce.webhooks.deliverer import Deliverer
from tests.support.files import CREATE as FILE
from tests.support.files import Everybody
from tests.support.hostile import FOUR, HOSTILE, SIX, STRANGER, names, rules, speaks_six
from tests.support.services import PORTS
from tests.support.shop_app import serving
from tests.support.web import WebDouble, web_double

ADD = """
mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) {
  webhookEndpoint { id } userErrors { code message path } } }
"""
TEST = """
mutation ($input: WebhookEndpointTestInput!) { webhookEndpointTest(input: $input) {
  webhookDelivery { id } userErrors { code message path } } }
"""
TRIED = """
query ($id: ID!) { webhookDelivery(id: $id) { attempts(first: 1) { nodes { status error } } } }
"""
REMOVE = """
mutation ($input: WebhookEndpointDeleteInput!) { webhookEndpointDelete(input: $input) {
  deletedId } }
"""


@pytest.fixture
async def canary() -> AsyncIterator[WebDouble]:
    async with web_double("0.0.0.0", *(["::1"] if speaks_six() else [])) as double:
        yield double


@dataclass
class Api:
    http: httpx.AsyncClient
    deliverer: Deliverer

    async def ask(self, document: str, **variables: Any) -> Any:
        answer = await self.http.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": "Bearer everything"},
        )
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert "errors" not in body, body
        return next(iter(body["data"].values()))

    async def told(self, url: str) -> list[str]:
        """What is said of the address when it is written down, or else when it is tried."""
        made = await self.ask(ADD, input={"url": url})
        if made["webhookEndpoint"] is None:
            return [f"{error['path']}: {error['message']}" for error in made["userErrors"]]
        endpoint = {"id": made["webhookEndpoint"]["id"]}
        tested = await self.ask(TEST, input=endpoint)
        await self.deliverer.deliver_due()
        tried = await self.ask(TRIED, id=tested["webhookDelivery"]["id"])
        await self.ask(REMOVE, input=endpoint)
        return [str(each["error"] or each["status"]) for each in tried["attempts"]["nodes"]]


@asynccontextmanager
async def api(
    resources: Resources, database: Database, folder: Path, *allowed: str
) -> AsyncIterator[Api]:
    client = SafeHttp(rules(*allowed), names())
    own = replace(
        resources,
        authenticator=Everybody(),  # type: ignore[arg-type]  # its double
        open_unit=units_on(database),
        database=database,
        clock=system_clock,
        ports=replace(
            PORTS,
            outgoing=client,
            file_fetch=WebFiles(client),
            file_storage=file_storage(Settings(data_dir=folder)),
        ),
    )
    app = create_app(own)
    async with (
        serving(app) as (host, port),
        httpx.AsyncClient(base_url=f"http://{host}:{port}", timeout=30) as http,
    ):
        yield Api(http, webhook_deliverer(own, app.state.webhook_formats))
    await client.close()


def file_at(url: str) -> dict[str, str]:
    return {"url": url, "filename": "a.png"}


REFUSED = ("['url']: ", "unsafe_address", "unknown_host")


@pytest.mark.timeout(300)
async def test_no_webhook_reaches_loopback(
    resources: Resources, database: Database, tmp_path: Path, canary: WebDouble
) -> None:
    async with api(resources, database, tmp_path, f"{STRANGER}/32") as shop:
        for url in HOSTILE:
            (said,) = await shop.told(url.format(port=canary.port))
            assert said.startswith(REFUSED), (url, said)
    assert canary.connections == 0


@pytest.mark.timeout(300)
async def test_no_file_is_fetched_from_loopback(
    resources: Resources, database: Database, tmp_path: Path, canary: WebDouble
) -> None:
    async with api(resources, database, tmp_path, f"{STRANGER}/32") as shop:
        for url in HOSTILE:
            made = await shop.ask(FILE, input=file_at(url.format(port=canary.port)))
            (error,) = made["userErrors"]
            assert (made["file"], error["code"], error["path"]) == (None, "INVALID", ["url"]), url
            assert error["message"].endswith("."), error
    assert canary.connections == 0


async def test_twin_who_does_not_look_at_addresses_reaches_loopback(
    resources: Resources,
    database: Database,
    tmp_path: Path,
    canary: WebDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "connectable", lambda address, _allowed: address)
    monkeypatch.setattr(safe_http, "connectable", lambda address, _allowed: address)
    reachable = [url for url in (*FOUR, *(SIX if speaks_six() else ())) if url.startswith("http:")]
    async with api(resources, database, tmp_path) as shop:
        for count, url in enumerate(reachable, 1):
            assert await shop.told(url.format(port=canary.port)) == ["200"], url
            await shop.ask(FILE, input=file_at(url.format(port=canary.port)))
            assert len(canary.heads) == 2 * count, url
