from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.catalog.rules.order import arranged, first_repeated


@pytest.mark.parametrize(
    ("chosen", "start", "expected"),
    [
        ("c", 0, "cabd"),
        ("c", 1, "acbd"),
        ("a", 3, "bcda"),
        ("a", 99, "bcda"),
        ("a", -5, "abcd"),
        ("db", 0, "dbac"),
        ("db", 1, "adbc"),
        ("x", 2, "abxcd"),
        ("", 0, "abcd"),
        ("dcba", 2, "dcba"),
    ],
)
def test_chosen_items_stand_together_from_a_place_on(
    chosen: str, start: int, expected: str
) -> None:
    assert "".join(arranged("abcd", chosen, start)) == expected


@given(st.permutations(range(6)), st.integers(0, 6), st.integers(-2, 8))
def test_the_others_keep_their_order(items: Sequence[int], chosen: int, start: int) -> None:
    moved = sorted(items[:chosen])
    result = arranged(items, moved, start)
    assert [item for item in result if item not in moved] == list(items[chosen:])
    assert sorted(result) == sorted(items)


@pytest.mark.parametrize(("items", "place"), [("", None), ("abc", None), ("abca", 3), ("aab", 1)])
def test_the_first_repeated_item_is_found(items: str, place: int | None) -> None:
    assert first_repeated(items) == place
