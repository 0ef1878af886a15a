import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.models import Tombstone
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database


async def feed(database: Database) -> list[int]:
    """What a client reads that starts at the beginning."""
    async with units_on(database)() as uow:
        statement = select(Tombstone.resource_id).order_by(Tombstone.occurred_at, Tombstone.id)
        return list(await uow.scalars(statement))


@pytest.fixture
async def undated(database: Database) -> AsyncIterator[Database]:
    """The guard removed: a tombstone keeps the time its transaction began."""
    async with database.writer() as connection:
        await connection.execute(text("ALTER TABLE tombstones DISABLE TRIGGER dated_at_commit"))
    yield database
    async with database.writer() as connection:
        await connection.execute(text("ALTER TABLE tombstones ENABLE TRIGGER dated_at_commit"))


async def one_slow_and_one_quick(database: Database) -> tuple[list[int], list[int]]:
    """Number 1 is deleted first and committed last; the feed before and after that commit."""
    deleted, may_commit = asyncio.Event(), asyncio.Event()

    async def slow(uow: UnitOfWork) -> None:
        await TombstoneRepository(uow).add(DeletedKind.PRODUCT, [1])
        deleted.set()
        await may_commit.wait()

    open_unit = units_on(database)
    async with open_unit() as first, open_unit() as second, asyncio.TaskGroup() as tasks:
        tasks.create_task(first.transact(lambda: slow(first)))
        await deleted.wait()
        await second.transact(lambda: TombstoneRepository(second).add(DeletedKind.PRODUCT, [2]))
        before = await feed(database)
        may_commit.set()
    return before, await feed(database)


async def test_a_slow_deletion_comes_after_what_was_already_read(database: Database) -> None:
    before, after = await one_slow_and_one_quick(database)
    assert before == [2]
    assert after == [2, 1]


async def test_without_dating_at_commit_it_would_appear_behind_the_reader(
    undated: Database,
) -> None:
    before, after = await one_slow_and_one_quick(undated)
    assert before == [2]
    assert after == [1, 2]


async def test_deletions_are_dated_one_after_the_other(database: Database) -> None:
    open_unit = units_on(database)

    async def delete(number: int) -> None:
        async with open_unit() as uow:
            ids = range(number * 10, number * 10 + 10)
            await uow.transact(lambda: TombstoneRepository(uow).add(DeletedKind.VARIANT, ids))

    await asyncio.gather(*(delete(number) for number in range(8)))
    async with open_unit() as uow:
        rows = await uow.rows(select(Tombstone.occurred_at, Tombstone.resource_id))
    dates = sorted(row.occurred_at for row in rows)
    assert len(set(dates)) == 80
    tens = [row.resource_id // 10 for row in sorted(rows)]
    assert [tens[place] for place in range(0, 80, 10)] == list(dict.fromkeys(tens))


async def test_many_take_one_statement_and_none_takes_none(
    uow: UnitOfWork, statements: list[str]
) -> None:
    tombstones = TombstoneRepository(uow)
    await tombstones.add(DeletedKind.MEDIA, [])
    assert statements == []
    await tombstones.add(DeletedKind.MEDIA, {3, 1, 2})
    assert len(statements) == 1
    rows = await uow.rows(select(Tombstone.kind, Tombstone.resource_id).order_by(Tombstone.id))
    assert [tuple(row) for row in rows] == [(DeletedKind.MEDIA, id_) for id_ in (1, 2, 3)]
