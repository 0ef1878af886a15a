"""From the log of events to the updates of a subscription."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from commerce.core.problems import BadInputError
from commerce.events.rules import EventFilter
from resolvers.context import Context, Info

# What a subscription shows of an event, found out anew for each with a context of its own: raises
# a `RequestError` when there is nothing more to see for this viewer.
Show = Callable[[Context, Any, str], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event on its way to a subscriber, who goes on behind `cursor`."""

    row: Any
    cursor: str
    show: Show

    async def shown(self, context: Context) -> object:
        return await self.show(context, self.row, self.cursor)


async def happenings(
    info: Info, where: EventFilter, scope: str, after: str | None, show: Show
) -> AsyncGenerator[Happening, None]:
    """`scope` is the list that the cursors are of.

    Raises `InvalidCursorError` for a cursor of another list, or one that is too old.
    """
    context = info.context
    if context.listening is None:
        raise BadInputError("Subscriptions are not answered here.")
    cursor = context.listening.resumed or after
    position: Any = None if cursor is None else context.cursors.read(cursor, scope)[0]
    rows = await context.listening.feed.listen(where, position)

    async def each() -> AsyncGenerator[Happening, None]:
        async with aclosing(rows):
            async for row in rows:
                yield Happening(row, context.cursors.issue((row.position,), scope), show)

    return each()
