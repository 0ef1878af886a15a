from typing import Any

import pytest
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from commerce.core.rows import RowMaker

RECORD = (7, "anvil", None)


def told(names: list[str], processes: list[Any]) -> Any:
    """The same row as SQLAlchemy makes it."""
    return IteratorResult(SimpleResultMetaData(names, _processors=processes), iter([RECORD])).one()


@pytest.mark.parametrize(
    "names",
    [
        ["id", "slug", "title"],
        ["count", "index", "type"],  # names of a tuple's own
        ["class", "_slug", "x y"],  # names that no attribute has
        ["id", "id_1", "id"],
    ],
)
def test_a_row_is_what_sqlalchemy_would_make_of_it(names: list[str]) -> None:
    processes = [None, str.upper, None]
    (row,) = RowMaker(names, processes).rows([RECORD])
    other = told(names, processes)
    assert row == other == (7, "ANVIL", None)
    assert (row[1], row[:2], row._fields) == (other[1], other[:2], other._fields)
    if len(set(names)) == len(names):
        assert dict(row._mapping) == dict(other._mapping)
        assert [getattr(row, name) for name in names] == [getattr(other, name) for name in names]


def test_a_row_says_nothing_that_was_not_selected() -> None:
    (row,) = RowMaker(["id", "slug", "title"], [None] * 3).rows([RECORD])
    with pytest.raises(AttributeError):
        row.price  # noqa: B018
