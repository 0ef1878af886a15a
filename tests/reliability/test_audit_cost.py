"""What the audit log costs where it costs most: in imports."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import text

from commerce.audit.tables import AUDITED
from commerce.bootstrap import prepare_store
from commerce.catalog.kinds import ErrorPolicy
from commerce.cli.demo import _product_set
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.interchange.demo import demo_products
from commerce.interchange.rules import ProductSet
from commerce.wiring import Services
from tests.conftest import PATIENT
from tests.support.databases import migrated_database
from tests.support.machine import within

PRODUCTS, AT_ONCE = 300, 25
RATIO = 1.3
EVENTS = ("insert", "update", "delete")

pytestmark = pytest.mark.timeout(180)


@asynccontextmanager
async def store(server: str, *, audited: bool) -> AsyncIterator[Database]:
    """An empty store, with or without the triggers of the log."""
    async with migrated_database(server, f"audited_{audited}".lower()) as url:
        database = Database(url, PATIENT)
        if not audited:
            async with database.writer() as connection:
                for table in AUDITED:
                    for event in EVENTS:
                        await connection.execute(
                            text(f"ALTER TABLE {table} DISABLE TRIGGER audit_{event}")
                        )
        await prepare_store(units_on(database), system_clock, "EUR")
        yield database
        await database.close()


async def seconds(database: Database, sets: Sequence[ProductSet]) -> float:
    async with units_on(database)() as uow:
        services = Services(uow, SYSTEM, system_clock)
        start = perf_counter()
        await uow.transact(
            lambda: services.product_sets.set_many(sets, ErrorPolicy.SKIP_FAILED_ROWS)
        )
        return perf_counter() - start


async def test_imports_stay_fast(server_url: str) -> None:
    """The two stores take turns in being first. The first chunk only makes statements known; of the
    others the one in the middle counts, whatever else the machine does in between.
    """
    sets = [_product_set(product) for product in demo_products(AT_ONCE + PRODUCTS)]
    chunks = [sets[start : start + AT_ONCE] for start in range(0, len(sets), AT_ONCE)]
    ratios = []
    async with store(server_url, audited=True) as logged, store(server_url, audited=False) as bare:
        stores = {True: logged, False: bare}
        for place, chunk in enumerate(chunks):
            order = (True, False) if place % 2 else (False, True)
            spent = {audited: await seconds(stores[audited], chunk) for audited in order}
            ratios.append(spent[True] / spent[False])
        entries = await entries_of(logged)
        assert await entries_of(bare) == 0
    ratio = median(ratios[1:])
    print(f"{PRODUCTS} products, {entries} entries: {ratio:.2f} times as long")  # noqa: T201  # the figure
    assert entries > PRODUCTS
    assert ratio <= within(RATIO)


async def entries_of(database: Database) -> int:
    """How many entries triggers have written about products."""
    about = "SELECT count(*) FROM audit_log WHERE target_kind LIKE 'Product%'"
    async with units_on(database)() as uow:
        return int(await uow.scalar(text(about)))
