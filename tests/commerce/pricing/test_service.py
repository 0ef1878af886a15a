from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound
from commerce.core.viewer import SYSTEM
from commerce.pricing.models import Price
from commerce.pricing.rules.prices import PriceEntry
from commerce.pricing.service import PriceService
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.pricing import make_price, make_price_list


@pytest.fixture
def prices(uow: UnitOfWork) -> PriceService:
    return Services(uow, SYSTEM, system_clock).prices


async def _stored(uow: UnitOfWork) -> list[Any]:
    rows = await uow.rows(select(Price.variant_id, Price.min_quantity, Price.amount))
    return sorted(tuple(row) for row in rows)


async def test_prices_are_added_changed_and_deleted_in_one_call(
    uow: UnitOfWork, prices: PriceService
) -> None:
    base = await make_price_list(uow, is_default=True)
    product = await make_product(uow, variants=1)
    one = await make_variant(uow, product, option_key="one")
    two = await make_variant(uow, product, option_key="two")
    await make_price(uow, base, one, "5")
    await make_price(uow, base, two, "6")
    rows = await prices.set_prices(
        [
            PriceEntry(two.id, None),
            PriceEntry(one.id, Decimal("4.50"), Decimal(5), Decimal(2)),
            PriceEntry(one.id, Decimal(4), min_quantity=10),
        ]
    )
    assert isinstance(rows, list)
    assert [(row.variant_id, row.min_quantity, row.amount) for row in rows] == [
        (one.id, 1, Decimal("4.5")),
        (one.id, 10, Decimal(4)),
    ]
    assert (rows[0].compare_at, rows[0].cost, rows[0].currency) == (5, 2, "EUR")
    assert await _stored(uow) == [(one.id, 1, Decimal("4.5")), (one.id, 10, Decimal(4))]


async def test_prices_that_are_the_same_already_are_not_touched(
    uow: UnitOfWork, prices: PriceService
) -> None:
    base = await make_price_list(uow, is_default=True)
    product = await make_product(uow)
    same, other = [await make_variant(uow, product, option_key=key) for key in "ab"]
    await prices.set_prices([PriceEntry(same.id, Decimal(5)), PriceEntry(other.id, Decimal(6))])
    places = text("SELECT variant_id, ctid::text FROM prices ORDER BY 1")
    before = [tuple(row) for row in await uow.rows(places)]
    await prices.set_prices(
        [PriceEntry(same.id, Decimal("5.00")), PriceEntry(other.id, Decimal(7))]
    )
    after = [tuple(row) for row in await uow.rows(places)]
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert base.id == (await uow.scalar(select(Price.price_list_id).limit(1)))


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (PriceEntry(0, Decimal(-1)), ("prices", "1", "price")),
        (PriceEntry(0, Decimal("1.001")), ("prices", "1", "price")),
        (PriceEntry(0, Decimal(1), Decimal("NaN")), ("prices", "1", "compare_at")),
        (PriceEntry(0, Decimal(1), None, Decimal("1e15")), ("prices", "1", "cost")),
        (PriceEntry(0, Decimal(1), min_quantity=0), ("prices", "1", "min_quantity")),
        (PriceEntry(0, Decimal(1)), ("prices", "1")),
    ],
)
async def test_one_bad_row_writes_nothing(
    uow: UnitOfWork, prices: PriceService, entry: PriceEntry, path: tuple[str, ...]
) -> None:
    await make_price_list(uow, is_default=True)
    variant = await make_variant(uow, await make_product(uow))
    bad = PriceEntry(variant.id, entry.amount, entry.compare_at, entry.cost, entry.min_quantity)
    problem = await prices.set_prices([PriceEntry(variant.id, Decimal(1)), bad])
    assert isinstance(problem, Invalid)
    assert problem.path == path
    assert await _stored(uow) == []


async def test_a_variant_that_is_not_there_or_archived_is_not_found(
    uow: UnitOfWork, prices: PriceService
) -> None:
    await make_price_list(uow, is_default=True)
    gone = await make_variant(uow, await make_product(uow), archived_at=system_clock())
    for id_ in (gone.id, gone.id + 1):
        problem = await prices.set_prices([PriceEntry(id_, Decimal(1))])
        assert problem == NotFound(
            "There is no variant with this id.", ("prices", "0", "variant_id")
        )


async def test_writing_costs_the_same_number_of_statements_for_1_and_50(
    uow: UnitOfWork, prices: PriceService, statements: list[str]
) -> None:
    await make_price_list(uow, is_default=True)
    product = await make_product(uow)
    variants = [await make_variant(uow, product, option_key=str(n)) for n in range(50)]
    for count in (1, 50):
        statements.clear()
        entries = [PriceEntry(variant.id, Decimal(count)) for variant in variants[:count]]
        assert isinstance(await prices.set_prices(entries), list)
        assert len(statements) == 4  # the list, the variants, the upsert, the rows as they are
