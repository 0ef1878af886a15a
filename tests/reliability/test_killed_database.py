"""kill -9 of the embedded database while clients write: the server stays, nothing is lost."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import httpx
import pytest

from tests.support.machine import within
from tests.support.servers import commerce, serving

WRITE = """
mutation ($name: String!) {
  brandUpsert(input: {name: $name, slug: $name}) { brand { slug } userErrors { code } }
}
"""
COUNT = "{ brands(first: 1) { totalCount(limit: null) { count } } }"
WRITERS = 8
READY_WITHIN = 5.0

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[tuple[str, str, Path]]:
    """A server on an embedded database of its own: address, key, data folder."""
    async with serving(DATA_DIR=str(tmp_path)) as url:
        code, key, notes = await commerce(
            "keys", "create", "--name", "t", "--all-scopes", DATA_DIR=str(tmp_path)
        )
        assert code == 0, notes
        yield url, key.strip(), tmp_path


class Writer:
    """Writes brands one after the other and remembers those that were acknowledged."""

    def __init__(self, client: httpx.AsyncClient, number: int) -> None:
        self._client = client
        self._number = number
        self.acknowledged: list[str] = []
        self.statuses: set[int] = set()

    async def write_until(self, stop: asyncio.Event) -> None:
        place = 0
        while not stop.is_set():
            place += 1
            name = f"brand-{self._number}-{place}"
            body = {"query": WRITE, "variables": {"name": name}}
            answer = await self._client.post("/graphql", json=body)
            self.statuses.add(answer.status_code)
            if answer.status_code == 200:
                assert answer.json()["data"]["brandUpsert"]["userErrors"] == []
                self.acknowledged.append(name)
            else:
                assert answer.headers["retry-after"]
                await asyncio.sleep(0.02)


async def written(writers: list[Writer], more: int) -> None:
    """Wait until so many more writes were acknowledged."""
    enough = acknowledged_by(writers) + more
    async with asyncio.timeout(30):
        while acknowledged_by(writers) < enough:  # noqa: ASYNC110  # writers tell nobody
            await asyncio.sleep(0.02)


def acknowledged_by(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def postmaster(data_dir: Path) -> int:
    (file,) = data_dir.glob("postgres/**/postmaster.pid")
    return int(file.read_text().split()[0])


async def ready_after(client: httpx.AsyncClient) -> float:
    """Seconds until the server answers a query again."""
    start = monotonic()
    while True:
        answer = await client.post("/graphql", json={"query": COUNT})
        if answer.status_code == 200 and (await client.get("/readyz")).status_code == 200:
            return monotonic() - start
        assert answer.status_code == 503
        await asyncio.sleep(0.02)


async def test_a_killed_database_costs_seconds_and_no_acknowledged_write(
    store: tuple[str, str, Path],
) -> None:
    url, key, data_dir = store
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        stop = asyncio.Event()
        writers = [Writer(client, number) for number in range(WRITERS)]
        writing = [asyncio.create_task(writer.write_until(stop)) for writer in writers]
        await written(writers, WRITERS * 5)
        os.kill(postmaster(data_dir), signal.SIGKILL)
        await asyncio.sleep(0.1)
        seconds = await ready_after(client)
        await written(writers, WRITERS * 5)
        stop.set()
        await asyncio.gather(*writing)

        acknowledged = [name for writer in writers for name in writer.acknowledged]
        assert set().union(*(writer.statuses for writer in writers)) <= {200, 503}
        assert seconds < within(READY_WITHIN)
        assert await stored(client) >= set(acknowledged)


async def stored(client: httpx.AsyncClient) -> set[str]:
    """The slug of every brand, page by page."""
    query = """
    query ($after: String) {
      brands(first: 100, after: $after) {
        nodes { slug } pageInfo { hasNextPage endCursor }
      }
    }
    """
    slugs: set[str] = set()
    after: str | None = None
    while True:
        body = {"query": query, "variables": {"after": after}}
        page = (await client.post("/graphql", json=body)).json()["data"]["brands"]
        slugs |= {node["slug"] for node in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return slugs
        after = page["pageInfo"]["endCursor"]


async def test_the_first_start_prints_a_key_once(tmp_path: Path) -> None:
    first, again = await start_and_stop(tmp_path), await start_and_stop(tmp_path)
    assert re.search(r"^ +ck_live_\w{8}_\w{49}$", first, re.MULTILINE)
    assert "ck_live_" not in again


async def start_and_stop(data_dir: Path) -> str:
    """What a server prints on stdout between its start and its end."""
    said: list[str] = []
    async with serving(DATA_DIR=str(data_dir), said=said):
        pass
    return "".join(said)
