"""Relay connections over pages that were cut in SQL."""

from collections.abc import Awaitable, Callable
from enum import Enum
from hashlib import blake2b
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from commerce.core.paging import COUNT_LIMIT, Count, Cursors, Page, PageArgs, Position, page_args
from commerce.core.problems import BadInputError
from resolvers.context import Info
from resolvers.permissions import public

T = TypeVar("T")

MAX_COUNT_LIMIT = 1_000_000

First = Annotated[
    int | None, strawberry.argument(description="How many, from the start: 1 to 100.")
]
After = Annotated[str | None, strawberry.argument(description="Start after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many, from the end: 1 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="End before this cursor.")]
CountLimit = Annotated[
    int | None, strawberry.argument(description="Stop counting here; null counts to the end.")
]


@strawberry.enum(description="How much a count says.")
class CountPrecision(Enum):
    EXACT = strawberry.enum_value("exact", description="This many.")
    AT_LEAST = strawberry.enum_value("at_least", description="This many or more.")


@strawberry.type(name="Count", description="A number of things, counted no further than asked.")
class CountType:
    count: int = public("The number.")
    precision: CountPrecision = public("Whether counting stopped before the end.")

    @classmethod
    def of(cls, count: Count) -> "CountType":
        precision = CountPrecision.EXACT if count.exact else CountPrecision.AT_LEAST
        return cls(count=count.count, precision=precision)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = public("Whether rows follow the page.")
    has_previous_page: bool = public("Whether rows precede the page.")
    start_cursor: str | None = public("The first row's cursor.")
    end_cursor: str | None = public("The last row's cursor.")


def checked_limit(limit: int | None) -> int | None:
    """Where to stop counting; raises `BadInputError` for what is no such place."""
    if limit is not None and not 1 <= limit <= MAX_COUNT_LIMIT:
        raise BadInputError(f"limit must be from 1 to {MAX_COUNT_LIMIT}, or null.")
    return limit


class Rows:
    """A page with what its connection needs beside it, shared by all its edges."""

    __slots__ = ("count", "cursors", "node_of", "page", "scope")

    def __init__(
        self,
        page: Page[Any],
        node_of: Callable[[Any], Any],
        count: Callable[[int | None], Awaitable[Count]],
        cursors: Cursors,
        scope: str,
    ) -> None:
        self.page = page
        self.node_of = node_of
        self.count = count
        self.cursors = cursors
        self.scope = scope

    def cursor(self, row: Any) -> str:
        position: Position = tuple(row[-self.page.key_count :])
        return self.cursors.issue(position, self.scope)


@strawberry.type(description="A row's place in a list.")
class Edge(Generic[T]):
    rows: strawberry.Private[Rows]
    row: strawberry.Private[Any]

    @public("The row.")
    def node(self) -> T:
        return self.rows.node_of(self.row)

    @public("Where the row stands; give it to `after` or `before`.")
    def cursor(self) -> str:
        return self.rows.cursor(self.row)


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    rows: strawberry.Private[Rows]

    @public("The rows with their cursors.")
    def edges(self) -> list[Edge[T]]:
        return [Edge(rows=self.rows, row=row) for row in self.rows.page.rows]

    @public("The rows alone.")
    def nodes(self) -> list[T]:
        return list(map(self.rows.node_of, self.rows.page.rows))

    @public("Where the page stands in the list.")
    def page_info(self) -> PageInfo:
        page, cursor = self.rows.page, self.rows.cursor
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=cursor(page.rows[0]) if page.rows else None,
            end_cursor=cursor(page.rows[-1]) if page.rows else None,
        )

    @public("How many rows the whole list has; counted only when selected.")
    async def total_count(self, limit: CountLimit = COUNT_LIMIT) -> CountType:
        return CountType.of(await self.rows.count(checked_limit(limit)))


class Paging:
    """The paging arguments of one field, bound to its list (`scope`)."""

    __slots__ = ("args", "cursors", "scope")

    def __init__(
        self,
        info: Info,
        scope: str,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> None:
        self.cursors = info.context.cursors
        self.scope = scope
        self.args: PageArgs = page_args(self.cursors, scope, first, after, last, before)

    def connection(
        self,
        page: Page[Any],
        node_of: Callable[[Any], Any],
        count: Callable[[int | None], Awaitable[Count]],
    ) -> Any:
        """The connection showing `page`; `count` is called when the total is selected."""
        return Connection(rows=Rows(page, node_of, count, self.cursors, self.scope))


def list_scope(name: str, *parts: object) -> str:
    """Names a list with its sort and filter, for cursors to be bound to.

    `parts` are hashed by their repr: dataclasses, enums and plain values.
    """
    if not parts:
        return name
    digest = blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return f"{name}:{digest}"
