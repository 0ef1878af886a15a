"""Types that show a row read it, and copy nothing."""

from collections import namedtuple
from typing import Any

import pytest
import strawberry

from commerce.core.ids import global_id
from resolvers.catalog.media import Media
from resolvers.catalog.products import Product
from resolvers.connections import PageInfo
from resolvers.nodes import Node
from resolvers.permissions import public
from resolvers.rows import FromRow, column_path

Row = namedtuple("Row", ["id", "title", "owner_id"])


@strawberry.type
class Book(FromRow, Node):
    title: str = public("Its name.")
    owner_id: strawberry.Private[int]

    @public("Its name, aloud.")  # type: ignore[untyped-decorator]  # as of all fields
    def loud(self) -> str:
        return self.title.upper()


class Counting:
    """A row that remembers what was read of it."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.read.append(name)
        return 7


def test_columns_ids_and_what_is_made_of_them() -> None:
    book = Book.of(Row(12, "Emma", 3))
    assert (book.title, book.owner_id, book.loud()) == ("Emma", 3, "EMMA")
    assert (book.id, book.database_id) == (global_id("Book", 12), 12)


def test_what_nobody_selects_is_not_read() -> None:
    row = Counting()
    media = Media.of(row)
    assert row.read == []
    assert media.url == 7  # type: ignore[comparison-overlap]  # the row is made up
    assert row.read == ["url"]


def test_what_is_no_column_is_missed() -> None:
    with pytest.raises(AttributeError, match="publisher"):
        Book.of(Row(12, "Emma", 3)).publisher  # noqa: B018  # read
    with pytest.raises(AttributeError, match="row"):
        Book.__new__(Book).title  # noqa: B018  # as a copier does that has not filled it yet


@pytest.mark.parametrize(
    ("owner", "name", "path"),
    [
        (Product, "title", "row.title"),
        (Product, "id", "id"),
        (Product, "database_id", "database_id"),
        (PageInfo, "start_cursor", "start_cursor"),
        (None, "anything", "anything"),
    ],
)
def test_columns_are_read_at_the_row(owner: Any, name: str, path: str) -> None:
    assert column_path(owner, name) == path
