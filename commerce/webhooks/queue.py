"""What a process is about to send, endpoint by endpoint."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final

from commerce.webhooks.repository.outcomes import Outcome
from commerce.webhooks.repository.sending import DueRow
from commerce.webhooks.trying import Body

AHEAD: Final = 32  # read at once, of an endpoint that answers quickly
QUICK: Final = 250  # milliseconds
FRESH: Final = 1.0  # seconds: an endpoint may be changed or switched off meanwhile


class Making:
    """A body that is made by the first who needs it, for all who do."""

    def __init__(self, make: Callable[[DueRow], Awaitable[Body]]) -> None:
        self._make = make
        self._lock = asyncio.Lock()
        self._made: Body | None = None

    async def of(self, row: DueRow) -> Body:
        async with self._lock:
            if self._made is None:
                self._made = await self._make(row)
            return self._made


@dataclass(slots=True)
class Waiting:
    row: DueRow
    body: Making
    since: float = field(default_factory=monotonic)

    @property
    def fresh(self) -> bool:
        return monotonic() - self.since < FRESH


class Queue:
    """Of one endpoint. `until` is when others may send to it; a try ends long before.

    `busy` are the deliveries whose try is not written down yet: `at_once` at most.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._quick = False
        self.until: datetime | None = None
        self.waiting: deque[Waiting] = deque()
        self.busy: set[int] = set()

    @property
    def known(self) -> set[int]:
        return self.busy | {each.row.id for each in self.waiting}

    @property
    def room(self) -> int:
        """For how many more; for none ahead while it is slow: what waits gets old."""
        ahead = AHEAD if self._quick else self._at_once
        return max(ahead - len(self.busy) - len(self.waiting), 0)

    def begun(self, start_before: datetime) -> Iterator[Waiting]:
        """Those whose turn it is; `start_before` is the end of claims that are too short for a try.

        What has become old is looked up again.
        """
        while self.waiting and not self.waiting[0].fresh:
            self.waiting.popleft()
        while self.waiting and len(self.busy) < self._at_once:
            if self.until is None or self.until <= start_before:
                return
            self.busy.add(self.waiting[0].row.id)
            yield self.waiting.popleft()

    def over(self, outcome: Outcome) -> None:
        self.busy.discard(outcome.row.id)
        self._quick = outcome.tried.delivered and outcome.tried.milliseconds < QUICK
