"""Relay pages in SQL: sort keys to ORDER BY, a position to WHERE, one row more to look ahead."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from commerce.core.paging import Count, Page, PageArgs, Position
from commerce.core.problems import InvalidCursorError

# Keys, or a parameter that will be an array of them.
Parents = Collection[int] | ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class SortKey:
    """One expression of a sort order.

    Where it can be NULL, `null_as` is a constant beyond all its values in the key's direction:
    NULLs count as that, and so come last in a forward walk.
    """

    column: Any
    descending: bool = False
    null_as: Any = None

    @property
    def expression(self) -> Any:
        return self.column if self.null_as is None else func.coalesce(self.column, self.null_as)

    def constant(self, value: object) -> Any:
        """A row's value as SQL, to compare the expression with."""
        if isinstance(value, BindParameter):
            return value
        return self.null_as if value is None else literal(value, self.column.type)


def paged(
    statement: Select[Any], keys: Sequence[SortKey], args: PageArgs, *, filtered: bool = False
) -> Select[Any]:
    """`statement` cut to the page and one row more; the sort values are its last columns.

    The last key must be unique, or rows that tie could be skipped. The limit is a part of the
    text, so that PostgreSQL plans the statement once for all. Where it is `filtered` by values of
    which some are rare and some are not, it must not: there the limit is a parameter.
    """
    shown = statement.add_columns(
        *(key.column.label(f"sort_{place}") for place, key in enumerate(keys))
    )
    if args.position is not None:
        shown = shown.where(_beyond(keys, args.position, args.backwards))
    ordered = shown.order_by(*(_ordering(key, args.backwards) for key in keys))
    size = args.size + 1
    limited = ordered.limit(size if filtered else literal_column(str(size)))
    unmoved = isinstance(args.offset, int) and not args.offset
    return limited if unmoved else limited.offset(args.offset)


def page_of(rows: Sequence[Row[Any]], key_count: int, args: PageArgs) -> Page[Row[Any]]:
    """The page in the list's own order, from the rows `paged` selected."""
    more = len(rows) > args.size
    kept = rows[: args.size] if more else rows
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
    falling = key.descending != backwards
    return key.expression.desc() if falling else key.expression.asc()


def _beyond(keys: Sequence[SortKey], position: Position, backwards: bool) -> ColumnElement[bool]:
    """The rows after `position`, or before it when walking backwards."""
    if len(position) != len(keys):
        raise InvalidCursorError("This cursor was not issued for this sort.")
    here = [key.expression for key in keys]
    there = [key.constant(value) for key, value in zip(keys, position, strict=True)]
    falling = [key.descending != backwards for key in keys]
    if len(set(falling)) > 1:
        return _beyond_mixed(here, there, falling)
    # One row comparison, which an index on the keys can serve.
    return tuple_(*here) < tuple_(*there) if falling[0] else tuple_(*here) > tuple_(*there)


def _beyond_mixed(
    here: Sequence[Any], there: Sequence[Any], falling: Sequence[bool]
) -> ColumnElement[bool]:
    """Key by key. The bound on the first one says nothing new, but an index can serve it."""
    condition: ColumnElement[bool] = false()
    for column, value, falls in reversed(list(zip(here, there, falling, strict=True))):
        past = column < value if falls else column > value
        condition = or_(past, and_(column == value, condition))
    bound = here[0] <= there[0] if falling[0] else here[0] >= there[0]
    return and_(bound, condition)


def paged_by(
    parents: Parents,
    parent: Any,
    statement: Select[Any],
    keys: Sequence[SortKey],
    args: PageArgs,
) -> Select[Any]:
    """The same page of `statement` for each of `parents`, matched with its column `parent`.

    One index walk per parent (LATERAL), so a page costs the same under a parent with ten rows and
    with a million. `owner_id` is the first column.
    """
    owners = _owners(parents)
    page = paged(statement.where(parent == owners.c.owner_id), keys, args).lateral("page")
    order = (
        _ordering(SortKey(page.c[f"sort_{place}"], key.descending, key.null_as), args.backwards)
        for place, key in enumerate(keys)
    )
    return select(owners.c.owner_id, page).join(page, true()).order_by(owners.c.owner_id, *order)


def pages_of(
    rows: Sequence[Row[Any]], parents: Collection[int], key_count: int, args: PageArgs
) -> dict[int, Page[Row[Any]]]:
    """A page for every parent, from the rows of `paged_by`; an empty one where there are none."""
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.owner_id].append(row)
    return {parent: page_of(found[parent], key_count, args) for parent in parents}


def counted(statement: Select[Any], limit: int | None) -> Select[Any]:
    """How many rows `statement` has, counted up to `limit` and one more."""
    ones: Select[Any] = statement.with_only_columns(
        literal_column("1").label("one"), maintain_column_froms=True
    )
    bounded = ones.order_by(None).limit(None if limit is None else limit + 1).subquery()
    return select(func.count()).select_from(bounded)


def counted_by(
    parents: Parents, parent: Any, statement: Select[Any], limit: int | None
) -> Select[Any]:
    """`owner_id` and its number of `children` for each of `parents`."""
    owners = _owners(parents)
    children = statement.where(parent == owners.c.owner_id).correlate(owners)
    count = counted(children, limit).lateral("counted")
    return select(owners.c.owner_id, count.c[0].label("children")).join(count, true())


def count_of(found: int, limit: int | None) -> Count:
    """What the number `counted` found says."""
    return Count(found) if limit is None or found <= limit else Count(limit, exact=False)


def counts_of(rows: Sequence[Row[Any]], limit: int | None) -> dict[int, Count]:
    """What the numbers say that `counted_by` found, by owner."""
    return {row.owner_id: count_of(row.children, limit) for row in rows}


def _owners(parents: Parents) -> Any:
    given = isinstance(parents, ColumnElement)
    ids = parents if given else literal(list(parents), ARRAY(BigInteger()))
    return func.unnest(ids).table_valued("owner_id", name="owners").render_derived()
