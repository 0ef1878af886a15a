from collections.abc import Sequence
from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.inventory.repository.availability import AvailabilityRepository
from commerce.inventory.rules.stock import in_stock
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location


@pytest.mark.parametrize("track_stock", [True, False])
@pytest.mark.parametrize("backorder", list(BackorderPolicy))
@pytest.mark.parametrize(
    "levels",
    [
        (),
        ((0, 0, True),),
        ((5, 0, True),),
        ((5, 5, True),),
        ((5, 0, False),),
        ((1, 3, True), (3, 0, True)),
        ((1, 3, True), (2, 0, True)),
        ((0, 0, True), (9, 0, False)),
    ],
)
async def test_sql_says_of_a_product_what_the_rule_says_of_its_variant(
    uow: UnitOfWork,
    track_stock: bool,
    backorder: BackorderPolicy,
    levels: Sequence[tuple[int, int, bool]],
) -> None:
    """`levels` are (on hand, reserved, whether the location is active)."""
    product = await make_product(uow)
    variant = await make_variant(uow, product, track_stock=track_stock, backorder=backorder)
    for number, (on_hand, reserved, active) in enumerate(levels):
        place = await make_location(uow, f"l{number}", is_default=False, active=active)
        await make_level(uow, variant, place, on_hand, reserved=reserved)
    repository = AvailabilityRepository(uow, system_clock)
    found = await repository.by_variants([variant.id])
    available = sum(on_hand - reserved for on_hand, reserved, active in levels if active)
    assert (found[variant.id].available if found else 0) == available
    expected = in_stock(track_stock=track_stock, backorder=backorder, available=available)
    assert await repository.by_products([product.id]) == {product.id: expected}


async def test_thresholds_add_up_over_active_locations(uow: UnitOfWork) -> None:
    variant = await make_variant(uow, await make_product(uow))
    for number, (threshold, active) in enumerate([(3, True), (None, True), (4, True), (9, False)]):
        place = await make_location(uow, f"l{number}", is_default=False, active=active)
        await make_level(uow, variant, place, 1, low_stock_threshold=threshold)
    row: Any = (await AvailabilityRepository(uow, system_clock).by_variants([variant.id]))[
        variant.id
    ]
    assert (row.available, row.threshold) == (3, 7)


async def test_a_product_is_in_stock_with_any_live_variant(uow: UnitOfWork) -> None:
    main = await make_location(uow)
    some, none, gone = [await make_product(uow, title) for title in ("some", "none", "gone")]
    await make_variant(uow, some, option_key="empty")
    await make_level(uow, await make_variant(uow, some, option_key="full"), main, 1)
    await make_variant(uow, none)
    archived = await make_variant(uow, gone, archived_at=system_clock())
    await make_level(uow, archived, main, 5)
    repository = AvailabilityRepository(uow, system_clock)
    found = await repository.by_products([some.id, none.id, gone.id])
    assert found == {some.id: True, none.id: False}


async def test_any_number_of_variants_costs_one_statement(
    uow: UnitOfWork, statements: list[str]
) -> None:
    main = await make_location(uow)
    product = await make_product(uow)
    variants = [await make_variant(uow, product, option_key=str(n)) for n in range(50)]
    for variant in variants:
        await make_level(uow, variant, main, 1)
    repository = AvailabilityRepository(uow, system_clock)
    for count in (1, 50):
        statements.clear()
        assert len(await repository.by_variants([one.id for one in variants[:count]])) == count
        assert len(statements) == 1
