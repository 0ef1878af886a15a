"""Transactions begin with their stamp, and leave no connection in the pool that is inside one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, literal, select, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import UnavailableError
from commerce.core.stamp import Stamp

TOLD = text("SELECT current_setting('storegraph.actor', true)")
OWN = select(func.pg_terminate_backend(func.pg_backend_pid()))


@pytest.fixture
async def single(database: Database) -> AsyncIterator[Database]:
    """Whoever comes gets the connection that was used before."""
    single = Database(database.url, PoolLimits(1, 0, wait=30, statement=30, lock=20))
    yield single
    await single.close()


@pytest.mark.parametrize("actor", ["", "O'Hara", "\\", "\\'; DROP TABLE orders; --", "ß$1%s:x"])
async def test_a_stamp_is_told_as_it_is_and_forgotten_with_its_transaction(
    single: Database, actor: str
) -> None:
    async with units_on(single)() as unit:
        unit.stamp = Stamp(actor)
        assert await unit.transact(lambda: unit.scalar(TOLD)) == actor
        assert not await unit.scalar(TOLD)


async def test_a_stamp_loses_what_the_database_has_no_sign_for(single: Database) -> None:
    async with units_on(single)() as unit:
        unit.stamp = Stamp("nothing\0'more")
        assert await unit.transact(lambda: unit.scalar(TOLD)) == "nothing'more"


async def test_a_transaction_that_ends_while_it_waits_leaves_none_behind(single: Database) -> None:
    async with units_on(single)() as unit:
        work = unit.transact(lambda: unit.scalar(text("SELECT pg_sleep(5)")))
        task = asyncio.create_task(work)
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await _assert_nothing_is_open(single)


@pytest.mark.parametrize("statement", [text("SELECT 1"), select(literal(1))])
async def test_what_was_lost_midway_is_not_half_done_on_another_connection(
    single: Database, statement: Any
) -> None:
    async with units_on(single)() as unit:
        for _ in range(3):
            await unit.scalar(statement)

        async def work() -> None:
            with pytest.raises(DBAPIError):
                await unit.scalar(OWN)
            with pytest.raises((PendingRollbackError, DBAPIError)):
                await unit.scalar(statement)

        with pytest.raises(UnavailableError):
            await unit.transact(work)
    await _assert_nothing_is_open(single)


async def _assert_nothing_is_open(database: Database) -> None:
    async with database.reader() as connection:
        pooled = await connection.get_raw_connection()
        assert not pooled.driver_connection.is_in_transaction()  # type: ignore[union-attr]  # asyncpg's
        assert await connection.scalar(text("SELECT 1")) == 1
