"""What was delivered, and what is to be once more."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from commerce.core.cipher import Cipher, UnreadableError
from commerce.core.clock import Clock
from commerce.core.events import EventType
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.webhooks.kinds import DeliveryState
from commerce.webhooks.repository.deliveries import DeliveryRow, WebhookDeliveryRepository
from commerce.webhooks.repository.endpoints import WebhookEndpointRepository

REPLAYED_AT_ONCE: Final = 10_000
FORGOTTEN_AT_ONCE: Final = 10_000
MAX_POSITION: Final = 2**63 - 1
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Range:
    """Positions between `after` and `before`, both left out, and times from `since` to `until`."""

    after: int | None = None
    before: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def everything(self) -> bool:
        return (self.after, self.before, self.since, self.until) == (None,) * 4


class WebhookDeliveryService:
    def __init__(
        self,
        deliveries: WebhookDeliveryRepository,
        endpoints: WebhookEndpointRepository,
        cipher: Cipher,
        clock: Clock,
        kept: timedelta,
    ) -> None:
        self._deliveries = deliveries
        self._endpoints = endpoints
        self._cipher = cipher
        self._clock = clock
        self._kept = kept

    def opened(self, body: bytes | None) -> str | None:
        """What is sent; None when it is not made yet, not kept, or sealed by a lost secret."""
        try:
            return None if body is None else self._cipher.decrypt(body).decode()
        except UnreadableError:
            return None

    async def retry(self, id_: int) -> DeliveryRow | Problem:
        """Send it now, whatever came of it before. What is being sent right now is not sent twice:
        its sender knows of it.
        """
        stored = await self._deliveries.to_change(id_)
        if stored is None:
            return NotFound("There is no WebhookDelivery with this id.", ("id",))
        now = self._clock()
        if stored.state is not DeliveryState.PENDING:
            return await self._deliveries.send_again(id_, now)
        return await self._deliveries.hurry(id_, now)

    async def replay(self, endpoint_id: int, wanted: Range) -> int | Problem:
        """How many events of the log are on their way to the endpoint, again or at last."""
        if await self._endpoints.to_change(endpoint_id) is None:
            return NotFound("There is no WebhookEndpoint with this id.", ("endpoint_id",))
        if wanted.everything:
            return Invalid("Say from where on or up to where.", ("after",))
        values = {
            "types": [type_.value for type_ in EventType],
            "after": 0 if wanted.after is None else wanted.after,
            "before": MAX_POSITION if wanted.before is None else wanted.before,
            "since": wanted.since or EARLIEST,
            "until": wanted.until or LATEST,
            "now": self._clock(),
            "at_most": REPLAYED_AT_ONCE + 1,
        }
        replayed = await self._deliveries.replay(endpoint_id, values)
        if replayed > REPLAYED_AT_ONCE:  # undone with the problem
            message = f"These are more than {REPLAYED_AT_ONCE} events: take them in parts."
            return Invalid(message, ("before",))
        return replayed

    async def forget(self) -> int:
        """Delete some of the deliveries that were kept as long as events are."""
        return await self._deliveries.forget(self._clock() - self._kept, FORGOTTEN_AT_ONCE)
