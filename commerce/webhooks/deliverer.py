"""Sends what is due, in every server process; they share the work through the database."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Final

import structlog

from commerce.core.cipher import Cipher, UnreadableError
from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.core.outgoing import OutgoingError, SafeClient
from commerce.core.problems import UnavailableError
from commerce.webhooks.kinds import DeliveryState, WebhookFormat
from commerce.webhooks.ports import Format
from commerce.webhooks.repository.sending import LeasedRow, SendingRepository
from commerce.webhooks.rules.outcomes import History, Tried, Verdict, pause_asked, verdict
from commerce.webhooks.rules.secrets import dialects_secret, signature
from commerce.webhooks.rules.standard import TEST

log: Final = structlog.get_logger("commerce.webhooks")

MARKING_TRIES: Final = 5
ANSWER_BYTES: Final = 16_384
GONE: Final = "forgotten"  # the event is in the log no more
NO_BODY: Final = "no_body"

Formats = Mapping[WebhookFormat, Format]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. A lease outlasts the longest try with its marking, so that nothing overlaps."""

    poll: float = 0.25
    per_endpoint: int = 4
    composing: int = 4
    lease: float = 60.0
    grace: float = 5.0


class Deliverer:
    """Takes due deliveries and sends them, with no transaction open meanwhile.

    A delivery is marked after it was sent: a process that dies in between leaves it to be sent a
    second time with the same id, once its lease has run out. None is lost.
    """

    def __init__(
        self,
        open_unit: OpenUnit,
        client: SafeClient,
        formats: Formats,
        cipher: Cipher,
        clock: Clock,
        pace: Pace = Pace(),
    ) -> None:
        self._open_unit = open_unit
        self._client = client
        self._formats = formats
        self._cipher = cipher
        self._clock = clock
        self._pace = pace
        self._running: set[asyncio.Task[None]] = set()
        self._composing = asyncio.Semaphore(pace.composing)
        self._ended = asyncio.Event()
        self._troubled = False

    async def run(self) -> None:
        """Until cancelled; what is being sent then gets a moment to end."""
        try:
            while True:
                self._ended.clear()
                if not await self._start_due():
                    await self._pause()
        finally:
            await self._finish()

    async def deliver_due(self) -> int:
        """Send what is due now, and answer how many deliveries were tried."""
        rows = await self._lease()
        await asyncio.gather(*(self._deliver(row) for row in rows))
        return len(rows)

    async def _start_due(self) -> bool:
        """Whether there was something to start. Whatever the trouble is, it is looked again."""
        try:
            rows = await self._lease()
        except Exception as error:
            if not self._troubled:  # once, not with every look
                log.warning("webhooks_wait", error=type(error).__name__)
            self._troubled = True
            return False
        self._troubled = False
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._running.add(task)
            task.add_done_callback(self._over)
        return bool(rows)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._ended.set()  # there is room, and what comes after it is due

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._pace.poll):
                await self._ended.wait()
        except TimeoutError:
            return

    async def _lease(self) -> list[LeasedRow]:
        now = self._clock()
        until = now + timedelta(seconds=self._pace.lease)
        async with self._open_unit() as uow:
            sending = self._sending(uow)
            if not await sending.any_due(now):
                return []
            return list(
                await uow.transact(lambda: sending.lease(self._pace.per_endpoint, now, until))
            )

    def _sending(self, uow: object) -> SendingRepository:
        return SendingRepository(uow)  # type: ignore[arg-type]  # tests put another in its place

    async def _finish(self) -> None:
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=self._pace.grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _deliver(self, row: LeasedRow) -> None:
        format_ = self._formats[WebhookFormat(row.format)]
        tried, ruling = await self._tried(row, format_)
        for _ in range(MARKING_TRIES):
            try:
                await self._mark(row, format_, tried, ruling)
                return
            except Exception as error:
                log.warning("webhook_not_marked", id=row.id, error=type(error).__name__)
                await asyncio.sleep(self._pace.poll)

    async def _tried(self, row: LeasedRow, format_: Format) -> tuple[Tried, Verdict]:
        now = self._clock()
        try:
            body = await self._body(row, format_)
        except LookupError:
            tried = Tried(now, error=GONE)
            return tried, Verdict(DeliveryState.DEAD, now)
        except Exception as error:
            if not isinstance(error, UnavailableError):
                log.error("webhook_without_body", id=row.id, error=type(error).__name__)
            tried = Tried(now, error=NO_BODY)
        else:
            if body is None:
                return Tried(now), Verdict(DeliveryState.SKIPPED, now)
            tried = await self._sent(row, format_, body)
        before = History(row.tries, row.first_tried_at, row.failing_since)
        chance = random.random()  # noqa: S311  # jitter, no secret
        return tried, verdict(tried, before, format_, chance)

    async def _body(self, row: LeasedRow, format_: Format) -> bytes | None:
        """What was sent before, or what is to be from now on.

        Raises `LookupError` when the log knows nothing of the event any more.
        """
        if row.body is not None:
            return self._cipher.decrypt(row.body)
        async with self._composing:
            body = await format_.body(_happened(row))
        if body is not None:
            async with self._open_unit() as uow:
                if not await self._sending(uow).freeze(row, self._cipher.encrypt(body)):
                    raise UnavailableError("Somebody else sends it by now.")
        return body

    async def _sent(self, row: LeasedRow, format_: Format, body: bytes) -> Tried:
        now, began = self._clock(), monotonic()
        tried = Tried(now)
        try:
            headers = self._headers(row, format_, body)
            answer = await self._client.request(
                "POST",
                row.url,
                headers=headers,
                content=body,
                timeout=format_.answer_within,
                max_bytes=ANSWER_BYTES,
            )
        except OutgoingError as error:
            tried = replace(tried, error=error.reason)
        except UnreadableError:
            tried = replace(tried, error="unreadable_secret")
        except Exception as error:
            log.error("webhook_failed", id=row.id, error=type(error).__name__)
            tried = replace(tried, error=f"bug_{type(error).__name__}")
        else:
            tried = replace(
                tried,
                status=answer.status,
                answer=answer.content.decode("utf-8", "replace").replace("\0", "\ufffd"),
                retry_after=pause_asked(answer.headers.get("retry-after"), now),
            )
        return replace(tried, milliseconds=round((monotonic() - began) * 1000))

    def _headers(self, row: LeasedRow, format_: Format, body: bytes) -> dict[str, str]:
        now, happened = self._clock(), _happened(row, known=False)
        secrets = [row.secret]
        if row.previous_until is not None and row.previous_until > now:
            secrets.append(row.previous_secret)
        known = [self._cipher.decrypt(sealed).decode() for sealed in secrets]
        return {
            "content-type": "application/json",
            "user-agent": "Storegraph-Webhooks",
            "webhook-id": happened.name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature(happened.name, now, body, known),
            **format_.headers(happened, body, dialects_secret(known, row.tries)),
        }

    async def _mark(self, row: LeasedRow, format_: Format, tried: Tried, ruling: Verdict) -> None:
        ended = ruling.state is not DeliveryState.PENDING
        keeps = not (ended and format_.personal)

        async def work() -> None:
            # The endpoint first, as whoever takes its deliveries locks them in this order.
            if tried.delivered and row.failing_since is not None:
                await sending.well(row.endpoint_id)
            elif _failed(tried) and row.failing_since is None:
                await sending.failing(row.endpoint_id, tried.at)
            if ruling.disabled is not None:
                await sending.disable(row.endpoint_id, ruling.disabled.value, tried.at)
            await sending.mark(row, tried, ruling, ended=ended, keeps=keeps)

        async with self._open_unit() as uow:
            sending = self._sending(uow)
            await uow.transact(work)
        _tell(row, tried, ruling)


def _failed(tried: Tried) -> bool:
    """Whether the endpoint is to blame."""
    asked = tried.status is not None or tried.error not in ("", GONE, NO_BODY)
    return asked and not tried.delivered


def _happened(row: LeasedRow, *, known: bool = True) -> Happened:
    """Raises `LookupError` when it is to be `known` what happened, and is not."""
    test = row.event_type == TEST
    if known and not test and row.occurred_at is None:
        raise LookupError(row.position)
    return Happened(
        event_id=row.event_id,
        type=None if test else EventType(row.event_type),
        resource_type=row.resource_type,
        resource_id=row.resource_id,
        resource_sequence=row.sequence,
        occurred_at=row.created_at if row.occurred_at is None else row.occurred_at,
        data=row.data or {},
    )


def _tell(row: LeasedRow, tried: Tried, ruling: Verdict) -> None:
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
