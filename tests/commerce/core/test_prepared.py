import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any
from weakref import ref

import pytest
from sqlalchemy import Float, Select, Text, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from commerce.catalog.kinds import ProductStatus
from commerce.catalog.models import Product
from commerce.core import prepared
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, units_on, violated_constraint
from commerce.core.locks import Rank
from commerce.core.pool import Database
from commerce.core.prepared import Prepared

SLUGS = ("anvil", "bellows")


@pytest.fixture
async def unit(database: Database) -> AsyncIterator[UnitOfWork]:
    async with units_on(database)() as unit:
        for slug in SLUGS:
            values = {"slug": slug, "title": slug.title(), "tags": ["iron"]}
            await unit.change(insert(Product).values(values))
        yield unit


def of_slug() -> Select[Any]:
    open_ones = col(Product.status).in_([ProductStatus.DRAFT, ProductStatus.ACTIVE])
    slug = bindparam("slug", type_=Text())
    return select(*columns_of(Product)).where(col(Product.slug) == slug, open_ones)


def is_prepared(statement: Any) -> bool:
    return isinstance(prepared._KEPT.get(statement), Prepared)


async def test_rows_are_the_same_whoever_runs_the_statement(unit: UnitOfWork) -> None:
    kept = of_slug()
    first, second, third = [await unit.rows(kept, {"slug": "anvil"}) for _ in range(3)]
    assert is_prepared(kept)
    assert first == second == third
    assert dict(first[0]._mapping) == dict(third[0]._mapping)
    assert third[0].status is ProductStatus.DRAFT
    assert (await unit.rows(kept, {"slug": "bellows"}))[0].title == "Bellows"
    assert await unit.row(kept, {"slug": "crank"}) is None


async def test_values_of_its_own_stay(unit: UnitOfWork) -> None:
    kept = select(col(Product.title)).where(col(Product.slug) == "anvil")
    assert [await unit.scalar(kept) for _ in range(3)] == ["Anvil"] * 3


async def test_changes_are_counted_and_may_answer_rows(unit: UnitOfWork) -> None:
    title = {"title": bindparam("new_title", type_=Text())}
    change = update(Product).values(title)
    assert [await unit.change(change, {"new_title": name}) for name in "abc"] == [2, 2, 2]
    again = change.where(col(Product.slug) == "anvil").returning(col(Product.title))
    assert [await unit.scalar(again, {"new_title": name}) for name in "def"] == ["d", "e", "f"]
    assert is_prepared(change)
    assert is_prepared(again)


async def test_the_database_refuses_in_the_same_words(unit: UnitOfWork) -> None:
    kept = insert(Product).values(slug=bindparam("new_slug", type_=Text()), title="x")
    for slug in ("crank", "drill"):
        await unit.change(kept, {"new_slug": slug})
    with pytest.raises(IntegrityError) as refused:
        await unit.change(kept, {"new_slug": "anvil"})
    assert is_prepared(kept)
    assert refused.value.orig is not None
    assert violated_constraint(refused.value) == "uq_products_slug"
    assert await unit.scalar(select(col(Product.id)).where(col(Product.slug) == "crank"))


async def test_what_a_transaction_refuses_is_undone(unit: UnitOfWork) -> None:
    kept = delete(Product).where(col(Product.slug) == bindparam("slug", type_=Text()))
    for slug in ("x", "y"):
        await unit.change(kept, {"slug": slug})
    await unit.transact(lambda: unit.change(kept, {"slug": "anvil"}), keep=lambda _gone: False)
    assert len(await unit.rows(select(col(Product.id)))) == 2


async def test_locks_hold(unit: UnitOfWork, database: Database) -> None:
    kept = of_slug()

    async def lock() -> None:
        for _ in range(3):
            await unit.locked(Rank.STOCK, kept, {"slug": "anvil"})
        async with units_on(database)() as other:
            taken = select(col(Product.id)).where(col(Product.slug) == "anvil")
            free = taken.with_for_update(key_share=True, skip_locked=True)
            assert await other.transact(lambda: other.rows(free)) == []

    await unit.transact(lock)


async def test_a_read_survives_a_connection_that_died(unit: UnitOfWork, database: Database) -> None:
    kept = of_slug()
    for _ in range(3):
        await unit.rows(kept, {"slug": "anvil"})
    pid = await unit.scalar(text("SELECT pg_backend_pid()"))
    async with units_on(database)() as other:
        await other.scalar(text(f"SELECT pg_terminate_backend({pid})"))
    await asyncio.sleep(0.1)
    assert (await unit.rows(kept, {"slug": "anvil"}))[0].slug == "anvil"
    assert await unit.scalar(text("SELECT pg_backend_pid()")) != pid


async def test_whoever_gives_up_leaves_no_busy_connection(
    unit: UnitOfWork, database: Database
) -> None:
    kept = select(func.pg_sleep(bindparam("seconds", type_=Float())))
    for _ in range(3):
        await unit.rows(kept, {"seconds": 0})
    task = asyncio.create_task(unit.rows(kept, {"seconds": 4}))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    await unit.close()
    async with asyncio.timeout(2), units_on(database)() as other:
        assert await other.rows(kept, {"seconds": 0})


async def test_a_value_that_is_not_given_is_a_bug(unit: UnitOfWork) -> None:
    kept = of_slug()
    for _ in range(2):
        await unit.rows(kept, {"slug": "anvil"})
    with pytest.raises((KeyError, DBAPIError)):
        await unit.rows(kept, {})


async def test_nobody_keeps_what_nobody_uses(unit: UnitOfWork, database: Database) -> None:
    kept = of_slug()
    for _ in range(3):
        await unit.rows(kept, {"slug": "anvil"})
    known = ref(kept)
    del kept
    database.engine.sync_engine.clear_compiled_cache()
    gc.collect()
    assert known() is None
