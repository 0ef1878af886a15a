import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.models import Tombstone
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM, Policy, Scope
from resolvers.catalog.deletions import TYPES
from resolvers.nodes import node_id
from resolvers.schema import policies
from tests.conftest import CURSORS, Ask
from tests.support.graphql import answer, schema

FEED = """
query ($since: DateTime!, $kinds: [DeletedKind!], $first: Int, $after: String) {
  deletions(since: $since, kinds: $kinds, first: $first, after: $after) {
    nodes { kind id databaseId occurredAt }
    totalCount { count }
    pageInfo { endCursor hasNextPage }
  }
}
"""
START = datetime(2026, 1, 1, tzinfo=UTC)
EVER = "1970-01-01T00:00:00Z"


async def make_stones(uow: UnitOfWork) -> None:
    """One of each kind, a minute apart."""
    for minute, kind in enumerate(DeletedKind):
        when = START + timedelta(minutes=minute)
        row = {"kind": kind, "resource_id": minute + 1, "occurred_at": when}
        await uow.change(insert(Tombstone).values(**row))


async def test_the_feed_tells_what_is_gone_by_its_global_id(ask: Ask, uow: UnitOfWork) -> None:
    await make_stones(uow)
    found = (await ask(FEED, {"since": EVER}))["data"]["deletions"]
    assert found["totalCount"] == {"count": 7}
    assert found["nodes"][1] == {
        "kind": "VARIANT",
        "id": node_id("ProductVariant", 2),
        "databaseId": 2,
        "occurredAt": "2026-01-01T00:01:00Z",
    }
    types = [node_id(TYPES[kind], place + 1) for place, kind in enumerate(DeletedKind)]
    assert [node["id"] for node in found["nodes"]] == types


@pytest.mark.parametrize(
    ("since", "kinds", "numbers"),
    [
        ("2026-01-01T00:02:00Z", None, [3, 4, 5, 6, 7]),
        ("2026-01-01T01:02:00+01:00", [], [3, 4, 5, 6, 7]),
        ("2026-01-01T00:02:00.000001Z", None, [4, 5, 6, 7]),
        (EVER, ["BRAND", "PRODUCT"], [1, 5]),
        ("2027-01-01T00:00:00Z", None, []),
    ],
)
async def test_the_feed_is_cut_by_time_and_kind(
    ask: Ask, uow: UnitOfWork, since: str, kinds: list[str] | None, numbers: list[int]
) -> None:
    await make_stones(uow)
    found = (await ask(FEED, {"since": since, "kinds": kinds}))["data"]["deletions"]
    assert [node["databaseId"] for node in found["nodes"]] == numbers
    assert found["totalCount"] == {"count": len(numbers)}


async def test_a_cursor_goes_on_whatever_the_next_since_is(ask: Ask, uow: UnitOfWork) -> None:
    await make_stones(uow)
    page = (await ask(FEED, {"since": EVER, "first": 4}))["data"]["deletions"]
    after = page["pageInfo"]["endCursor"]
    later = {"since": "2026-01-01T00:01:00Z", "after": after}
    rest = (await ask(FEED, later))["data"]["deletions"]
    assert [node["databaseId"] for node in rest["nodes"]] == [5, 6, 7]
    other = await ask(FEED, {**later, "kinds": ["BRAND"]})
    assert "was not issued for this list" in other["errors"][0]["message"]


def test_the_feed_is_for_readers_of_the_catalogue() -> None:
    assert policies(schema())["Query", "deletions"] == Policy(frozenset({Scope.READ_PRODUCTS}))
    assert policies(schema())["Query", "media"].is_public


Client = Callable[[], Awaitable[list[int]]]


def by_cursor(database: Database) -> Client:
    """Remembers where the last page ended."""
    place: dict[str, Any] = {"since": EVER}

    async def read() -> list[int]:
        given = {**place, "first": 1}
        found: list[int] = []
        while True:
            page = await ask_on(database, given)
            found.extend(node["databaseId"] for node in page["nodes"])
            given["after"] = page["pageInfo"]["endCursor"] or given.get("after")
            if not page["pageInfo"]["hasNextPage"]:
                place.update(given)
                return found

    return read


def by_time(database: Database) -> Client:
    """Remembers when the last deletion was, and which one it was."""
    place = {"since": EVER}
    known: set[str] = set()

    async def read() -> list[int]:
        page = await ask_on(database, place)
        new = [node for node in page["nodes"] if node["id"] not in known]
        known.update(node["id"] for node in new)
        place["since"] = max([place["since"], *(node["occurredAt"] for node in new)])
        return [node["databaseId"] for node in new]

    return read


async def ask_on(database: Database, given: dict[str, Any]) -> Any:
    done = await answer(units_on(database), FEED, given, SYSTEM, CURSORS, system_clock)
    return done["data"]["deletions"]


@pytest.fixture
async def undated(database: Database) -> AsyncIterator[Database]:
    """The guard removed: a tombstone keeps the time its transaction began."""
    async with database.writer() as connection:
        await connection.execute(text("ALTER TABLE tombstones DISABLE TRIGGER dated_at_commit"))
    yield database
    async with database.writer() as connection:
        await connection.execute(text("ALTER TABLE tombstones ENABLE TRIGGER dated_at_commit"))


async def read_around_a_slow_deletion(database: Database, read: Client) -> list[list[int]]:
    """What a client gets before and after the commit of number 1, which was deleted first."""
    deleted, may_commit = asyncio.Event(), asyncio.Event()
    open_unit = units_on(database)

    async def slow(uow: UnitOfWork) -> None:
        await TombstoneRepository(uow).add(DeletedKind.PRODUCT, [1])
        deleted.set()
        await may_commit.wait()

    async def quick(id_: int) -> None:
        async with open_unit() as uow:
            await uow.transact(lambda: TombstoneRepository(uow).add(DeletedKind.BRAND, [id_]))

    async with open_unit() as first, asyncio.TaskGroup() as tasks:
        tasks.create_task(first.transact(lambda: slow(first)))
        await deleted.wait()
        await quick(2)
        await quick(3)
        before = await read()
        may_commit.set()
    after = await read()
    await quick(4)
    return [before, after, await read()]


@pytest.mark.parametrize("client", [by_cursor, by_time])
async def test_a_client_is_told_of_everything_once(
    database: Database, client: Callable[[Database], Client]
) -> None:
    told = await read_around_a_slow_deletion(database, client(database))
    assert told == [[2, 3], [1], [4]]


@pytest.mark.parametrize("client", [by_cursor, by_time])
async def test_without_dating_at_commit_a_slow_deletion_would_be_missed(
    undated: Database, client: Callable[[Database], Client]
) -> None:
    told = await read_around_a_slow_deletion(undated, client(undated))
    assert told == [[2, 3], [], [4]]
