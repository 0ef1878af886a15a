"""One try of one message: made, signed, sent, and what that means for it."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from commerce.webhooks.repository.outcomes import Outcome
from commerce.webhooks.repository.sending import DueRow, SendingRepository
from commerce.webhooks.rules.outcomes import (
    FORGOTTEN,
    NO_BODY,
    History,
    Tried,
    Verdict,
    pause_asked,
    verdict,
)
from commerce.webhooks.rules.secrets import dialects_secret, signature
from commerce.webhooks.rules.standard import TEST

log: Final = structlog.get_logger("commerce.webhooks")

ANSWER_BYTES: Final = 16_384
COMPOSING: Final = 4  # bodies at once: dialects read for them
Formats = Mapping[WebhookFormat, Format]


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent. Nothing where there is nothing to tell any more, or a `flaw` is in the way.

    `sealed` is to be kept with what comes of it: only what says what the log says, and can be made
    anew letter by letter, is not kept before it is sent.
    """

    plain: bytes | None = None
    sealed: bytes | None = None
    flaw: str = ""


class Trying:
    """Has no transaction open while others are asked."""

    def __init__(
        self,
        open_unit: OpenUnit,
        client: SafeClient,
        formats: Formats,
        cipher: Cipher,
        clock: Clock,
    ) -> None:
        self._open_unit = open_unit
        self._client = client
        self._formats = formats
        self._cipher = cipher
        self._clock = clock
        self._composing = asyncio.Semaphore(COMPOSING)

    async def body(self, row: DueRow) -> Body:
        """What is sent of an event in the format of this delivery's endpoint."""
        try:
            if row.body is not None:
                return Body(self._cipher.decrypt(row.body))
            return await self._made(row, self._format(row))
        except LookupError:
            return Body(flaw=FORGOTTEN)
        except Exception as error:
            if not isinstance(error, UnavailableError):
                log.error("webhook_without_body", id=row.id, error=type(error).__name__)
            return Body(flaw=NO_BODY)

    async def outcome(self, row: DueRow, body: Body) -> Outcome:
        """Of sending it, or of having nothing to send."""
        now, format_ = self._clock(), self._format(row)
        if body.plain is not None:
            tried = await self._sent(row, format_, body.plain)
        elif body.flaw == FORGOTTEN:
            return Outcome(row, Tried(now, error=FORGOTTEN), Verdict(DeliveryState.DEAD, now))
        elif body.flaw:
            tried = Tried(now, error=body.flaw)
        else:
            return Outcome(row, Tried(now), Verdict(DeliveryState.SKIPPED, now))
        before = History(row.tries, row.first_tried_at or tried.at, row.failing_since)
        chance = random.random()  # noqa: S311  # jitter, no secret
        outcome = Outcome(row, tried, verdict(tried, before, format_, chance), body=body.sealed)
        outcome.keeps = not (outcome.ended and format_.personal)
        return outcome

    def _format(self, row: DueRow) -> Format:
        return self._formats[WebhookFormat(row.format)]

    async def _made(self, row: DueRow, format_: Format) -> Body:
        """Raises `LookupError` when the log knows nothing of the event any more."""
        async with self._composing:
            plain = await format_.body(_happened(row))
        if plain is None:
            return Body()
        sealed = self._cipher.encrypt(plain)
        if not format_.personal:
            return Body(plain, sealed)
        async with self._open_unit() as uow:
            kept = await SendingRepository(uow).freeze(row, sealed)
        return Body(flaw=NO_BODY) if kept is None else Body(self._cipher.decrypt(kept))

    async def _sent(self, row: DueRow, format_: Format, body: bytes) -> Tried:
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

    def _headers(self, row: DueRow, format_: Format, body: bytes) -> dict[str, str]:
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


def _happened(row: DueRow, *, known: bool = True) -> Happened:
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
