"""Sends what is queued, in every server process; they share the work through the database."""

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta
from traceback import extract_tb
from typing import Any, Final

import structlog

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.notifications.handlers import Handlers, Prepared
from commerce.notifications.kinds import NotificationState
from commerce.notifications.ports import DeliveryError
from commerce.notifications.post import PostOffice
from commerce.notifications.repository import MessageRow, OutgoingMessageRepository
from commerce.notifications.repository.log import NotificationLogRepository
from commerce.notifications.rules import TRIES, wait_after
from commerce.notifications.service.log import entry_values

log: Final = structlog.get_logger("commerce.notifications")

MARKING_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. A lease outlasts the longest try with its marking, so that nothing overlaps."""

    poll: float = 1.0
    side_by_side: int = 8
    longest_try: float = 60.0
    lease: float = 120.0
    grace: float = 5.0


class Deliverer:
    """Takes due messages and sends them, with no transaction open meanwhile.

    A message is marked after it was sent: a process that dies in between leaves it to be sent
    a second time, once its lease has run out. None is lost.
    """

    def __init__(
        self,
        open_unit: OpenUnit,
        handlers: Handlers[Any],
        post: PostOffice,
        clock: Clock,
        pace: Pace = Pace(),
    ) -> None:
        self._open_unit = open_unit
        self._handlers = handlers
        self._post = post
        self._clock = clock
        self._pace = pace
        self._running: set[asyncio.Task[None]] = set()
        self._troubled = False

    async def run(self) -> None:
        """Until cancelled; what is being sent then gets a moment to end."""
        try:
            while True:
                if not await self._start_due():
                    await self._pause()
        finally:
            await self._finish()

    async def deliver_due(self) -> int:
        """Send what is due now, and answer how many messages were tried."""
        rows = await self._lease(self._pace.side_by_side)
        await asyncio.gather(*(self._deliver(row) for row in rows))
        return len(rows)

    async def _start_due(self) -> bool:
        """Whether there was something to start. Whatever the trouble is, it is looked again."""
        try:
            rows = await self._lease(self._pace.side_by_side - len(self._running))
        except Exception as error:
            if not self._troubled:  # once, not with every look
                log.warning("messages_wait", **_described(error))
            self._troubled = True
            return False
        self._troubled = False
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return bool(rows)

    async def _lease(self, count: int) -> list[MessageRow]:
        if count <= 0:
            return []
        now = self._clock()
        until = now + timedelta(seconds=self._pace.lease)
        async with self._open_unit() as uow:
            return list(await self._messages(uow).lease(count, now, until))

    def _messages(self, uow: Any) -> OutgoingMessageRepository:
        return OutgoingMessageRepository(uow)

    async def _pause(self) -> None:
        """Until it is worth looking again: some time has passed, or a full house has room."""
        if len(self._running) < self._pace.side_by_side:
            await asyncio.sleep(self._pace.poll)
        else:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def _finish(self) -> None:
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=self._pace.grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _deliver(self, row: MessageRow) -> None:
        if row.tries > TRIES:  # nobody lived to tell how the last try went
            went = Went(DeliveryError("abandoned", permanent=True))
        else:
            went = await self._tried(row)
        for _ in range(MARKING_TRIES):
            try:
                await self._mark(row, went)
                return
            except Exception as error:
                log.warning("message_not_marked", id=row.id, kind=row.kind, **_described(error))
                await asyncio.sleep(self._pace.poll)

    async def _tried(self, row: MessageRow) -> "Went":
        prepared: Prepared | None = None
        try:
            async with asyncio.timeout(self._pace.longest_try):
                prepared = await self._handlers.message(row)
                if prepared.message is None or not self._post.carries(prepared.message):
                    return Went()
                await self._post.send(prepared.message)
        except DeliveryError as error:
            return Went(error, prepared)
        except TimeoutError:
            return Went(DeliveryError("timeout"), prepared)
        except UnavailableError:
            return Went(DeliveryError("database_away"), prepared)
        except Exception as error:
            log.error("message_failed", id=row.id, kind=row.kind, **_described(error))
            return Went(DeliveryError(f"bug_{type(error).__name__}"), prepared)
        return Went(None, prepared)

    async def _mark(self, row: MessageRow, went: "Went") -> None:
        """What became of it is in the log with what becomes of the row, or not at all."""
        async with self._open_unit() as uow:
            await uow.transact(lambda: self._marked(uow, row, went))

    async def _marked(self, uow: Any, row: MessageRow, went: "Went") -> None:
        messages, failure = self._messages(uow), went.failure
        if failure is None:
            if await messages.remove(row.id) and went.prepared is not None:
                await self._note(uow, row, went, NotificationState.SENT)
            log.info("message_sent", id=row.id, kind=row.kind, tries=row.tries)
            return
        told = {"id": row.id, "kind": row.kind, "reason": failure.reason, "tries": row.tries}
        wait = None if failure.permanent else wait_after(row.tries, random.random())  # noqa: S311  # jitter, no secret
        if wait is None:
            if await messages.bury(row, self._clock(), failure.reason):
                await self._note(uow, row, went, NotificationState.FAILED)
            log.error("message_died", **told)
            return
        if await messages.postpone(row, self._clock() + wait, failure.reason):
            await self._note(uow, row, went, NotificationState.WAITING)
        log.warning("message_postponed", seconds=round(wait.total_seconds()), **told)

    async def _note(
        self, uow: Any, row: MessageRow, went: "Went", state: NotificationState
    ) -> None:
        """In the log of what was sent, where it is of a kind that is kept there."""
        reason = "" if went.failure is None else went.failure.reason
        values = entry_values(row, went.prepared, state, reason, self._clock())
        if values is not None:
            await NotificationLogRepository(uow, SYSTEM).write(values)


@dataclass(frozen=True, slots=True)
class Went:
    """How a try went: `failure` None when it was sent, or there was nobody to send it to. That is
    what it is without anything `prepared`.
    """

    failure: DeliveryError | None = None
    prepared: Prepared | None = None


def _described(error: Exception) -> dict[str, str]:
    """What went wrong and where, without the error's message: that may quote an address."""
    last = extract_tb(error.__traceback__)[-1]
    return {"error": type(error).__name__, "where": f"{last.filename}:{last.lineno}"}
