from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commerce.core.paging import (
    DEFAULT_PAGE_SIZE,
    MAX_OFFSET,
    MAX_PAGE_SIZE,
    Cursors,
    PageArgs,
    Position,
    cursor_at_offset,
    page_args,
)
from commerce.core.problems import BadInputError, InvalidCursorError

CURSORS = Cursors(b"one installation")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.floats(allow_nan=False),
)
POSITIONS = st.lists(VALUES, min_size=1, max_size=4).map(tuple)


def args(**given_: Any) -> PageArgs:
    return page_args(CURSORS, "books", **given_)


@given(POSITIONS)
def test_a_cursor_gives_back_its_position_exactly(position: Position) -> None:
    read = CURSORS.read(CURSORS.issue(position, "books"), "books")
    assert read == position
    assert [type(value) for value in read] == [type(value) for value in position]


@given(POSITIONS)
def test_a_cursor_is_never_taken_for_an_offset(position: Position) -> None:
    assert args(after=CURSORS.issue(position, "books")) == PageArgs(position=position)


@pytest.mark.parametrize("position", [(datetime(2026, 1, 31, 8, 30, 0, 1, tzinfo=UTC), 7)])
def test_times_keep_their_microseconds(position: Position) -> None:
    assert CURSORS.read(CURSORS.issue(position, "books"), "books") == position


@pytest.mark.parametrize(
    ("reader", "scope"),
    [
        (CURSORS, "films"),
        (CURSORS, "books:price"),
        (CURSORS, "book"),
        (Cursors(b"another installation"), "books"),
    ],
)
def test_a_foreign_cursor_is_refused(reader: Cursors, scope: str) -> None:
    cursor = CURSORS.issue(("a", 1), "books")
    with pytest.raises(InvalidCursorError):
        reader.read(cursor, scope)


@given(POSITIONS, st.integers(0), st.integers(1, 255))
def test_a_changed_cursor_is_refused(position: Position, place: int, change: int) -> None:
    raw = bytearray(_raw(CURSORS.issue(position, "books")))
    raw[place % len(raw)] ^= change
    with pytest.raises(InvalidCursorError):
        CURSORS.read(urlsafe_b64encode(raw).decode(), "books")


@given(st.text())
def test_an_invented_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        CURSORS.read(text, "books")
    with pytest.raises(InvalidCursorError):
        args(before=text)


@example("::QDA")  # what is no letter of base64 is not passed over
@given(st.text().filter(lambda text: not text.startswith("Q")))
def test_an_invented_cursor_is_no_offset(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        args(after=text)


@pytest.mark.parametrize("offset", [0, 1, 20, 9_999_999_999])
def test_an_offset_can_be_paged_after(offset: int) -> None:
    expected = PageArgs(5, offset=min(offset, MAX_OFFSET))
    assert args(first=5, after=cursor_at_offset(offset)) == expected


@pytest.mark.parametrize("text", [b"@", b"@-1", b"@1.5", b"@ 1", b"@12345678901", b"@\xd9\xa1"])
def test_an_offset_is_a_number_of_rows(text: bytes) -> None:
    with pytest.raises(InvalidCursorError):
        args(after=urlsafe_b64encode(text).decode())


def test_an_offset_has_nothing_before_it_to_count_from() -> None:
    with pytest.raises(InvalidCursorError):
        args(last=5, before=cursor_at_offset(10))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, PageArgs(DEFAULT_PAGE_SIZE)),
        ({"first": 1}, PageArgs(1)),
        ({"first": MAX_PAGE_SIZE}, PageArgs(MAX_PAGE_SIZE)),
        ({"last": 3}, PageArgs(3, backwards=True)),
        ({"default_size": 24}, PageArgs(24)),
        ({"after": CURSORS.issue((1,), "books")}, PageArgs(position=(1,))),
        (
            {"last": 2, "before": CURSORS.issue((date(2026, 1, 31), 4), "books")},
            PageArgs(2, (date(2026, 1, 31), 4), backwards=True),
        ),
        (
            {"before": CURSORS.issue((Decimal("9.90"),), "books")},
            PageArgs(position=(Decimal("9.90"),), backwards=True),
        ),
    ],
)
def test_relay_arguments(given_: dict[str, Any], expected: PageArgs) -> None:
    assert args(**given_) == expected


@pytest.mark.parametrize(
    "given_",
    [
        {"first": 0},
        {"first": -1},
        {"first": MAX_PAGE_SIZE + 1},
        {"last": 0},
        {"last": MAX_PAGE_SIZE + 1},
        {"first": 2, "last": 2},
        {"first": 2, "before": "x"},
        {"last": 2, "after": "x"},
    ],
)
def test_arguments_that_ask_for_no_page_are_refused(given_: dict[str, Any]) -> None:
    with pytest.raises(BadInputError):
        args(**given_)


def _raw(cursor: str) -> bytes:
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
