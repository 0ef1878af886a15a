from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import IdempotencyConflict, Invalid, NotFound, Problem
from commerce.core.viewer import SYSTEM
from commerce.inventory.kinds import MovementKind
from commerce.inventory.models import StockLevel, StockMovement, StockReference
from commerce.inventory.problems import InsufficientStock, QuantityChanged
from commerce.inventory.rules.stock import Note, StockChange
from commerce.inventory.service.stock import Adjustment, StockService
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location

NOTE = Note("spoiled", "", "api_key:1")


@pytest.fixture
def stock(uow: UnitOfWork) -> StockService:
    return Services(uow, SYSTEM, system_clock).stock


async def _variants(uow: UnitOfWork, count: int) -> list[Any]:
    product = await make_product(uow)
    return [await make_variant(uow, product, option_key=str(n)) for n in range(count)]


async def _ledger(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    columns = (col(StockMovement.variant_id), col(StockMovement.delta), col(StockMovement.kind))
    rows = await uow.rows(select(*columns).order_by(col(StockMovement.id)))
    return [tuple(row) for row in rows]


async def _on_hand(uow: UnitOfWork) -> list[int]:
    order = (col(StockLevel.variant_id), col(StockLevel.location_id))
    return list(await uow.scalars(select(col(StockLevel.on_hand)).order_by(*order)))


async def _adjusted(
    uow: UnitOfWork, stock: StockService, changes: list[StockChange], note: Note = NOTE
) -> Any:
    """In a transaction that is rolled back on a problem, as a mutation does it."""
    return await uow.transact(
        lambda: stock.adjust(changes, note), keep=lambda answer: not isinstance(answer, Problem)
    )


async def test_deltas_and_counts_are_done_together_and_written_down(
    uow: UnitOfWork, stock: StockService
) -> None:
    main = await make_location(uow)
    shop = await make_location(uow, "shop", is_default=False)
    sold, counted, new = await _variants(uow, 3)
    await make_level(uow, sold, main, 5)
    await make_level(uow, counted, shop, 9)
    done = await _adjusted(
        uow,
        stock,
        [
            StockChange(new.id, None, delta=4),
            StockChange(sold.id, main.id, delta=-5, change_from=5),
            StockChange(counted.id, shop.id, set_to=2),
            StockChange(counted.id, main.id, set_to=0),
        ],
    )
    assert isinstance(done, Adjustment)
    assert [(row.variant_id, row.location_id, row.on_hand) for row in done.levels] == [
        (new.id, main.id, 4),
        (sold.id, main.id, 0),
        (counted.id, shop.id, 2),
        (counted.id, main.id, 0),
    ]
    assert sorted((row.variant_id, row.delta, row.kind) for row in done.movements) == [
        (sold.id, -5, MovementKind.ADJUSTMENT),
        (counted.id, -7, MovementKind.COUNT),
        (new.id, 4, MovementKind.ADJUSTMENT),
    ]
    assert {(row.reason, row.actor) for row in done.movements} == {("spoiled", "api_key:1")}
    assert len(await _ledger(uow)) == 5


@pytest.mark.parametrize(
    ("change", "problem", "path"),
    [
        ({"delta": -4}, InsufficientStock, ("changes", "1", "change", "delta")),
        ({"delta": 1, "change_from": 4}, QuantityChanged, ("changes", "1", "change_from_quantity")),
        ({"delta": 0}, Invalid, ("changes", "1", "change", "delta")),
    ],
)
async def test_one_change_that_fails_keeps_all_from_being_done(
    uow: UnitOfWork,
    stock: StockService,
    change: dict[str, Any],
    problem: type,
    path: tuple[str, ...],
) -> None:
    main = await make_location(uow)
    one, two = await _variants(uow, 2)
    await make_level(uow, one, main, 3)
    await make_level(uow, two, main, 3)
    before = await _ledger(uow)
    changes = [StockChange(one.id, None, delta=1), StockChange(two.id, None, **change)]
    answer = await _adjusted(uow, stock, changes, Note("", "ref", "me"))
    assert type(answer) is problem
    assert answer.path == path
    assert await _on_hand(uow) == [3, 3]
    assert await _ledger(uow) == before
    assert await uow.scalar(select(func.count()).select_from(StockReference)) == 0


async def test_reserved_units_are_not_taken_but_may_be_counted_away(
    uow: UnitOfWork, stock: StockService
) -> None:
    main = await make_location(uow)
    (variant,) = await _variants(uow, 1)
    await make_level(uow, variant, main, 5, reserved=4)
    refused = await _adjusted(uow, stock, [StockChange(variant.id, None, delta=-2)])
    assert refused == InsufficientStock(
        "Only 1 are available.", ("changes", "0", "change", "delta"), 1
    )
    done = await _adjusted(uow, stock, [StockChange(variant.id, None, set_to=2)])
    assert [(row.on_hand, row.reserved) for row in done.levels] == [(2, 4)]


@pytest.mark.parametrize(
    ("changes", "problem", "path"),
    [
        ([(9, None)], NotFound, ("changes", "0", "variant_id")),
        ([(0, 9)], NotFound, ("changes", "0", "location_id")),
        ([(0, None), (0, None)], Invalid, ("changes", "1")),
        ([(0, None), (0, 0)], Invalid, ("changes", "1")),
        ([(1, None)], NotFound, ("changes", "0", "variant_id")),
    ],
)
async def test_what_is_not_there_or_named_twice_is_refused(
    uow: UnitOfWork,
    stock: StockService,
    changes: list[tuple[int, int | None]],
    problem: type,
    path: tuple[str, ...],
) -> None:
    """Numbers count from the first variant and location; variant 1 is archived."""
    main = await make_location(uow)
    product = await make_product(uow)
    first = await make_variant(uow, product)
    await make_variant(uow, product, option_key="gone", archived_at=system_clock())
    given = [
        StockChange(first.id + variant, None if place is None else main.id + place, delta=1)
        for variant, place in changes
    ]
    answer = await _adjusted(uow, stock, given)
    assert type(answer) is problem
    assert answer.path == path
    assert await _ledger(uow) == []


async def test_the_same_reference_is_done_once_and_answered_the_same(
    uow: UnitOfWork, stock: StockService
) -> None:
    main = await make_location(uow)
    one, two = await _variants(uow, 2)
    await make_level(uow, one, main, 5)
    note = Note("sale", "order-7", "api_key:1")
    changes = [StockChange(one.id, None, delta=-2), StockChange(two.id, main.id, delta=3)]
    first = await _adjusted(uow, stock, changes, note)
    for again in (changes, changes[::-1]):
        answer = await _adjusted(uow, stock, again, note)
        assert answer.movements == first.movements
        assert {row.variant_id: row.on_hand for row in answer.levels} == {one.id: 3, two.id: 3}
    assert await _on_hand(uow) == [3, 3]
    assert len(await _ledger(uow)) == 3


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"delta": -3}, Note("sale", "order-7", "api_key:1")),
        ({"set_to": 3}, Note("sale", "order-7", "api_key:1")),
        ({"delta": -2, "change_from": 3}, Note("sale", "order-7", "api_key:1")),
        ({"delta": -2}, Note("loss", "order-7", "api_key:1")),
    ],
)
async def test_a_reference_used_for_something_else_is_refused(
    uow: UnitOfWork, stock: StockService, change: dict[str, Any], note: Note
) -> None:
    main = await make_location(uow)
    (variant,) = await _variants(uow, 1)
    await make_level(uow, variant, main, 5)
    first = [StockChange(variant.id, None, delta=-2)]
    await _adjusted(uow, stock, first, Note("sale", "order-7", "api_key:1"))
    answer = await _adjusted(uow, stock, [StockChange(variant.id, None, **change)], note)
    assert answer == IdempotencyConflict(
        "This reference was used for something else.", ("reference",)
    )
    assert await _on_hand(uow) == [3]


async def test_references_are_an_actors_own_and_no_reference_is_none(
    uow: UnitOfWork, stock: StockService
) -> None:
    main = await make_location(uow)
    (variant,) = await _variants(uow, 1)
    await make_level(uow, variant, main, 9)
    for note in (NOTE, NOTE, Note("", "r", "one"), Note("", "r", "two")):
        await _adjusted(uow, stock, [StockChange(variant.id, None, delta=-1)], note)
    assert await _on_hand(uow) == [5]


async def test_adjusting_costs_the_same_number_of_statements_for_1_and_50(
    uow: UnitOfWork, stock: StockService, statements: list[str]
) -> None:
    await make_location(uow)
    variants = await _variants(uow, 50)
    for count in (1, 50):
        changes = [StockChange(variant.id, None, delta=1) for variant in variants[:count]]
        statements.clear()
        await _adjusted(uow, stock, changes)
        # locations, variants, new levels, lock, update, movements, who waits, levels, events
        assert len(statements) == 9
        statements.clear()
        await _adjusted(uow, stock, changes, Note("", f"ref-{count}", "me"))
        assert len(statements) == 11  # and the reference, taken and settled
        less = [StockChange(variant.id, None, delta=-1) for variant in variants[:count]]
        statements.clear()
        await _adjusted(uow, stock, less)
        assert len(statements) == 9  # what carts hold, and nobody gets what went


async def _watched(
    uow: UnitOfWork, stock: StockService, variant: int, location: int | None, threshold: int | None
) -> Any:
    return await uow.transact(lambda: stock.set_threshold(variant, location, threshold))


async def test_a_threshold_is_set_where_there_was_no_level_yet(
    uow: UnitOfWork, stock: StockService
) -> None:
    main = await make_location(uow)
    (variant,) = await _variants(uow, 1)
    level = await _watched(uow, stock, variant.id, None, 4)
    assert (level.location_id, level.on_hand, level.low_stock_threshold) == (main.id, 0, 4)
    again: Any = await _watched(uow, stock, variant.id, main.id, 4)
    assert again == level
    cleared: Any = await _watched(uow, stock, variant.id, main.id, None)
    assert cleared.low_stock_threshold is None
    refused: Any = await _watched(uow, stock, variant.id, None, -1)
    assert refused.path == ("low_stock_threshold",)
    missing: Any = await _watched(uow, stock, variant.id + 1, None, 1)
    assert missing.path == ("variant_id",)


@pytest.mark.parametrize("change", [update(StockMovement).values(delta=9), delete(StockMovement)])
async def test_the_ledger_is_only_added_to(uow: UnitOfWork, change: Any) -> None:
    main = await make_location(uow)
    (variant,) = await _variants(uow, 1)
    await make_level(uow, variant, main, 5)
    with pytest.raises(IntegrityError, match="append-only"):
        await uow.change(change)
