"""Relay pages in SQL: sort keys to ORDER BY, a position to WHERE, one row too many to look ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, literal, or_, tuple_
from sqlalchemy.orm.attributes import InstrumentedAttribute

from commerce.core.paging import Page, PageArgs, Position

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class SortKey:
    """One expression of a sort order. NULLs come last in a forward walk, whatever the direction."""

    column: Any
    descending: bool = False
    nullable: bool = False


def paged(statement: Select[Any], keys: Sequence[SortKey], args: PageArgs) -> Select[Any]:
    """`statement` cut to the page and one row more; the sort values are its last columns.

    The last key must be unique, or rows that tie could be skipped.
    """
    shown = statement.add_columns(
        *(key.column.label(f"sort_{place}") for place, key in enumerate(keys))
    )
    if args.position is not None:
        shown = shown.where(_beyond(keys, args.position, args.backwards))
    ordered = shown.order_by(*(_ordering(key, args.backwards) for key in keys))
    return ordered.limit(args.size + 1).offset(args.offset or None)


def page_of(rows: Sequence[Row[Any]], key_count: int, args: PageArgs) -> Page[Row[Any]]:
    """The page in the list's own order, from the rows `paged` selected."""
    kept = rows[: args.size]
    more = len(rows) > args.size
    if args.backwards:
        kept = kept[::-1]
    return Page(
        kept,
        key_count,
        has_next=args.position is not None if args.backwards else more,
        has_previous=more if args.backwards else _started_late(args),
    )


def _started_late(args: PageArgs) -> bool:
    return args.position is not None or args.offset > 0


def _ordering(key: SortKey, backwards: bool) -> Any:
    column = key.column.desc() if key.descending != backwards else key.column.asc()
    if not key.nullable:
        return column
    return column.nulls_first() if backwards else column.nulls_last()


def _beyond(keys: Sequence[SortKey], position: Position, backwards: bool) -> ColumnElement[bool]:
    """The rows after `position`, or before it when walking backwards."""
    if len({key.descending for key in keys}) == 1 and not any(key.nullable for key in keys):
        return _beyond_tuple(keys, position, keys[0].descending != backwards)
    condition: ColumnElement[bool] = false()
    for key, value in zip(reversed(keys), reversed(position), strict=True):
        ties = key.column.is_(None) if value is None else key.column == value
        condition = or_(_past(key, value, backwards), and_(ties, condition))
    return condition


def _beyond_tuple(
    keys: Sequence[SortKey], position: Position, falling: bool
) -> ColumnElement[bool]:
    """One row comparison, which an index on the keys can serve."""
    here = tuple_(*(key.column for key in keys))
    there = tuple_(
        *(literal(value, key.column.type) for key, value in zip(keys, position, strict=True))
    )
    return here < there if falling else here > there


def _past(key: SortKey, value: object, backwards: bool) -> ColumnElement[bool]:
    """Strictly past `value` on one key, its NULLs being last."""
    column = key.column
    if value is None:
        return column.is_not(None) if backwards else false()
    falling = key.descending != backwards
    past: ColumnElement[bool] = column < value if falling else column > value
    return or_(past, column.is_(None)) if key.nullable and not backwards else past
