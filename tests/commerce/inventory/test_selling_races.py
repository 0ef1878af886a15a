"""Carts and orders that want the same units; each test has a twin without the guard."""

import asyncio
import os
import random
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork, among, units_on
from commerce.core.pool import Database
from commerce.core.problems import Invalid
from commerce.inventory.models import StockAllocation, StockLevel, StockReservation
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.repository import allocations as allocation_sql
from commerce.inventory.repository.allocations import AllocationRepository
from commerce.inventory.repository.levels import LevelRepository, _placed
from commerce.inventory.rules.promises import Want, free_at, promised
from commerce.inventory.rules.stock import Note, StockChange
from commerce.inventory.service.picking import PickingService
from commerce.inventory.service.reservations import ReservationService
from commerce.wiring import Services
from tests.support.invariants import assert_invariants
from tests.support.inventory import make_level, make_location, stocked
from tests.support.races import Meeting
from tests.support.services import side_by_side, transacted

Patch = pytest.MonkeyPatch
BUYERS = 50
CARTS = int(os.environ.get("COMMERCE_TEST_CARTS", "30"))  # noqa: TID251  # the suite's own switch
LOCK_ALL = LevelRepository.all_locked


def _soon() -> Any:
    return system_clock() + timedelta(minutes=15)


def _kinds(answers: Sequence[Any]) -> dict[type, int]:
    kinds = [dict if isinstance(answer, Mapping) else type(answer) for answer in answers]
    return {kind: kinds.count(kind) for kind in set(kinds)}


async def _hold(cart: int, wants: Mapping[int, int], services: Services) -> Any:
    return await services.reservations.hold(cart, wants, _soon())


async def _allocate(order: int, variant: int, services: Services) -> Any:
    given = await services.allocations.allocate(order, [Want(order, variant, 1)], None)
    return given if isinstance(given, InsufficientStock) else {"allocated": len(given)}


async def _read(uow: UnitOfWork, variant_ids: Collection[int]) -> Any:
    """Levels as `all_locked` tells them, without a lock."""
    return await uow.rows(_placed().where(among(col(StockLevel.variant_id), variant_ids)))


def _pick_without_lock(patch: Patch, meeting: Meeting) -> None:
    async def pick(self: PickingService, wants: Any, cart_id: int | None) -> Any:
        variants = await self._levels.selling(wants)
        levels = await _read(self._levels._uow, wants)
        held = await self._reservations.held(wants, self._clock(), cart_id)
        await meeting.arrive()
        return promised(wants, variants, free_at(levels, held))

    patch.setattr(PickingService, "pick", pick)


async def _hold_the_last_unit(shop: Database, buyers: int) -> dict[type, int]:
    (variant,) = await stocked(shop)
    works = [partial(_hold, cart, {variant: 1}) for cart in range(buyers)]
    return _kinds(await side_by_side(shop, works))


async def test_of_fifty_carts_one_holds_the_last_unit(shop: Database) -> None:
    assert await _hold_the_last_unit(shop, BUYERS) == {dict: 1, InsufficientStock: BUYERS - 1}
    await assert_invariants(shop)


async def test_without_the_lock_several_hold_it(shop: Database, monkeypatch: Patch) -> None:
    _pick_without_lock(monkeypatch, Meeting())
    assert (await _hold_the_last_unit(shop, 4))[dict] > 1


async def _fill_carts(shop: Database, carts: int) -> int:
    """Carts of five of twelve variants, in any order; answers how many tries that took."""
    variants = await stocked(shop, variants=12, on_hand=carts)
    chance, tries = random.Random(7), 0

    async def hold(cart: int, wants: Mapping[int, int], services: Services) -> Any:
        nonlocal tries
        tries += 1
        return await _hold(cart, wants, services)

    works = [
        partial(hold, cart, dict.fromkeys(chance.sample(variants, 5), 1)) for cart in range(carts)
    ]
    assert _kinds(await side_by_side(shop, works)).keys() <= {dict}
    await assert_invariants(shop)
    return tries


async def test_carts_with_lines_in_any_order_do_not_deadlock(shop: Database) -> None:
    assert await _fill_carts(shop, CARTS) == CARTS


async def test_locked_in_any_order_they_deadlock(shop: Database, monkeypatch: Patch) -> None:
    meeting, direction, tries = Meeting(), cycle((1, -1)), 0

    async def as_named(self: LevelRepository, variant_ids: Collection[int]) -> Any:
        found: list[Any] = []
        for id_ in list(variant_ids)[:: next(direction)]:
            found += await LOCK_ALL(self, [id_])
            await meeting.arrive()
        return found

    monkeypatch.setattr(LevelRepository, "all_locked", as_named)
    variants = await stocked(shop, variants=2, on_hand=9)

    async def hold(cart: int, services: Services) -> Any:
        nonlocal tries
        tries += 1
        return await _hold(cart, dict.fromkeys(variants, 1), services)

    await side_by_side(shop, [partial(hold, cart) for cart in (1, 2)])
    assert tries > 2


async def _extend_while_another_takes(shop: Database) -> tuple[dict[type, int], int]:
    """A cart's hold is over; it is extended while another cart wants the unit. Live holds?"""
    (variant,) = await stocked(shop)
    over = system_clock() - timedelta(seconds=1)
    await transacted(shop, lambda services: services.reservations.hold(1, {variant: 1}, over))

    async def extend(services: Services) -> Any:
        return await services.reservations.extend(1, _soon()) or {}

    works = [extend, partial(_hold, 2, {variant: 1})]
    answers = await side_by_side(shop, works)
    live = col(StockReservation.expires_at) > system_clock()
    async with units_on(shop)() as uow:
        held = await uow.scalar(select(func.sum(col(StockReservation.quantity))).where(live))
    return _kinds(answers), held


async def test_a_hold_that_is_over_is_extended_or_taken(shop: Database) -> None:
    assert await _extend_while_another_takes(shop) == ({dict: 1, InsufficientStock: 1}, 1)
    await assert_invariants(shop)


async def test_extended_without_a_look_at_the_stock_both_hold_the_unit(
    shop: Database, monkeypatch: Patch
) -> None:
    async def extend(self: ReservationService, cart_id: int, until: Any) -> None:
        await asyncio.sleep(0.3)
        mine = col(StockReservation.cart_id) == cart_id
        await self._reservations._uow.change(
            update(StockReservation).where(mine).values(expires_at=until)
        )

    monkeypatch.setattr(ReservationService, "extend", extend)
    assert await _extend_while_another_takes(shop) == ({dict: 2}, 2)


async def _order_and_hold(shop: Database) -> dict[type, int]:
    """Orders and carts want the last unit at once."""
    (variant,) = await stocked(shop)
    works = [partial(_hold, cart, {variant: 1}) for cart in range(10)]
    works += [partial(_allocate, order, variant) for order in range(10, 20)]
    return _kinds(await side_by_side(shop, works))


async def test_a_unit_goes_to_an_order_or_to_a_cart(shop: Database) -> None:
    assert await _order_and_hold(shop) == {dict: 1, InsufficientStock: 19}
    await assert_invariants(shop)


async def test_asked_before_the_lock_what_carts_hold_is_old(
    shop: Database, monkeypatch: Patch
) -> None:
    meeting = Meeting()

    async def pick(self: PickingService, wants: Any, cart_id: int | None) -> Any:
        variants = await self._levels.selling(wants)
        held = await self._reservations.held(wants, self._clock(), cart_id)
        await meeting.arrive()
        return promised(wants, variants, free_at(await self._levels.all_locked(wants), held))

    monkeypatch.setattr(PickingService, "pick", pick)
    (variant,) = await stocked(shop)
    works = [partial(_hold, cart, {variant: 1}) for cart in (1, 2)]
    assert _kinds(await side_by_side(shop, works)) == {dict: 2}


async def _extend_ten_times(shop: Database) -> tuple[dict[type, int], int]:
    """A cart is extended from many sides at once; answers what came of it and the units held."""
    (variant,) = await stocked(shop)
    until = _soon()
    await transacted(shop, lambda services: services.reservations.hold(1, {variant: 1}, until))

    async def extend(services: Services) -> Any:
        return await services.reservations.extend(1, until) or {}

    kinds = _kinds(await side_by_side(shop, [extend] * 10))
    async with units_on(shop)() as uow:
        return kinds, await uow.scalar(select(func.sum(col(StockReservation.quantity))))


async def test_extending_many_times_at_once_is_extending_once(shop: Database) -> None:
    assert await _extend_ten_times(shop) == ({dict: 10}, 1)
    await assert_invariants(shop)


async def test_without_the_lock_extending_at_once_fails(shop: Database, monkeypatch: Patch) -> None:
    _pick_without_lock(monkeypatch, Meeting(parties=3))  # one of them is the hold itself
    kinds, _ = await _extend_ten_times(shop)
    assert IntegrityError in kinds


async def _arrive_at_two_places(shop: Database) -> int:
    """One unit is waited for, and one arrives at each of two locations; how many are promised?"""
    (variant,) = await stocked(shop, on_hand=0, backorder=BackorderPolicy.ALLOW)
    async with units_on(shop)() as uow:
        place = await make_location(uow, "shop", is_default=False)
        await make_level(uow, type("Variant", (), {"id": variant}), place)
    await transacted(shop, partial(_allocate, 1, variant))

    async def arrive(location: int | None, services: Services) -> Any:
        change = StockChange(variant, location, delta=1)
        return await services.stock.adjust([change], Note("", "", "me"))

    await side_by_side(shop, [partial(arrive, location) for location in (None, place.id)])
    async with units_on(shop)() as uow:
        return int(await uow.scalar(select(func.sum(col(StockAllocation.quantity)))))


async def test_what_arrives_at_two_places_fills_a_backorder_once(shop: Database) -> None:
    assert await _arrive_at_two_places(shop) == 1
    await assert_invariants(shop)


async def test_without_the_lock_a_backorder_is_filled_twice(
    shop: Database, monkeypatch: Patch
) -> None:
    meeting = Meeting()

    async def unlocked(self: AllocationRepository, variant_ids: Collection[int]) -> Any:
        nowhere = col(StockAllocation.location_id).is_(None)
        found = await self._uow.rows(select(*allocation_sql.COLUMNS).where(nowhere))
        await meeting.arrive()
        return found

    monkeypatch.setattr(AllocationRepository, "locked_waiting", unlocked)
    assert await _arrive_at_two_places(shop) == 2


async def _ship_twice(shop: Database) -> dict[type, int]:
    (variant,) = await stocked(shop)
    await transacted(shop, partial(_allocate, 1, variant))

    async def ship(services: Services) -> Any:
        return await services.allocations.ship(1, {1: 1}, "F-1", "me")

    return _kinds(await side_by_side(shop, [ship] * 4))


async def test_a_unit_is_shipped_once(shop: Database) -> None:
    assert await _ship_twice(shop) == {type(None): 1, Invalid: 3}
    await assert_invariants(shop)


async def test_without_the_locks_shipping_again_fails_at_the_last_moment(
    shop: Database, monkeypatch: Patch
) -> None:
    meeting = Meeting()

    async def unlocked(self: AllocationRepository, order_id: int) -> Any:
        found = (await self.by_orders([order_id]))[order_id]
        await meeting.arrive()
        return found

    async def levels(self: LevelRepository, variant_ids: Collection[int]) -> Any:
        return await _read(self._uow, variant_ids)

    monkeypatch.setattr(LevelRepository, "all_locked", levels)
    monkeypatch.setattr(AllocationRepository, "locked_of", unlocked)
    assert IntegrityError in await _ship_twice(shop)
