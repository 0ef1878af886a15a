"""How the shop is set up, kept from one look at it to the next.

Taxes, shipping and the store's settings are read for every cart and hardly ever change. Triggers
give the whole of them another mark with every change; a mark that was seen before says that what
was read under it still holds. Whoever prices a cart reads the mark anew, with the goods.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

Value = TypeVar("Value")

MOST: Final = 1_000  # entries: buyers say which countries and regions are asked for


class KeptSetup:
    """What the units of work of one process have read under the newest mark, by what it is."""

    def __init__(self) -> None:
        self._mark: UUID | None = None
        self._known: dict[Hashable, Any] = {}

    def known(self, mark: UUID) -> dict[Hashable, Any]:
        """To be looked into and added to; begun anew with another mark, or when it is full."""
        if mark != self._mark or len(self._known) >= MOST:
            self._mark, self._known = mark, {}
        return self._known


@dataclass(frozen=True, slots=True)
class Setup:
    """At the moment when its mark was read; without a mark everything is read anew.

    What is read under a mark may be newer than it, never older. A transaction uses what is kept
    and adds nothing: what it has changed itself may never be committed.
    """

    kept: KeptSetup
    mark: UUID | None = None
    adds: bool = False

    async def of(self, key: Hashable, read: Callable[[], Awaitable[Value]]) -> Value:
        """What is kept under this key, else what `read` answers."""
        if self.mark is None:
            return await read()
        known = self.kept.known(self.mark)
        if key in known:
            found: Value = known[key]
            return found
        value = await read()
        if self.adds:
            known[key] = value  # of this mark, even where a newer one came in between
        return value


UNKNOWN: Final = Setup(KeptSetup())
