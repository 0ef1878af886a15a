"""Stock changed from many sides; each test has a twin that shows what happens without the guard."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.problems import IdempotencyConflict
from commerce.core.references import Claimed
from commerce.inventory.models import StockLevel, StockLocation, StockMovement
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.repository.levels import LevelRepository
from commerce.inventory.repository.locations import COLUMNS, LocationRepository
from commerce.inventory.repository.movements import MovementRepository
from commerce.inventory.rules.stock import Note, Slot, StockChange
from commerce.inventory.service.stock import Adjustment
from commerce.wiring import Services
from tests.support.inventory import make_location, stocked
from tests.support.races import Meeting
from tests.support.services import side_by_side

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
BUYERS = 50


async def _sums(shop: Database) -> tuple[int, int]:
    """What all levels say, and what the ledger says."""
    async with units_on(shop)() as uow:
        levels = await uow.scalar(select(func.sum(col(StockLevel.on_hand))))
        return levels, await uow.scalar(select(func.sum(col(StockMovement.delta))))


def _kinds(answers: Sequence[Any]) -> dict[type, int]:
    kinds = [type(answer) for answer in answers]
    return {kind: kinds.count(kind) for kind in set(kinds)}


async def _buy_ten_units(shop: Database) -> dict[type, int]:
    """Fifty buyers want one of ten units; answers how many got what."""
    (variant,) = await stocked(shop, variants=1, on_hand=10)

    async def buy(services: Services) -> Any:
        change = StockChange(variant, None, delta=-1)
        return await services.stock.adjust([change], Note("sale", "", "me"))

    return _kinds(await side_by_side(shop, [buy] * BUYERS))


async def test_of_fifty_buyers_ten_get_the_ten_units(shop: Database) -> None:
    assert await _buy_ten_units(shop) == {Adjustment: 10, InsufficientStock: 40}
    assert await _sums(shop) == (0, 0)


def _without_locks(patch: Patch) -> None:
    async def read(self: LevelRepository, slots: Sequence[Slot]) -> Any:
        found = await self.by_slots(slots)
        await asyncio.sleep(0.05)
        return found

    patch.setattr(LevelRepository, "locked", read)


async def test_without_the_lock_buyers_are_promised_what_is_not_there(
    shop: Database, monkeypatch: Patch
) -> None:
    """The table's own check stops them at the last moment, with an error instead of an answer."""
    _without_locks(monkeypatch)
    assert IntegrityError in await _buy_ten_units(shop)
    assert await _sums(shop) == (0, 0)


async def _count_at_once(shop: Database) -> tuple[int, int]:
    """Ten people count seven units where five were known."""
    (variant,) = await stocked(shop, variants=1, on_hand=5)

    async def count(services: Services) -> Any:
        change = StockChange(variant, None, set_to=7)
        return await services.stock.adjust([change], Note("count", "", "me"))

    await side_by_side(shop, [count] * 10)
    return await _sums(shop)


async def test_counts_at_once_agree(shop: Database) -> None:
    assert await _count_at_once(shop) == (7, 7)


async def test_without_the_lock_counts_add_up(shop: Database, monkeypatch: Patch) -> None:
    _without_locks(monkeypatch)
    on_hand, _ = await _count_at_once(shop)
    assert on_hand > 7


async def _cross(shop: Database, *, new: bool, pairs: int) -> int:
    """Pairs adjust the same levels forwards and backwards; answers how many tries that took."""
    variants = await stocked(shop, variants=6, on_hand=0)
    async with units_on(shop)() as uow:
        places = [await make_location(uow, code, is_default=False) for code in ("b", "c")]
    location = places[0].id if new else None
    tries = 0

    async def move(changes: list[StockChange], services: Services) -> Any:
        nonlocal tries
        tries += 1
        return await services.stock.adjust(changes, Note("", "", "me"))

    changes = [StockChange(id_, location, delta=1) for id_ in variants]
    works = [partial(move, changes), partial(move, changes[::-1])] * pairs
    assert _kinds(await side_by_side(shop, works)) == {Adjustment: 2 * pairs}
    assert await _sums(shop) == (12 * pairs, 12 * pairs)
    return tries


@pytest.mark.parametrize("new", [False, True])
async def test_adjustments_in_opposite_order_do_not_deadlock(shop: Database, new: bool) -> None:
    """Neither over levels that are there, nor over those that both are about to make."""
    assert await _cross(shop, new=new, pairs=4) == 8


@pytest.mark.parametrize("new", [False, True])
async def test_locked_one_by_one_as_named_they_deadlock(
    shop: Database, monkeypatch: Patch, new: bool
) -> None:
    """Both hold their first when they ask for their second; who tries again meets nobody."""
    lock_all, meeting = LevelRepository.locked, Meeting(patience=10)

    async def as_named(self: LevelRepository, slots: Sequence[Slot]) -> Any:
        found: dict[Slot, Any] = {}
        for slot in slots:
            found |= await lock_all(self, [slot])
            await meeting.arrive()
        return found

    monkeypatch.setattr(LevelRepository, "locked", as_named)
    assert await _cross(shop, new=new, pairs=1) > 2


async def _send_ten_times(shop: Database) -> tuple[list[Any], tuple[int, int]]:
    """One request, sent ten times at once under one reference."""
    (variant,) = await stocked(shop, variants=1, on_hand=5)

    async def send(services: Services) -> Any:
        change = StockChange(variant, None, delta=1)
        return await services.stock.adjust([change], Note("", "delivery-7", "me"))

    return await side_by_side(shop, [send] * 10), await _sums(shop)


async def test_a_request_sent_many_times_at_once_is_done_once(shop: Database) -> None:
    answers, sums = await _send_ten_times(shop)
    assert {tuple(movement.id for movement in one.movements) for one in answers} == {(2,)}
    assert {one.levels[0].on_hand for one in answers} == {6}
    assert sums == (6, 6)


async def _not_claimed(*_ignored: Any) -> Claimed:
    return Claimed(cast(Any, None), True)


async def test_without_claiming_the_reference_it_is_done_each_time(
    shop: Database, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(MovementRepository, "claim", _not_claimed)
    _, sums = await _send_ten_times(shop)
    assert sums == (15, 15)


async def _use_a_reference_twice(shop: Database) -> dict[type, int]:
    variants = await stocked(shop, variants=2, on_hand=5)

    async def send(id_: int, services: Services) -> Any:
        change = StockChange(id_, None, delta=-1)
        return await services.stock.adjust([change], Note("", "order-7", "me"))

    return _kinds(await side_by_side(shop, [partial(send, id_) for id_ in variants]))


async def test_of_two_uses_of_a_reference_at_once_one_is_refused(shop: Database) -> None:
    assert await _use_a_reference_twice(shop) == {Adjustment: 1, IdempotencyConflict: 1}
    assert await _sums(shop) == (9, 9)


async def test_without_claiming_it_both_uses_are_done(shop: Database, monkeypatch: Patch) -> None:
    monkeypatch.setattr(MovementRepository, "claim", _not_claimed)
    assert await _use_a_reference_twice(shop) == {Adjustment: 2}
    assert await _sums(shop) == (8, 8)


async def _ensure_eight_times(shop: Database, patch: Patch) -> list[Any]:
    """All eight have found no default location before the first one adds it."""
    all_looked = asyncio.Barrier(8)
    find = LocationRepository.default

    async def together(self: LocationRepository) -> Any:
        found = await find(self)
        if found is None:
            await all_looked.wait()
        return found

    async def ensure(services: Services) -> Any:
        return await services.stock.ensure_default_location()

    patch.setattr(LocationRepository, "default", together)
    return await side_by_side(shop, [ensure] * 8)


async def test_one_of_many_starting_at_once_makes_the_default_location(
    shop: Database, monkeypatch: Patch
) -> None:
    answers = await _ensure_eight_times(shop, monkeypatch)
    assert {(answer.id, answer.is_default) for answer in answers} == {(1, True)}


async def test_without_the_database_deciding_the_others_fail(
    shop: Database, monkeypatch: Patch
) -> None:
    async def add(self: LocationRepository, values: dict[str, Any]) -> Any:
        return await self._uow.row(insert(StockLocation).values(**values).returning(*COLUMNS))

    monkeypatch.setattr(LocationRepository, "add", add)
    answers = await _ensure_eight_times(shop, monkeypatch)
    assert [isinstance(answer, IntegrityError) for answer in answers].count(True) == 7


async def _make_both_default(shop: Database, patch: Patch) -> list[Any]:
    unset = LocationRepository.unset_default

    async def slowly(self: LocationRepository) -> None:
        await unset(self)
        await asyncio.sleep(0.05)

    patch.setattr(LocationRepository, "unset_default", slowly)
    async with units_on(shop)() as uow:
        await make_location(uow, "old")
        ids = [(await make_location(uow, code, is_default=False)).id for code in ("one", "two")]

    async def make_default(id_: int, services: Services) -> Any:
        return await services.locations.upsert(id_, {"is_default": True})

    return await side_by_side(shop, [partial(make_default, id_) for id_ in ids])


async def test_two_who_change_the_default_location_take_turns(
    shop: Database, monkeypatch: Patch
) -> None:
    answers = await _make_both_default(shop, monkeypatch)
    assert [answer.is_default for answer in answers] == [True, True]


async def _not_locked(*_ignored: Any) -> None:
    return None


async def test_without_the_lock_the_second_of_them_fails(
    shop: Database, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(LocationRepository, "lock_default", _not_locked)
    answers = await _make_both_default(shop, monkeypatch)
    assert [isinstance(answer, IntegrityError) for answer in answers].count(True) == 1
