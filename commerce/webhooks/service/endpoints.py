"""Endpoints: added, changed, tried out and removed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from commerce.core.cipher import Cipher
from commerce.core.clock import Clock
from commerce.core.ids import time_ordered_id
from commerce.core.outgoing import SafeClient, UnsafeAddressError
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken, version_conflict
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.staff.problems import ScopeNotHeld
from commerce.webhooks.criteria import EVERY_ENDPOINT, EndpointWhere
from commerce.webhooks.kinds import WebhookFormat
from commerce.webhooks.repository.deliveries import DeliveryRow, WebhookDeliveryRepository
from commerce.webhooks.repository.endpoints import EndpointRow, WebhookEndpointRepository
from commerce.webhooks.rules.endpoints import MAX_ENDPOINTS, endpoint_flaw
from commerce.webhooks.rules.secrets import new_secret, secret_flaw
from commerce.webhooks.rules.standard import TEST

OVERLAP: Final = timedelta(hours=24)
# What the standard's messages tell, and what those of dialects do.
TOLD: Final = {
    True: (Scope.READ_EVENTS,),
    False: (
        Scope.READ_ORDERS,
        Scope.READ_CUSTOMERS,
        Scope.READ_PRODUCTS,
        Scope.READ_PRICES,
        Scope.READ_STOCK,
    ),
}


@dataclass(frozen=True, slots=True)
class WithSecret:
    """An endpoint with its new secret, which is shown this once."""

    row: EndpointRow
    secret: str


class WebhookEndpointService:
    def __init__(
        self,
        endpoints: WebhookEndpointRepository,
        deliveries: WebhookDeliveryRepository,
        client: SafeClient,
        cipher: Cipher,
        viewer: Viewer,
        clock: Clock,
    ) -> None:
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._client = client
        self._cipher = cipher
        self._viewer = viewer
        self._clock = clock

    async def page(self, where: EndpointWhere, args: PageArgs) -> Page[EndpointRow]:
        return await self._endpoints.page(where, args)

    async def count(self, where: EndpointWhere, limit: int | None) -> Count:
        return await self._endpoints.count(where, limit)

    async def create(
        self, values: dict[str, Any], secret: str | None = None
    ) -> WithSecret | Problem:
        """`secret` is one that receivers know already, for formats other than the standard.

        A key of Shopkit's has one of its own: what it adds signs with that.
        """
        format_ = values.get("format", WebhookFormat.STANDARD)
        flaw = self._right_flaw(format_) or self._flaw(values) or _brought_flaw(format_, secret)
        if flaw is not None:
            return flaw
        if (await self._endpoints.count(EVERY_ENDPOINT, MAX_ENDPOINTS)).count >= MAX_ENDPOINTS:
            return Invalid(f"There are at most {MAX_ENDPOINTS} endpoints.")
        text = secret or self._own_secret(format_) or new_secret()
        now = self._clock()
        row = await self._endpoints.add(
            **_stored(values), secret=self._sealed(text), created_at=now, updated_at=now
        )
        return row if isinstance(row, Taken) else WithSecret(row, text)

    async def update(
        self, id_: int, values: dict[str, Any], expected: int | None
    ) -> EndpointRow | Problem:
        """Switching it on again forgets why it was off; what waited for it is sent."""
        stored = await self._to_change(id_, expected)
        if isinstance(stored, Problem):
            return stored
        flaw = self._right_flaw(stored.format) or self._flaw(values)
        if flaw is not None:
            return flaw
        now, changes = self._clock(), _stored(values)
        if changes.get("active"):
            changes |= {"disabled_reason": None, "disabled_at": None, "failing_since": None}
        elif changes.get("active") is False and stored.active:
            changes |= {"disabled_at": now}
        changed: EndpointRow | Taken = await self._endpoints.change(id_, changes, now)
        return changed

    async def delete(self, id_: int, expected: int | None) -> int | Problem:
        stored = await self._to_change(id_, expected)
        if isinstance(stored, Problem):
            return stored
        await self._endpoints.remove(id_)
        return id_

    async def rotate(self, id_: int) -> WithSecret | Problem:
        """Another secret; the one in use signs too for a day."""
        stored = await self._to_change(id_)
        if isinstance(stored, Problem):
            return stored
        text, now = new_secret(), self._clock()
        row = await self._endpoints.rotate(id_, self._sealed(text), now, now + OVERLAP)
        return WithSecret(row, text)

    async def test(self, id_: int) -> DeliveryRow | Problem:
        """A message that says it is a test is on its way."""
        stored = await self._to_change(id_)
        if isinstance(stored, Problem):
            return stored
        if not stored.active:
            return Invalid("Nothing is sent to it while it is not active.", ("id",))
        event_id = time_ordered_id()
        return await self._deliveries.add_test(id_, event_id, TEST, self._clock())

    async def _to_change(self, id_: int, expected: int | None = None) -> EndpointRow | Problem:
        stored = await self._endpoints.to_change(id_)
        if stored is None:
            return NotFound("There is no WebhookEndpoint with this id.", ("id",))
        conflict = version_conflict("endpoint", stored.version, expected)
        return stored if conflict is None else conflict

    def _flaw(self, values: dict[str, Any]) -> Invalid | None:
        flaw = endpoint_flaw(values)
        if flaw is not None or "url" not in values:
            return flaw
        try:
            self._client.check(values["url"].strip())
        except UnsafeAddressError as error:
            return Invalid(str(error), ("url",))
        return None

    def _right_flaw(self, format_: WebhookFormat) -> Problem | None:
        """An endpoint is told what its format tells: nobody sends out what they may not read."""
        if self._viewer.may(*TOLD[format_ is WebhookFormat.STANDARD]):
            return None
        return ScopeNotHeld("You cannot have told what you may not read.", ("format",))

    def _own_secret(self, format_: WebhookFormat) -> str | None:
        viewer = self._viewer
        if format_ is not WebhookFormat.SHOPKIT or viewer.kind is not ViewerKind.API_KEY:
            return None
        return None if viewer.id is None else self.client_secret(viewer.id)

    def client_secret(self, key_id: int) -> str:
        """What messages of Shopkit's format are signed with that an API key has asked for."""
        return self._cipher.mark(f"api-key/{key_id}")

    def _sealed(self, secret: str) -> bytes:
        return self._cipher.encrypt(secret.encode())


def _brought_flaw(format_: WebhookFormat, secret: str | None) -> Invalid | None:
    if secret is None:
        return None
    if format_ is WebhookFormat.STANDARD:
        return Invalid("The standard's secrets are made here.", ("secret",))
    return secret_flaw(secret)


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """As columns hold them: no events named are all of them."""
    stored = dict(values)
    if "url" in stored:
        stored["url"] = stored["url"].strip()
    if "events" in stored:
        stored["events"] = sorted({type_.value for type_ in stored["events"] or ()})
    return stored
