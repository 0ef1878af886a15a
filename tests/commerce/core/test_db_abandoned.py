"""Units of work that end while something they started still runs."""

import asyncio
from time import monotonic

import pytest
from sqlalchemy import text

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database, PoolLimits


@pytest.fixture
async def single(committed_url: str):
    """A pool of one connection: what one request leaves behind, the next one finds."""
    database = Database(committed_url, PoolLimits(size=1, overflow=0, wait=10))
    yield database
    await database.close()


async def test_a_statement_nobody_waits_for_is_ended_with_its_unit(single: Database) -> None:
    async with units_on(single)() as unit:
        await unit.scalar(text("SELECT 1"))  # connected: what follows is about statements alone
        sleeper = asyncio.create_task(unit.scalar(text("SELECT pg_sleep(6)")))
        await asyncio.sleep(0.1)
    started = monotonic()
    async with units_on(single)() as next_unit:
        assert await next_unit.scalar(text("SELECT 1")) == 1
    assert monotonic() - started < 3
    assert sleeper.cancelled()


async def test_without_that_the_next_request_waits_for_it(
    single: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave_it(_unit: UnitOfWork) -> None:
        pass

    monkeypatch.setattr(UnitOfWork, "_end_abandoned", leave_it)
    async with units_on(single)() as unit:
        await unit.scalar(text("SELECT 1"))  # connected: what follows is about statements alone
        sleeper = asyncio.create_task(unit.scalar(text("SELECT pg_sleep(1)")))
        await asyncio.sleep(0.1)
    started = monotonic()
    async with units_on(single)() as next_unit:
        assert await next_unit.scalar(text("SELECT 1")) == 1
    assert monotonic() - started > 0.5
    await asyncio.gather(sleeper, return_exceptions=True)


async def test_a_closed_unit_takes_no_further_connection(single: Database) -> None:
    async with units_on(single)() as unit:
        await unit.scalar(text("SELECT 1"))
    with pytest.raises(RuntimeError, match="closed"):
        await unit.scalar(text("SELECT 1"))
    assert single.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool


async def test_parameters_stay_out_of_error_texts(single: Database) -> None:
    async with units_on(single)() as unit:
        with pytest.raises(Exception, match="hidden") as caught:
            await unit.scalar(text("SELECT :x / 0").bindparams(x=4711))
    assert "4711" not in str(caught.value)


async def test_a_statement_that_is_cut_off_does_not_take_the_next_with_it(
    single: Database,
) -> None:
    """Its connection is in no state to be used, and the unit takes another."""
    async with units_on(single)() as unit:
        await unit.scalar(text("SELECT 1"))  # connected: what follows is about statements alone
        sleeper = asyncio.create_task(unit.scalar(text("SELECT pg_sleep(6)")))
        await asyncio.sleep(0.1)
        sleeper.cancel()
        await asyncio.gather(sleeper, return_exceptions=True)
        assert await unit.scalar(text("SELECT 2")) == 2
    assert single.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool
