"""Sends what is due, in every server process; they share the endpoints through the database."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

import structlog

from commerce.core.cipher import Cipher
from commerce.core.clock import Clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.outgoing import SafeClient
from commerce.core.problems import UnavailableError
from commerce.webhooks.kinds import DeliveryState
from commerce.webhooks.queue import Making, Queue, Waiting
from commerce.webhooks.repository.outcomes import Outcome, OutcomeRepository
from commerce.webhooks.repository.sending import DueRow, SendingRepository
from commerce.webhooks.trying import Formats, Trying

log: Final = structlog.get_logger("commerce.webhooks")

WRITING_TRIES: Final = 5
TOGETHER: Final = 0.02  # seconds
Tally = Counter[str]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. Half a claim outlasts the longest try with its marking, so that nothing overlaps."""

    poll: float = 0.25
    per_endpoint: int = 4
    claim: float = 60.0
    grace: float = 5.0


class Deliverer:
    """Sends what is due to endpoints that no other process sends to, with no transaction open.

    What came of a try is written after it, for all that have ended meanwhile. A process that dies
    before leaves them to be sent a second time with the same id, once its claim has run out: no
    more than it had in flight, as each counts until it is written down. None is lost.

    `news` is set by others when there may be something to send. The `tally` counts what comes of
    tries.
    """

    def __init__(
        self,
        open_unit: OpenUnit,
        client: SafeClient,
        formats: Formats,
        cipher: Cipher,
        clock: Clock,
        pace: Pace = Pace(),
        news: asyncio.Event | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._trying = Trying(open_unit, client, formats, cipher, clock)
        self._clock = clock
        self._pace = pace
        self._news = asyncio.Event() if news is None else news
        self._tally = Counter() if tally is None else tally
        self._name = uuid4()
        self._queues: dict[int, Queue] = {}
        self._making: WeakValueDictionary[tuple[UUID, str], Making] = WeakValueDictionary()
        self._running: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []  # not written yet
        self._one_by_one = False  # the database would not have some of them
        self._troubled = False

    async def run(self) -> None:
        """Until cancelled; what is being sent then gets a moment to end."""
        try:
            while True:
                self._news.clear()
                await self._turn()
                await self._pause()
        finally:
            await self._finish()

    async def deliver_due(self) -> int:
        """Send what is due now, and answer how many deliveries were tried."""
        await self._look()
        tried = 0
        while self._start():
            await asyncio.gather(*self._running)
            tried += len(self._outcomes)
            await self._write_all()
        await self._release()
        return tried

    async def _turn(self) -> None:
        """Whatever the trouble is, it is looked again."""
        try:
            await self._gather()
            written = await self._write()
            self._start()
            if not written or any(not self._queues[id_].waiting for id_ in written):
                await self._look()
        except Exception as error:
            if not self._troubled:  # once, not with every look
                log.warning("webhooks_wait", error=type(error).__name__)
            self._troubled = True
            await asyncio.sleep(self._pace.poll)
        else:
            self._troubled = False
        self._start()

    async def _pause(self) -> None:
        """Until one has ended: there is room then, and what comes after it is due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pace.poll):
                await self._news.wait()

    async def _gather(self) -> None:
        """A moment more, while others are on their way to the endpoints of those that have ended:
        they are written down in one statement.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(TOGETHER):
                while self._more_to_come():
                    self._news.clear()
                    await self._news.wait()

    def _more_to_come(self) -> bool:
        ended = Counter(outcome.row.endpoint_id for outcome in self._outcomes)
        return any(len(self._queues[id_].busy) > count for id_, count in ended.items())

    async def _look(self) -> None:
        """Read what is due, of endpoints that nobody else sends to."""
        now, queues = self._clock(), self._queues
        until = now + timedelta(seconds=self._pace.claim)
        own = {id_ for id_, queue in queues.items() if queue.busy or queue.waiting}
        async with self._open_unit() as uow:
            sending = self._sending(uow)
            claimed = set(await sending.claim(self._name, own, now, until))
            for id_ in own - claimed:
                queues[id_].waiting.clear()
            for id_ in claimed:
                queues.setdefault(id_, Queue(self._pace.per_endpoint)).until = until
            rooms = {id_: queues[id_].room for id_ in sorted(claimed) if queues[id_].room}
            if rooms:
                known = [key for id_ in rooms for key in queues[id_].known]
                for row in await sending.due(rooms, known, now):
                    queues[row.endpoint_id].waiting.append(Waiting(row, self._body_of(row)))

    def _sending(self, uow: UnitOfWork) -> SendingRepository:
        return SendingRepository(uow)  # tests put another in its place

    def _body_of(self, row: DueRow) -> Making:
        """Shared by all that tell the same in the same format, unless it is kept already."""
        if row.body is not None:
            return Making(self._trying.body)
        key = (row.event_id, row.format)
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = Making(self._trying.body)
        return making

    def _start(self) -> bool:
        """Whether anything was started."""
        limit = self._clock() + timedelta(seconds=self._pace.claim / 2)
        begun = [each for queue in self._queues.values() for each in queue.begun(limit)]
        for each in begun:
            task = asyncio.create_task(self._deliver(each))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(begun)

    async def _deliver(self, waiting: Waiting) -> None:
        row = waiting.row
        try:
            body = await waiting.body.of(row)
            self._outcomes.append(await self._trying.outcome(row, body))
        except Exception as error:
            log.error("webhook_not_tried", id=row.id, error=type(error).__name__)
            self._queues[row.endpoint_id].busy.discard(row.id)
        self._news.set()

    async def _write(self) -> set[int]:
        """Endpoints of what was written down."""
        ended = self._outcomes[: 1 if self._one_by_one else None]
        if not ended:
            return set()
        try:
            async with self._open_unit() as uow:
                await OutcomeRepository(uow, self._name).write(ended)
        except Exception as error:
            self._not_written(ended, error)
            raise
        self._forget(len(ended))
        for outcome in ended:
            self._tally[_word(outcome)] += 1
            _tell(outcome)
        return {outcome.row.endpoint_id for outcome in ended}

    def _not_written(self, outcomes: Sequence[Outcome], error: Exception) -> None:
        """One that the database will never have must not keep it from the others: it is dropped at
        last, and tried again.
        """
        if isinstance(error, UnavailableError):
            return
        self._one_by_one = True
        if len(outcomes) > 1:
            return
        outcomes[0].refused += 1
        if outcomes[0].refused == WRITING_TRIES:
            log.error("webhook_not_marked", id=outcomes[0].row.id, error=type(error).__name__)
            self._forget(1)

    def _forget(self, count: int) -> None:
        for outcome in self._outcomes[:count]:
            self._queues[outcome.row.endpoint_id].over(outcome)
        del self._outcomes[:count]
        self._one_by_one = self._one_by_one and bool(self._outcomes)

    async def _write_all(self) -> None:
        """Raises `UnavailableError`; other troubles are those of single ones."""
        while self._outcomes:
            try:
                await self._write()
            except UnavailableError:
                raise
            except Exception as error:
                log.warning("webhooks_wait", error=type(error).__name__)

    async def _release(self) -> None:
        """Others may send to the endpoints at once."""
        async with self._open_unit() as uow:
            await self._sending(uow).release(self._name)

    async def _finish(self) -> None:
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=self._pace.grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._write_all()
            await self._release()
        except Exception as error:  # they are sent again
            log.warning("webhooks_not_marked", error=type(error).__name__)


def _word(outcome: Outcome) -> str:
    return outcome.ruling.state.value if outcome.ended else "postponed"


def _tell(outcome: Outcome) -> None:
    row, tried, ruling = outcome.row, outcome.tried, outcome.ruling
    told = {
        "id": row.id,
        "endpoint": row.endpoint_id,
        "status": tried.status,
        "error": tried.error or None,
        "ms": tried.milliseconds,
        "tries": row.tries,
    }
    if ruling.disabled is not None:
        log.error("webhook_endpoint_disabled", reason=ruling.disabled.value, **told)
    if ruling.state is DeliveryState.DEAD:
        log.error("webhook_dead", **told)
    elif ruling.state is DeliveryState.PENDING:
        log.warning("webhook_postponed", due_at=ruling.due_at.isoformat(), **told)
    else:
        log.info("webhook_sent", **told)
