"""Whoever listens hears of carts and jobs, as somebody outside and the command line change them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.checkout import Shop
from tests.support.live import Client, connected
from tests.support.servers import commerce
from tests.support.walking import Walker, walking

CART = """subscription ($id: ID!) { cartUpdated(id: $id) {
  type cart { id lines { nodes { quantity } } } } }"""
JOB = "subscription ($id: ID!) { jobUpdated(id: $id) { type job { state error } } }"
BATCH = """mutation { batchCreate(input: {operations: [{id: "a", query: "{ __typename }"}]}) {
  batch { job { id databaseId state } } userErrors { message } } }"""
STREAM = "/graphql/stream"
EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture
async def walker(own_shop: tuple[Shop, str], tmp_path: Path) -> AsyncIterator[Walker]:
    """In front of a server that does no jobs."""
    async with walking(*own_shop, tmp_path, JOB_SLOTS="0") as walker:
        yield walker


async def listening(client: Client, query: str, id_: str) -> None:
    await client.subscribe(query, id=id_)
    await client.subscribe("{ __typename }", "2")
    assert (await client.hear())["id"] == "2"  # the first one listens by now
    await client.hear()


async def hears(client: Client, state: str, after: str) -> None:
    """Each change is told with the job as it is by then: what came before may be told twice."""
    told = await client.told()
    while told["job"]["state"] == after:
        told = await client.told()
    assert told["job"] == {"state": state, "error": None}


async def test_a_guest_hears_of_the_cart(walker: Walker) -> None:
    variant = await walker.shop.variant()
    token = await walker.cart(variant)
    cart = await walker.look(token, "id lines { nodes { id } }")
    line = cart["lines"]["nodes"][0]["id"]
    url = str(walker.client.base_url)
    async with connected(url) as client, asyncio.timeout(60):
        await client.say("connection_init", payload={"X-Guest-Token": token})
        assert (await client.hear())["type"] == "connection_ack"
        await listening(client, CART, cart["id"])
        change = {"cartToken": token, "lines": [{"id": line, "quantity": 3}]}
        assert (await walker.change("cartLinesUpdate", change))["userErrors"] == []
        told = await client.told()
    assert told["type"] == "CART_UPDATED"
    assert told["cart"] == {"id": cart["id"], "lines": {"nodes": [{"quantity": 3}]}}
    async with connected(url, "") as stranger:
        await stranger.subscribe(CART, id=cart["id"])
        assert (await stranger.hear())["type"] == "error"


async def test_whoever_asked_for_a_job_hears_how_the_command_line_treats_it(
    walker: Walker,
) -> None:
    job = (await walker.manage(BATCH))["batch"]["job"]
    number = str(job["databaseId"])
    store = {"DATABASE_URL": walker.shop.database.url}
    async with connected(str(walker.client.base_url), walker.key) as client, asyncio.timeout(120):
        await listening(client, JOB, job["id"])
        assert await commerce("jobs", "cancel", number, **store) == (
            0,
            "",
            f"Job {number} is canceled.\n",
        )
        await hears(client, "CANCELED", after="QUEUED")
        code, _, told = await commerce("jobs", "cancel", number, **store)
        assert (code, told) == (1, "Error: The job is over.\n")
        code, _, told = await commerce("jobs", "retry", number, **store)
        assert (code, told) == (0, f"Job {number} is queued.\n")
        await hears(client, "QUEUED", after="CANCELED")
        code, _, told = await commerce("jobs", "retry", number, **store)
        assert (code, told) == (
            1,
            "Error: Only a job that failed or was canceled is tried again.\n",
        )
    code, _, told = await commerce("jobs", "cancel", "0", **store)
    assert (code, told) == (1, "Error: There is no Job with this id.\n")


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PUT", EVENTS, 405),
        ("DELETE", EVENTS, 405),
        ("HEAD", EVENTS, 405),
        ("OPTIONS", EVENTS, 405),
        ("GET", {"Accept": "application/json"}, 406),
        ("POST", {**EVENTS, "Content-Type": "text/plain"}, 415),
        ("POST", {**EVENTS, "Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_streams_are_asked_for_in_their_way(
    live_server: str, method: str, headers: dict[str, str], status: int
) -> None:
    async with httpx.AsyncClient(base_url=live_server, timeout=60) as client:
        query = {"query": "subscription { events { type } }"}
        answer = await client.request(method, STREAM, params=query, headers=headers)
    assert answer.status_code == status
    assert method == "HEAD" or answer.json()["errors"][0]["message"]
    assert answer.headers.get("allow") == ("GET, POST" if status == 405 else None)


async def test_a_stream_of_a_change_is_posted(live_server: str) -> None:
    query = {"query": "mutation { cartCreate(input: {}) { userErrors { code } } }"}
    async with httpx.AsyncClient(base_url=live_server, timeout=60) as client:
        answer = await client.get(STREAM, params=query, headers=EVENTS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
