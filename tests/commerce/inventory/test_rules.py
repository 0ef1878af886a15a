from dataclasses import dataclass
from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.problems import Invalid
from commerce.inventory.kinds import MovementKind
from commerce.inventory.problems import InsufficientStock, QuantityChanged
from commerce.inventory.rules.stock import (
    MAX_ON_HAND,
    Move,
    Note,
    StockChange,
    changes_flaw,
    digest_of,
    in_stock,
    is_low,
    move_of,
    note_flaw,
    repeated,
)

SLOT = (1, 2)
DENY, ALLOW = BackorderPolicy.DENY, BackorderPolicy.ALLOW


@dataclass(frozen=True)
class _Level:
    on_hand: int
    reserved: int = 0


@pytest.mark.parametrize(
    ("track_stock", "backorder", "available", "expected"),
    [
        (True, DENY, 1, True),
        (True, DENY, 0, False),
        (True, DENY, -1, False),
        (True, ALLOW, 0, True),
        (False, DENY, 0, True),
        (False, ALLOW, -5, True),
    ],
)
def test_what_can_be_bought(
    track_stock: bool, backorder: BackorderPolicy, available: int, expected: bool
) -> None:
    assert in_stock(track_stock=track_stock, backorder=backorder, available=available) is expected


@pytest.mark.parametrize(
    ("available", "threshold", "low"),
    [(5, None, False), (0, None, False), (5, 5, True), (6, 5, False), (0, 0, True), (1, 0, False)],
)
def test_stock_is_low_from_its_threshold_down(
    available: int, threshold: int | None, low: bool
) -> None:
    assert is_low(available, threshold) is low


@pytest.mark.parametrize(
    ("level", "change", "delta", "kind"),
    [
        (_Level(5), {"delta": -5}, -5, MovementKind.ADJUSTMENT),
        (_Level(5), {"delta": 3, "change_from": 5}, 3, MovementKind.ADJUSTMENT),
        (_Level(5, 3), {"delta": -2}, -2, MovementKind.ADJUSTMENT),
        (_Level(5, 3), {"set_to": 1}, -4, MovementKind.COUNT),
        (_Level(5), {"set_to": 5}, 0, MovementKind.COUNT),
        (_Level(2, 3), {"delta": 1}, 1, MovementKind.ADJUSTMENT),
        (_Level(0), {"delta": MAX_ON_HAND}, MAX_ON_HAND, MovementKind.ADJUSTMENT),
    ],
)
def test_what_a_change_does_to_a_level(
    level: _Level, change: dict[str, Any], delta: int, kind: MovementKind
) -> None:
    assert move_of(StockChange(*SLOT, **change), SLOT, level, 0, 0) == Move(SLOT, delta, kind)


@pytest.mark.parametrize(
    ("level", "change", "problem", "data", "path"),
    [
        (_Level(5), {"delta": -6}, InsufficientStock, 5, ("change", "delta")),
        (_Level(5, 3), {"delta": -3}, InsufficientStock, 2, ("change", "delta")),
        (_Level(2, 3), {"delta": -1}, InsufficientStock, 0, ("change", "delta")),
        (
            _Level(5),
            {"delta": 1, "change_from": 4},
            QuantityChanged,
            5,
            ("change_from_quantity",),
        ),
        (
            _Level(5),
            {"set_to": 5, "change_from": 4},
            QuantityChanged,
            5,
            ("change_from_quantity",),
        ),
        (_Level(1), {"delta": MAX_ON_HAND}, Invalid, None, ("change", "delta")),
    ],
)
def test_why_a_change_cannot_be(
    level: _Level, change: dict[str, Any], problem: type, data: int | None, path: tuple[str, ...]
) -> None:
    found: Any = move_of(StockChange(*SLOT, **change), SLOT, level, 0, 4)
    assert type(found) is problem
    assert found.path == ("changes", "4", *path)
    assert getattr(found, "available", getattr(found, "current", None)) == data


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ([], ("changes",)),
        ([StockChange(1, None, delta=1)], None),
        ([StockChange(1, None, set_to=0)], None),
        ([StockChange(1, None, delta=0)], ("changes", "0", "change", "delta")),
        ([StockChange(1, None, set_to=-1)], ("changes", "0", "change", "set_to")),
        (
            [StockChange(1, None, delta=1), StockChange(2, None, delta=-MAX_ON_HAND - 1)],
            ("changes", "1", "change", "delta"),
        ),
        (
            [StockChange(1, None, set_to=MAX_ON_HAND + 1)],
            ("changes", "0", "change", "set_to"),
        ),
    ],
)
def test_changes_are_refused_by_their_first_flaw(
    changes: list[StockChange], path: tuple[str, ...] | None
) -> None:
    flaw = changes_flaw(changes)
    assert (None if flaw is None else flaw.path) == path


def test_notes_are_short() -> None:
    assert note_flaw(Note("r" * 200, "x" * 200, "me")) is None
    assert getattr(note_flaw(Note("r" * 201, "", "me")), "path", None) == ("reason",)
    assert getattr(note_flaw(Note("", "x" * 201, "me")), "path", None) == ("reference",)


def test_a_slot_named_twice_is_found_at_its_second_place() -> None:
    assert repeated([(1, 1), (1, 2), (2, 1)]) is None
    assert repeated([(1, 1), (1, 2), (1, 1), (1, 2)]) == 2


def test_a_digest_stands_for_the_changes_in_any_order_and_nothing_else() -> None:
    one, two = StockChange(1, None, delta=1), StockChange(2, 3, set_to=1, change_from=0)
    digest = digest_of([one, two], "count")
    assert digest == digest_of([two, one], "count")
    others = [
        digest_of([one], "count"),
        digest_of([one, two], "recount"),
        digest_of([one, one, two], "count"),
        digest_of([StockChange(1, None, set_to=1), two], "count"),
        digest_of([StockChange(1, 2, delta=1), two], "count"),
        digest_of([one, StockChange(2, 3, set_to=1)], "count"),
    ]
    assert len({digest, *others}) == 7
