from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.inventory.models import StockReservation
from commerce.inventory.problems import InsufficientStock
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location

NOW = system_clock()
SOON = NOW + timedelta(minutes=15)


class Now:
    """A clock that can be moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def services(uow: UnitOfWork, clock: Now) -> Services:
    return Services(uow, SYSTEM, clock)


async def _stocked(uow: UnitOfWork, *on_hand: int, **values: Any) -> list[int]:
    """The ids of variants with so many units at the default location."""
    main = await make_location(uow)
    product = await make_product(uow)
    made = [
        await make_variant(uow, product, option_key=str(place), **values)
        for place in range(len(on_hand))
    ]
    for variant, units in zip(made, on_hand, strict=True):
        await make_level(uow, variant, main, units)
    return [variant.id for variant in made]


async def _hold(services: Services, cart: int, wants: dict[int, int], until: Any = SOON) -> Any:
    return await services.uow.transact(lambda: services.reservations.hold(cart, wants, until))


async def _held(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = [
        col(getattr(StockReservation, name))
        for name in ("cart_id", "variant_id", "location_id", "quantity")
    ]
    rows = await uow.rows(select(*columns).order_by(*columns))
    return [tuple(row) for row in rows]


async def test_what_one_cart_holds_another_cannot(uow: UnitOfWork, services: Services) -> None:
    (variant,) = await _stocked(uow, 3)
    assert await _hold(services, 1, {variant: 2}) == {variant: 0}
    problem = await _hold(services, 2, {variant: 2})
    assert (type(problem), problem.available, problem.variant_id) == (InsufficientStock, 1, variant)
    assert await _hold(services, 2, {variant: 1}) == {variant: 0}


async def test_holding_again_replaces_what_was_held(uow: UnitOfWork, services: Services) -> None:
    one, other = await _stocked(uow, 3, 3)
    await _hold(services, 1, {one: 3})
    assert await _hold(services, 1, {one: 2, other: 3}) == {one: 0, other: 0}
    assert [(row[1], row[3]) for row in await _held(uow)] == [(one, 2), (other, 3)]
    assert await _hold(services, 1, {}) == {}
    assert await _held(uow) == []


async def test_holds_that_are_over_hold_nothing(
    uow: UnitOfWork, services: Services, clock: Now
) -> None:
    (variant,) = await _stocked(uow, 1)
    await _hold(services, 1, {variant: 1})
    clock.at = SOON
    assert await _hold(services, 2, {variant: 1}, SOON + timedelta(minutes=1)) == {variant: 0}


async def _extend(services: Services, cart: int, until: datetime) -> Any:
    return await services.uow.transact(lambda: services.reservations.extend(cart, until))


async def test_extending_twice_is_extending_once(uow: UnitOfWork, services: Services) -> None:
    (variant,) = await _stocked(uow, 1)
    await _hold(services, 1, {variant: 1})
    later = SOON + timedelta(minutes=15)
    for _ in range(2):
        assert await _extend(services, 1, later) is None
        assert len(await _held(uow)) == 1
        assert await uow.scalar(select(func.max(col(StockReservation.expires_at)))) == later


async def test_a_hold_that_is_over_is_extended_unless_the_units_are_gone(
    uow: UnitOfWork, services: Services, clock: Now
) -> None:
    (variant,) = await _stocked(uow, 1)
    await _hold(services, 1, {variant: 1})
    clock.at = SOON + timedelta(minutes=1)
    later = clock.at + timedelta(minutes=15)
    assert await _extend(services, 1, later) is None
    clock.at = later
    await _hold(services, 2, {variant: 1}, later + timedelta(minutes=1))
    assert isinstance(await _extend(services, 1, later + timedelta(minutes=5)), InsufficientStock)


async def test_backordered_units_are_told_and_are_at_no_location(
    uow: UnitOfWork, services: Services
) -> None:
    (variant,) = await _stocked(uow, 1, backorder=BackorderPolicy.ALLOW)
    assert await _hold(services, 1, {variant: 3}) == {variant: 2}
    assert sorted(row[3] for row in await _held(uow) if row[2] is None) == [2]
    assert await _hold(services, 2, {variant: 1}) == {variant: 1}


async def test_what_is_not_counted_needs_no_hold(uow: UnitOfWork, services: Services) -> None:
    (variant,) = await _stocked(uow, 0, track_stock=False)
    assert await _hold(services, 1, {variant: 9}) == {variant: 0}
    assert await _held(uow) == []


@pytest.mark.parametrize("values", [{"archived_at": NOW}, None])
async def test_what_is_not_sold_cannot_be_held(
    uow: UnitOfWork, services: Services, values: Any
) -> None:
    ids = await _stocked(uow, 5, **values) if values else [12345]
    assert isinstance(await _hold(services, 1, {ids[0]: 1}), InsufficientStock)


async def test_dropped_holds_are_free(uow: UnitOfWork, services: Services) -> None:
    (variant,) = await _stocked(uow, 1)
    await _hold(services, 1, {variant: 1})
    await uow.transact(lambda: services.reservations.drop(1))
    assert await _hold(services, 2, {variant: 1}) == {variant: 0}


async def test_what_has_long_been_over_is_forgotten(
    uow: UnitOfWork, services: Services, clock: Now
) -> None:
    (variant,) = await _stocked(uow, 2)
    await _hold(services, 1, {variant: 1})
    await _hold(services, 2, {variant: 1}, SOON + timedelta(days=2))
    clock.at = SOON + timedelta(days=1)
    assert await services.reservations.forget_expired() == 1
    assert [row[0] for row in await _held(uow)] == [2]


async def test_any_number_of_variants_costs_the_same_statements(
    uow: UnitOfWork, services: Services, statements: list[str]
) -> None:
    variants = await _stocked(uow, *[1] * 20)
    for count in (1, 20):
        statements.clear()
        await _hold(services, 1, dict.fromkeys(variants[:count], 1))
        assert len(statements) == 5
