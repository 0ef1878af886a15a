"""Which units are taken, as pure rules."""

from types import SimpleNamespace
from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.rules.allocated import (
    Filling,
    Part,
    filled,
    release_order,
    still_open,
    taken,
)
from commerce.inventory.rules.promises import Allocation, Want, dealt, free_at, picked, promised

DENY = SimpleNamespace(track_stock=True, backorder=BackorderPolicy.DENY)
ALLOW = SimpleNamespace(track_stock=True, backorder=BackorderPolicy.ALLOW)
UNTRACKED = SimpleNamespace(track_stock=False, backorder=BackorderPolicy.DENY)


def _level(variant: int, place: int, on_hand: int, **values: Any) -> Any:
    shown = {"reserved": 0, "is_default": False, "active": True, **values}
    return SimpleNamespace(variant_id=variant, location_id=place, on_hand=on_hand, **shown)


def _row(id_: int, line: int, place: int | None, quantity: int, **values: Any) -> Any:
    shown = {"order_id": 1, "variant_id": 1, "shipped": 0, "released": 0, "returned": 0, **values}
    return SimpleNamespace(
        id=id_, order_line_id=line, location_id=place, quantity=quantity, **shown
    )


@pytest.mark.parametrize(
    ("quantity", "free", "pieces"),
    [
        (2, [(7, 2), (3, 9)], [(7, 2)]),
        (3, [(7, 2), (3, 9)], [(3, 3)]),
        (10, [(7, 2), (3, 9)], [(7, 2), (3, 8)]),
        (2, [(7, 1), (3, 1), (4, 1)], [(7, 1), (3, 1)]),
        (12, [(7, 2), (3, 9)], [(7, 2), (3, 9), (None, 1)]),
        (2, [], [(None, 2)]),
    ],
)
def test_one_location_is_better_than_several(quantity: int, free: Any, pieces: Any) -> None:
    assert picked(quantity, free) == pieces


def test_the_default_location_comes_first_and_inactive_ones_sell_nothing() -> None:
    levels = [
        _level(1, 2, 5),
        _level(1, 9, 5, is_default=True, reserved=1),
        _level(1, 1, 5, active=False),
        _level(1, 3, 5, reserved=5),
        _level(1, 4, 5, reserved=7),
    ]
    assert free_at(levels, {(1, 2): 2, (1, 9): 1}) == {1: [(9, 3), (2, 3)]}


def test_what_cannot_be_sold_beyond_its_stock_is_a_problem_with_what_is_left() -> None:
    problem = promised({1: 3}, {1: DENY}, {1: [(7, 1), (8, 1)]})
    assert problem == InsufficientStock("Only 2 are available.", (), 2, 1)
    assert isinstance(promised({1: 2**40}, {1: ALLOW}, {}), InsufficientStock)
    assert promised({1: 1}, {}, {}) == InsufficientStock("Only 0 are available.", (), 0, 1)


def test_backordered_units_are_nowhere_and_uncounted_ones_are_not_promised() -> None:
    pieces = promised({1: 3, 2: 5}, {1: ALLOW, 2: UNTRACKED}, {1: [(7, 1)]})
    assert pieces == {1: [(7, 1), (None, 2)]}


def test_units_are_dealt_line_by_line() -> None:
    wants = [Want(12, 1, 2), Want(11, 1, 2), Want(13, 2, 9)]
    assert dealt(wants, {1: [(7, 3), (None, 1)]}) == [
        Allocation(11, 1, 7, 2),
        Allocation(12, 1, 7, 1),
        Allocation(12, 1, None, 1),
    ]


def test_units_are_taken_from_rows_in_turn_and_what_is_missing_is_told() -> None:
    rows = [_row(1, 11, 7, 3, shipped=1), _row(2, 11, 8, 2), _row(3, 12, 7, 1)]
    parts, missing = taken(rows, {11: 3, 12: 2, 13: 9}, still_open)
    assert parts == [Part(rows[0], 2), Part(rows[1], 1), Part(rows[2], 1)]
    assert missing == {12: 1}
    assert taken(rows, {11: -1}, still_open) == ([], {})


def test_what_waits_is_released_before_what_is_there() -> None:
    rows = [_row(1, 11, 7, 3), _row(2, 11, None, 2), _row(3, 11, 8, 1)]
    assert [row.id for row in release_order(rows)] == [2, 3, 1]


def test_the_oldest_order_is_filled_first() -> None:
    late, early = _row(1, 21, None, 2, order_id=2), _row(2, 11, None, 3, released=1, order_id=1)
    fillings = filled([late, early], {1: [(7, 1), (8, 2)]})
    assert fillings == [Filling(early, 7, 1), Filling(early, 8, 1), Filling(late, 8, 1)]
