"""Lists under many parents whose statements are built once.

Building a statement costs several times what running it does, and these run on every listing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, Row, Select, bindparam

from commerce.core.arrays import unseen
from commerce.core.db import UnitOfWork
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs

# Kinds of viewers whose lists are kept; others' are built anew.
KEPT = 256
IDS: Any = unseen("ids", BigInteger())
OFFSET: Any = bindparam("offset", type_=Integer())


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a page changes the text of its statement. `nulls` are those of its position."""

    size: int
    backwards: bool
    moved: bool
    nulls: tuple[bool, ...] | None


class NestedList:
    """`statement`, under each of many parents that its column `parent` names, sorted by `keys`.

    Made once for each kind of viewer and kept: a statement stays for every shape of page.
    """

    def __init__(self, parent: Any, statement: Select[Any], keys: Sequence[SortKey]) -> None:
        self._parent = parent
        self._statement = statement
        self._keys = keys
        self._pages: dict[_Shape, Select[Any]] = {}

    async def pages(
        self, uow: UnitOfWork, ids: Collection[int], args: PageArgs
    ) -> dict[int, Page[Row[Any]]]:
        """The same page for every parent, in one statement; an empty one where there is nothing."""
        rows = await uow.rows(self._page(args), _values(ids, args))
        return pages_of(rows, ids, len(self._keys), args)

    async def counts(
        self, uow: UnitOfWork, ids: Collection[int], limit: int | None
    ) -> dict[int, Count]:
        """How many there are under each parent, counted no further than `limit`."""
        statement = counted_by(ids, self._parent, self._statement, limit)
        return counts_of(await uow.rows(statement), limit)

    def _page(self, args: PageArgs) -> Select[Any]:
        shape = _shape(args)
        if shape not in self._pages:
            built = paged_by(IDS, self._parent, self._statement, self._keys, self._marks(shape))
            self._pages[shape] = built
        return self._pages[shape]

    def _marks(self, shape: _Shape) -> PageArgs:
        """Page arguments with parameters in the place of values."""
        position = None
        if shape.nulls is not None:
            position = tuple(
                None if null else bindparam(f"after_{place}", type_=key.expression.type)
                for place, (key, null) in enumerate(zip(self._keys, shape.nulls, strict=True))
            )
        return PageArgs(shape.size, position, OFFSET if shape.moved else 0, shape.backwards)


def _shape(args: PageArgs) -> _Shape:
    position = args.position
    nulls = None if position is None else tuple(value is None for value in position)
    return _Shape(args.size, args.backwards, args.offset > 0, nulls)


def _values(ids: Collection[int], args: PageArgs) -> dict[str, Any]:
    values: dict[str, Any] = {"ids": list(ids)}
    if args.offset:
        values["offset"] = args.offset
    for place, value in enumerate(args.position or ()):
        if value is not None:
            values[f"after_{place}"] = value
    return values
