from functools import partial

import pytest
from sqlalchemy import select

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound
from commerce.core.viewer import SYSTEM
from commerce.inventory.kinds import MovementKind
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.rules.stock import StockCount
from commerce.inventory.service import StockService
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location


@pytest.fixture
def stock(uow: UnitOfWork) -> StockService:
    return Services(uow, SYSTEM, system_clock).stock


async def _movements(uow: UnitOfWork) -> list[tuple[int, int]]:
    statement = select(StockMovement.variant_id, StockMovement.delta).order_by(StockMovement.id)
    return [(row.variant_id, row.delta) for row in await uow.rows(statement)]


async def test_a_count_writes_the_difference_and_nothing_where_there_is_none(
    uow: UnitOfWork, stock: StockService
) -> None:
    main = await make_location(uow)
    product = await make_product(uow)
    new, same, fewer = [await make_variant(uow, product, option_key=key) for key in "abc"]
    await make_level(uow, same, main, 7)
    await make_level(uow, fewer, main, 9)
    counts = [
        StockCount(fewer.id, None, 4),
        StockCount(same.id, main.id, 7),
        StockCount(new.id, None, 3),
    ]
    asked = (counts, MovementKind.IMPORT, "import", "file.csv", "system")
    assert await uow.transact(lambda: stock.count(*asked)) == [new.id, fewer.id]
    assert sorted((await _movements(uow))[2:]) == [(new.id, 3), (fewer.id, -5)]
    levels = await uow.rows(select(StockLevel.on_hand).order_by(StockLevel.variant_id))
    assert [row.on_hand for row in levels] == [3, 7, 4]
    assert await uow.transact(lambda: stock.count(*asked)) == []
    assert len(await _movements(uow)) == 4


async def test_the_default_location_is_made_when_a_count_needs_it(
    uow: UnitOfWork, stock: StockService
) -> None:
    variant = await make_variant(uow, await make_product(uow))
    asked = ([StockCount(variant.id, None, 3)], MovementKind.COUNT, "", "", "system")
    assert await uow.transact(lambda: stock.count(*asked)) == [variant.id]
    assert (await stock.ensure_default_location()).is_default is True


@pytest.mark.parametrize(
    ("counts", "problem", "path"),
    [
        ([StockCount(0, None, 1)], NotFound, ("counts", "0", "variant_id")),
        ([StockCount(1, 99, 1)], NotFound, ("counts", "0", "location_id")),
        ([StockCount(1, None, -1)], Invalid, ("counts", "0", "on_hand")),
        ([StockCount(1, None, 1), StockCount(1, None, 1)], Invalid, ("counts", "1")),
    ],
)
async def test_a_count_that_cannot_be_taken_changes_nothing(
    uow: UnitOfWork,
    stock: StockService,
    counts: list[StockCount],
    problem: type,
    path: tuple[str, ...],
) -> None:
    main = await make_location(uow)
    variant = await make_variant(uow, await make_product(uow))
    taken = [
        StockCount(
            variant.id if count.variant_id else 0,
            main.id + count.location_id if count.location_id else None,
            count.on_hand,
        )
        for count in counts
    ]
    answer = await stock.count(taken, MovementKind.COUNT, "", "", "system")
    assert isinstance(answer, problem)
    assert getattr(answer, "path", None) == path
    assert await _movements(uow) == []


async def test_counting_costs_the_same_number_of_statements_for_1_and_50(
    uow: UnitOfWork, stock: StockService, statements: list[str]
) -> None:
    await make_location(uow)
    product = await make_product(uow)
    variants = [await make_variant(uow, product, option_key=str(n)) for n in range(50)]
    for number in (1, 50):
        counts = [StockCount(variant.id, None, number) for variant in variants[:number]]
        asked = (counts, MovementKind.COUNT, "", "", "system")
        statements.clear()
        await uow.transact(partial(stock.count, *asked))
        # locations, variants, new levels, lock, update, movements, who waits, events
        assert len(statements) == 8
