from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import SYSTEM
from commerce.inventory.kinds import MovementKind
from commerce.inventory.models import StockLevel, StockMovement, StockReservation
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.rules.promises import Want
from commerce.inventory.rules.stock import Note, StockChange
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location

SOON = system_clock() + timedelta(days=1)  # later than the end of the suite
ORDER, LINE = 500, 9000


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return Services(uow, SYSTEM, system_clock)


async def _stocked(uow: UnitOfWork, *on_hand: int, **values: Any) -> int:
    """The id of a variant with so many units at each of as many locations."""
    variant = await make_variant(uow, await make_product(uow), **values)
    for place, units in enumerate(on_hand):
        location = await make_location(uow, f"l{place}", is_default=place == 0)
        await make_level(uow, variant, location, units)
    return int(variant.id)


async def _done(services: Services, work: Any) -> Any:
    return await services.uow.transact(work, keep=lambda answer: not isinstance(answer, Problem))


async def _allocate(
    services: Services, variant: int, quantity: int, order: int = ORDER, cart: int | None = None
) -> Any:
    wants = [Want(order + LINE, variant, quantity)]
    return await _done(services, lambda: services.allocations.allocate(order, wants, cart))


async def _levels(uow: UnitOfWork) -> list[tuple[int, int]]:
    columns = (col(StockLevel.on_hand), col(StockLevel.reserved))
    rows = await uow.rows(select(*columns).order_by(col(StockLevel.location_id)))
    return [tuple(row) for row in rows]


async def _rows(services: Services, order: int = ORDER) -> Sequence[Any]:
    found = await services.allocations.by_orders([order])
    return found.get(order, [])


async def _open(services: Services, order: int = ORDER) -> list[tuple[bool, int]]:
    """Whether they are there, and how many."""
    return [
        (row.location_id is not None, row.quantity - row.shipped - row.released)
        for row in await _rows(services, order)
    ]


async def _ship(services: Services, units: int, order: int = ORDER) -> Any:
    return await _done(
        services, lambda: services.allocations.ship(order, {order + LINE: units}, "F-1", "me")
    )


async def _take_back(services: Services, units: int, location: int | None = None) -> Any:
    work = services.allocations.take_back
    return await _done(services, lambda: work(ORDER, {ORDER + LINE: units}, location, "R-1", "me"))


async def _arrive(services: Services, variant: int, units: int) -> None:
    change = StockChange(variant, None, delta=units)
    await _done(services, lambda: services.stock.adjust([change], Note("", "", "me")))


async def test_allocated_units_are_reserved_and_nobody_elses(
    uow: UnitOfWork, services: Services
) -> None:
    variant = await _stocked(uow, 3)
    (given,) = await _allocate(services, variant, 2)
    assert (given.order_line_id, given.quantity, given.backordered) == (ORDER + LINE, 2, 0)
    assert await _levels(uow) == [(3, 2)]
    problem = await _allocate(services, variant, 2, order=501)
    assert isinstance(problem, InsufficientStock)
    assert problem.available == 1


async def test_what_a_cart_holds_becomes_its_orders_once(
    uow: UnitOfWork, services: Services
) -> None:
    variant = await _stocked(uow, 2)
    await _done(services, lambda: services.reservations.hold(1, {variant: 2}, SOON))
    assert isinstance(await _allocate(services, variant, 1, order=501), InsufficientStock)
    await _allocate(services, variant, 2, cart=1)
    assert await _levels(uow) == [(2, 2)]
    assert await uow.scalars(select(col(StockReservation.id))) == []


async def test_lines_of_one_variant_are_summed_first(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 3)
    wants = [Want(1, variant, 2), Want(2, variant, 2)]
    problem = await _done(services, lambda: services.allocations.allocate(ORDER, wants, None))
    assert isinstance(problem, InsufficientStock)
    wants = [Want(1, variant, 2), Want(2, variant, 1)]
    given = await _done(services, lambda: services.allocations.allocate(ORDER, wants, None))
    assert [(one.order_line_id, one.quantity) for one in given] == [(1, 2), (2, 1)]
    assert await _levels(uow) == [(3, 3)]


async def test_a_line_can_get_more(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 3)
    await _allocate(services, variant, 1)
    await _allocate(services, variant, 2)
    assert await _open(services) == [(True, 3)]
    assert await _levels(uow) == [(3, 3)]


async def test_released_units_are_available_again(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 3)
    await _allocate(services, variant, 3)
    await _done(services, lambda: services.allocations.release(ORDER, {ORDER + LINE: 1}))
    assert await _levels(uow) == [(3, 2)]
    for _ in range(2):
        await _done(services, lambda: services.allocations.release(ORDER))
        assert await _levels(uow) == [(3, 0)]
    assert await _open(services) == [(True, 0)]


async def test_shipped_units_leave_with_a_word_in_the_ledger(
    uow: UnitOfWork, services: Services
) -> None:
    variant = await _stocked(uow, 2, 3)
    await _allocate(services, variant, 5)
    assert await _ship(services, 3) is None
    assert await _levels(uow) == [(0, 0), (2, 2)]
    newest = select(col(StockMovement.delta), col(StockMovement.kind), col(StockMovement.reference))
    rows = await uow.rows(newest.order_by(col(StockMovement.id).desc()).limit(2))
    assert sorted((row.delta, row.kind, row.reference) for row in rows) == [
        (-2, MovementKind.SALE, "F-1"),
        (-1, MovementKind.SALE, "F-1"),
    ]
    await _done(services, lambda: services.allocations.release(ORDER))
    assert await _levels(uow) == [(0, 0), (2, 0)]


async def test_more_than_is_left_is_not_shipped(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 5)
    await _allocate(services, variant, 2)
    problem = await _ship(services, 3)
    assert isinstance(problem, Invalid)
    assert problem.path == ("units", str(ORDER + LINE))
    assert await _levels(uow) == [(5, 2)]


async def test_what_a_count_did_not_find_is_not_shipped(
    uow: UnitOfWork, services: Services
) -> None:
    variant = await _stocked(uow, 5)
    await _allocate(services, variant, 5)
    change = StockChange(variant, None, set_to=1)
    await _done(services, lambda: services.stock.adjust([change], Note("", "", "me")))
    problem = await _ship(services, 2)
    assert isinstance(problem, InsufficientStock)
    assert problem.available == 1


async def test_lines_whose_stock_is_not_counted_need_none(
    uow: UnitOfWork, services: Services
) -> None:
    variant = await _stocked(uow, 0, track_stock=False)
    assert await _allocate(services, variant, 7) == []
    assert await _ship(services, 7) is None
    assert await _take_back(services, 7) is None
    assert await _levels(uow) == [(0, 0)]


async def test_backordered_units_are_shipped_once_they_are_there(
    uow: UnitOfWork, services: Services
) -> None:
    variant = await _stocked(uow, 1, backorder=BackorderPolicy.ALLOW)
    given = await _allocate(services, variant, 3)
    assert [(one.quantity, one.backordered) for one in given] == [(1, 0), (2, 2)]
    problem = await _ship(services, 2)
    assert isinstance(problem, InsufficientStock)
    assert problem.available == 1
    await _arrive(services, variant, 1)
    assert await _open(services) == [(True, 2), (False, 1)]
    assert await _ship(services, 2) is None
    await _arrive(services, variant, 5)
    assert await _open(services) == [(True, 1)]
    assert await _levels(uow) == [(5, 1)]


async def test_the_oldest_order_gets_what_arrives(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 0, backorder=BackorderPolicy.ALLOW)
    for order in (502, 501):
        await _allocate(services, variant, 2, order=order)
    await _arrive(services, variant, 3)
    assert await _open(services, 501) == [(True, 2)]
    assert sorted(await _open(services, 502)) == [(False, 1), (True, 1)]


async def test_released_units_go_to_who_waits(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 2, backorder=BackorderPolicy.ALLOW)
    await _allocate(services, variant, 2, order=501)
    await _allocate(services, variant, 2, order=502)
    await _done(services, lambda: services.allocations.release(501))
    assert await _open(services, 502) == [(True, 2)]
    assert await _levels(uow) == [(2, 2)]


async def test_what_freed_itself_is_found_when_it_is_shipped(
    uow: UnitOfWork, services: Services
) -> None:
    """A cart's hold ends without a word to anybody."""
    variant = await _stocked(uow, 1, backorder=BackorderPolicy.ALLOW)
    await _done(services, lambda: services.reservations.hold(1, {variant: 1}, SOON))
    await _allocate(services, variant, 1)
    assert isinstance(await _ship(services, 1), InsufficientStock)
    await _done(services, lambda: services.reservations.drop(1))
    assert await _ship(services, 1) is None
    assert await _levels(uow) == [(0, 0)]


async def test_taken_back_units_are_in_the_stock_again(uow: UnitOfWork, services: Services) -> None:
    variant = await _stocked(uow, 3, 0)
    await _allocate(services, variant, 3)
    await _ship(services, 3)
    assert await _take_back(services, 1) is None
    assert await _levels(uow) == [(1, 0), (0, 0)]
    shop = await make_location(uow, "shop", is_default=False)
    assert await _take_back(services, 1, shop.id) is None
    assert await _levels(uow) == [(1, 0), (0, 0), (1, 0)]
    assert isinstance(await _take_back(services, 2), Invalid)
    assert isinstance(await _take_back(services, 1, 12345), NotFound)


async def test_any_number_of_lines_costs_the_same_statements(
    uow: UnitOfWork, services: Services, statements: list[str]
) -> None:
    main, product = await make_location(uow), await make_product(uow)
    variants = [await make_variant(uow, product, option_key=str(n)) for n in range(20)]
    for variant in variants:
        await make_level(uow, variant, main, 5)
    allocations = services.allocations
    for order, count in ((1, 1), (2, 20)):
        wants = [Want(order * 100 + n, one.id, 2) for n, one in enumerate(variants[:count])]
        units = {want.order_line_id: 1 for want in wants}
        works = [
            lambda order=order, wants=wants: allocations.allocate(order, wants, 1),
            lambda order=order, units=units: allocations.ship(order, units, "", "me"),
            lambda order=order, units=units: allocations.take_back(order, units, None, "", "me"),
            lambda order=order: allocations.release(order),
        ]
        costs = []
        for work in works:
            statements.clear()
            await _done(services, work)
            costs.append(len(statements))
        assert costs == [7, 8, 8, 7]  # events included
