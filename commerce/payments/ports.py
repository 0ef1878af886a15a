"""What payments need of the world outside: somebody who moves the money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from commerce.payments.kinds import AttemptKind, AttemptState


class OutcomeState(Enum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ACTION_REQUIRED = "action_required"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider says has come of an attempt.

    FAILED is certain: no money moved, and none will for this attempt. Whatever leaves a doubt is
    UNKNOWN. `amount` is what moved, None for all that was asked. `payment_reference` is what the
    provider calls the payment, `provider_reference` what it calls this very movement. `closed`
    says that whatever was not captured is let go. `next_action` is for the buyer's browser:
    `{kind, clientSecret, publishableKey, redirectUrl}`; it is never stored with its secret.
    """

    state: OutcomeState
    provider_reference: str | None = None
    amount: Decimal | None = None
    decline_code: str | None = None
    message: str = ""
    next_action: Mapping[str, Any] | None = field(default=None, repr=False)
    payment_reference: str | None = None
    closed: bool = False

    @classmethod
    def unknown(cls, payment_reference: str | None = None) -> "Outcome":
        return cls(OutcomeState.UNKNOWN, payment_reference=payment_reference)

    @classmethod
    def failed(cls, code: str, message: str = "", **details: Any) -> "Outcome":
        return cls(OutcomeState.FAILED, decline_code=code, message=message, **details)


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """One attempt, as a provider is asked for it; asked twice with the same `key` it acts once.

    `payment_reference` is what the provider calls the payment, `provider_reference` what it calls
    this very movement, where it has said so before. `by_client` payments are confirmed by the
    buyer's browser. `data` is what the buyer chose to pay with: it is passed on and never stored.
    """

    provider: str
    kind: AttemptKind
    state: AttemptState
    key: str
    amount: Decimal
    currency: str
    created_at: datetime
    payment_reference: str | None = None
    provider_reference: str | None = None
    by_client: bool = False
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """What a provider has reported by itself.

    `key` is ours, of the payment's first attempt or of the refund, None where somebody acted at
    the provider's own site.
    """

    provider: str
    id: str
    kind: AttemptKind
    key: str | None
    payment_reference: str | None
    outcome: Outcome


class EventRefusedError(Exception):
    """What was received is not from the provider, or cannot be read."""


class PaymentProvider(Protocol):
    """Answers `Outcome.unknown()` or raises when it cannot say what came of a call."""

    name: str

    def takes(self, amount: Decimal, currency: str) -> bool:
        """Whether just so much can be paid at all; asks nobody."""

    async def authorize(self, call: ProviderCall) -> Outcome:
        """Have `amount` set aside, to be captured later."""

    async def charge(self, call: ProviderCall) -> Outcome:
        """Take `amount` at once."""

    async def capture(self, call: ProviderCall) -> Outcome:
        """Take `amount` of what was set aside."""

    async def void(self, call: ProviderCall) -> Outcome:
        """Let go of what was set aside and not captured."""

    async def refund(self, call: ProviderCall) -> Outcome:
        """Give `amount` of what was taken back."""

    async def look_up(self, call: ProviderCall) -> Outcome:
        """What has come of an attempt that may or may not have reached the provider."""

    async def abandon(self, call: ProviderCall) -> Outcome:
        """End a payment that still waits for its buyer. FAILED: from now on it cannot succeed;
        SUCCEEDED: it already has."""

    def read_event(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent | None:
        """None for what is of no interest here; raises `EventRefusedError`."""

    async def close(self) -> None:
        """Give connections back."""
