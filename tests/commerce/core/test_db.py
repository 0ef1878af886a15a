import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import UnavailableError
from tests.support.machine import within

ADD = "INSERT INTO attributes (code, label) VALUES ('{0}', '{0}')"
COUNT = text("SELECT count(*) FROM attributes")


@pytest.fixture
async def unit(database: Database) -> AsyncIterator[UnitOfWork]:
    async with units_on(database)() as unit:
        yield unit


async def add(unit: UnitOfWork, code: str) -> None:
    await unit.change(text(ADD.format(code)))


async def test_siblings_may_use_one_unit_at_the_same_time(unit: UnitOfWork) -> None:
    numbers = await asyncio.gather(*(unit.scalar(text(f"SELECT {n}")) for n in range(20)))
    assert numbers == list(range(20))
    assert unit.statements == 20


async def test_a_kept_result_is_committed(unit: UnitOfWork) -> None:
    await unit.transact(lambda: add(unit, "colour"))
    assert await unit.scalar(COUNT) == 1


async def test_a_refused_result_is_rolled_back_and_returned(unit: UnitOfWork) -> None:
    async def work() -> str:
        await add(unit, "colour")
        return "problem"

    assert await unit.transact(work, keep=lambda result: result != "problem") == "problem"
    assert await unit.scalar(COUNT) == 0


async def test_an_exception_rolls_back(unit: UnitOfWork) -> None:
    async def work() -> None:
        await add(unit, "colour")
        raise LookupError

    with pytest.raises(LookupError):
        await unit.transact(work)
    assert await unit.scalar(COUNT) == 0


async def test_an_exception_ends_what_a_sibling_is_still_asking(unit: UnitOfWork) -> None:
    siblings: list[asyncio.Task[object]] = []

    async def work() -> None:
        siblings.append(asyncio.create_task(unit.scalar(text("SELECT pg_sleep(5)"))))
        await asyncio.sleep(0.05)
        raise LookupError

    with pytest.raises(LookupError):
        async with asyncio.timeout(within(2)):
            await unit.transact(work)
    assert siblings[0].cancelled()
    await unit.transact(lambda: add(unit, "colour"))


async def test_transactions_do_not_nest(unit: UnitOfWork) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        await unit.transact(lambda: unit.transact(lambda: add(unit, "colour")))


async def test_a_deadlock_is_retried_until_both_are_done(database: Database) -> None:
    open_unit = units_on(database)
    async with open_unit() as unit:
        await unit.transact(lambda: _add_both(unit))
    tries = 0
    met = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> None:
        async with open_unit() as unit:

            async def work() -> None:
                nonlocal tries
                tries += 1
                await unit.change(_touch(first))
                if tries <= 2:
                    await met.wait()
                await unit.change(_touch(second))

            await unit.transact(work)

    await asyncio.gather(cross("a", "b"), cross("b", "a"))
    assert tries == 3
    async with open_unit() as unit:
        positions = text("SELECT position FROM attributes")
        assert await unit.scalars(positions) == [2, 2]


async def _add_both(unit: UnitOfWork) -> None:
    await add(unit, "a")
    await add(unit, "b")


def _touch(code: str):  # type: ignore[no-untyped-def]  # a text clause
    return text(f"UPDATE attributes SET position = position + 1 WHERE code = '{code}'")


async def test_a_read_survives_a_connection_that_died_while_idle(database: Database) -> None:
    open_unit = units_on(database)
    async with open_unit() as unit:
        dead = await unit.scalar(text("SELECT pg_backend_pid()"))
    async with database.engine.connect() as other:
        await other.execute(text("SELECT 1"))
    await _kill(database, dead)
    async with open_unit() as unit:
        assert await unit.scalar(text("SELECT 1")) == 1


async def test_a_transaction_survives_a_connection_that_died_before_it(
    database: Database,
) -> None:
    open_unit = units_on(database)
    async with open_unit() as unit:
        dead = await unit.scalar(text("SELECT pg_backend_pid()"))
    await _kill(database, dead)
    async with open_unit() as unit:
        await unit.transact(lambda: add(unit, "colour"))
        assert await unit.scalar(COUNT) == 1


async def _kill(database: Database, pid: int) -> None:
    killer = Database(database.url)
    async with killer.reader() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        gone = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        while await connection.scalar(gone, {"pid": pid}):  # noqa: ASYNC110  # nobody signals it
            await asyncio.sleep(0.01)
    await killer.close()


async def test_a_server_that_is_away_is_unavailable() -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    async with units_on(away)() as unit:
        with pytest.raises(UnavailableError):
            await unit.scalar(text("SELECT 1"))
        with pytest.raises(UnavailableError):
            await unit.transact(lambda: add(unit, "colour"))
    await away.close()


async def test_an_empty_pool_is_unavailable_after_the_wait(committed_url: str) -> None:
    small = Database(committed_url, PoolLimits(size=1, overflow=0, wait=0.05))
    async with units_on(small)() as holder:
        await holder.scalar(text("SELECT 1"))
        async with units_on(small)() as waiting:
            with pytest.raises(UnavailableError):
                await waiting.scalar(text("SELECT 1"))
    await small.close()


async def test_a_statement_that_takes_too_long_is_unavailable(committed_url: str) -> None:
    hasty = Database(committed_url, PoolLimits(statement=0.1))
    async with units_on(hasty)() as unit:
        with pytest.raises(UnavailableError):
            await unit.scalar(text("SELECT pg_sleep(5)"))
        assert await unit.scalar(text("SELECT 1")) == 1
    await hasty.close()


async def test_other_refusals_of_the_database_are_bugs(unit: UnitOfWork) -> None:
    with pytest.raises(DBAPIError):
        await unit.scalar(text("SELECT 1 / 0"))
