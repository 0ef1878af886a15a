"""Walks over a table with ties and NULLs, against Python's sort."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    insert,
    literal_column,
    select,
)
from sqlalchemy.schema import CreateTable

from commerce.core.db import UnitOfWork
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import InvalidCursorError

TABLES = MetaData()
SHELVES = Table("shelves", TABLES, Column("id", Integer, primary_key=True), prefixes=["TEMPORARY"])
BOOKS = Table(
    "books",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("shelf_id", ForeignKey("shelves.id"), nullable=False),
    Column("title", Text(collation="C"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("price", Numeric(18, 6)),
    prefixes=["TEMPORARY"],
)
ROWS: list[dict[str, Any]] = [
    {
        "id": number,
        "shelf_id": number % 4,
        "title": "abcdef"[number * 5 % 6],
        "place": number * 7 % 5,
        "price": None if number % 3 == 0 else Decimal(number % 4) / 2,
    }
    for number in range(1, 48)
]
HIGHEST: Any = literal_column("'Infinity'::numeric")
LOWEST: Any = literal_column("'-Infinity'::numeric")


@dataclass(frozen=True)
class Sort:
    """A sort order for both sides: SQL and Python."""

    columns: tuple[tuple[str, bool], ...]

    @property
    def keys(self) -> list[SortKey]:
        return [_key(name, descending) for name, descending in self.columns]

    def sorted(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        return [row["id"] for row in sorted(rows, key=cmp_to_key(self._compare))]

    def _compare(self, one: dict[str, Any], other: dict[str, Any]) -> int:
        for name, descending in self.columns:
            a, b = one[name], other[name]
            if a == b:
                continue
            if a is None or b is None:
                return 1 if a is None else -1
            return 1 if (a > b) != descending else -1
        return 0


def _key(name: str, descending: bool) -> SortKey:
    null_as = (LOWEST if descending else HIGHEST) if name == "price" else None
    return SortKey(BOOKS.c[name], descending, null_as)


@st.composite
def sorts(draw: st.DrawFn) -> Sort:
    names = draw(st.lists(st.sampled_from(["title", "place", "price"]), max_size=3, unique=True))
    return Sort(tuple((name, draw(st.booleans())) for name in [*names, "id"]))


@pytest.fixture
async def books(uow: UnitOfWork) -> UnitOfWork:
    for table in (SHELVES, BOOKS):
        await uow.change(CreateTable(table))
    await uow.change(insert(SHELVES).values([{"id": number} for number in range(5)]))
    await uow.change(insert(BOOKS).values(ROWS))
    return uow


def all_books() -> Select[Any]:
    return select(BOOKS.c.id.label("book"), BOOKS.c.shelf_id)


async def one_page(uow: UnitOfWork, sort: Sort, args: PageArgs) -> Page[Any]:
    keys = sort.keys
    return page_of(await uow.rows(paged(all_books(), keys, args)), len(keys), args)


def end_of(page: Page[Any], *, backwards: bool) -> PageArgs:
    """Where the page after (or before) this one starts."""
    row = page.rows[0 if backwards else -1]
    return PageArgs(1, tuple(row[-page.key_count :]), backwards=backwards)


async def walk(uow: UnitOfWork, sort: Sort, size: int, *, backwards: bool) -> list[int]:
    """Every book, page by page; checks on the way what pages say of their neighbours."""
    seen: list[int] = []
    position = None
    while True:
        page = await one_page(uow, sort, PageArgs(size, position, backwards=backwards))
        found = [row.book for row in page.rows]
        seen = [*found, *seen] if backwards else [*seen, *found]
        behind, ahead = page.has_previous, page.has_next
        if backwards:
            behind, ahead = ahead, behind
        assert behind == (position is not None)
        if not ahead:
            return seen
        assert len(found) == size
        position = end_of(page, backwards=backwards).position


NO_SETUP_PER_EXAMPLE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@NO_SETUP_PER_EXAMPLE
@given(sort=sorts(), size=st.integers(1, 50), backwards=st.booleans())
async def test_a_walk_shows_every_row_once_in_order(
    books: UnitOfWork, sort: Sort, size: int, backwards: bool
) -> None:
    assert await walk(books, sort, size, backwards=backwards) == sort.sorted(ROWS)


@NO_SETUP_PER_EXAMPLE
@given(sort=sorts(), size=st.integers(1, 9), offset=st.integers(0, 60))
async def test_an_offset_skips_that_many_rows(
    books: UnitOfWork, sort: Sort, size: int, offset: int
) -> None:
    page = await one_page(books, sort, PageArgs(size, offset=offset))
    assert [row.book for row in page.rows] == sort.sorted(ROWS)[offset : offset + size]
    assert page.has_next == (offset + size < len(ROWS))
    assert page.has_previous == (offset > 0)


@NO_SETUP_PER_EXAMPLE
@given(sort=sorts(), size=st.integers(1, 9), backwards=st.booleans())
async def test_pages_by_parent_are_the_pages_of_each_parent(
    books: UnitOfWork, sort: Sort, size: int, backwards: bool
) -> None:
    parents, keys, args = [2, 0, 4, 1], sort.keys, PageArgs(size, backwards=backwards)
    statement = paged_by(parents, BOOKS.c.shelf_id, all_books(), keys, args)
    pages = pages_of(await books.rows(statement), parents, len(keys), args)
    assert list(pages) == parents
    for parent, page in pages.items():
        own = sort.sorted([row for row in ROWS if row["shelf_id"] == parent])
        expected = own[-size:] if backwards else own[:size]
        assert [row.book for row in page.rows] == expected
        assert (page.has_previous if backwards else page.has_next) == (len(own) > size)


async def test_pages_by_parent_start_after_the_same_position(books: UnitOfWork) -> None:
    sort = Sort((("price", True), ("id", False)))
    args = PageArgs(3, (Decimal("0.5"), 20))
    statement = paged_by([0, 1], BOOKS.c.shelf_id, all_books(), sort.keys, args)
    pages = pages_of(await books.rows(statement), [0, 1], 2, args)
    assert [row.book for row in pages[1].rows] == _after(1, Decimal("0.5"), 20)[:3]
    assert [row.book for row in pages[0].rows] == _after(0, Decimal("0.5"), 20)[:3]


def _after(shelf: int, price: Decimal, id_: int) -> list[int]:
    """The books of a shelf after that place, dearest first, those without a price last."""
    own = [row for row in ROWS if row["shelf_id"] == shelf]
    left = [
        row for row in own if row["price"] is None or (-row["price"], row["id"]) > (-price, id_)
    ]
    return Sort((("price", True), ("id", False))).sorted(left)


async def test_a_position_of_another_sort_is_refused(books: UnitOfWork) -> None:
    sort = Sort((("title", False), ("id", False)))
    with pytest.raises(InvalidCursorError):
        paged(all_books(), sort.keys, PageArgs(5, (3,)))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(None, Count(47)), (47, Count(47)), (46, Count(46, exact=False)), (0, Count(0, exact=False))],
)
async def test_counting_stops_at_the_limit(
    books: UnitOfWork, limit: int | None, expected: Count
) -> None:
    found = await books.scalar(counted(all_books().order_by(BOOKS.c.title), limit))
    assert count_of(found, limit) == expected


async def test_counts_by_parent_stop_at_the_limit_and_include_empty_parents(
    books: UnitOfWork,
) -> None:
    statement = counted_by([4, 0, 1], BOOKS.c.shelf_id, all_books(), 11)
    assert counts_of(await books.rows(statement), 11) == {
        4: Count(0),
        0: Count(11),
        1: Count(11, exact=False),
    }


async def test_one_direction_is_compared_as_a_row(books: UnitOfWork) -> None:
    """Which an index can serve; with NULLs too."""
    sort = Sort((("price", True), ("id", True)))
    shown = str(paged(all_books(), sort.keys, PageArgs(5, (None, 7))))
    assert "(coalesce(books.price, '-Infinity'::numeric), books.id) < " in shown


async def test_mixed_directions_are_bounded_on_the_first_key(books: UnitOfWork) -> None:
    sort = Sort((("title", False), ("id", True)))
    shown = str(paged(all_books(), sort.keys, PageArgs(5, ("c", 7))))
    assert "WHERE books.title >= " in shown
