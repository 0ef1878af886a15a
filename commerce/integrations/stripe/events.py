"""Reports that Stripe sends by itself: who signed them, and what they say."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from commerce.core.exact_json import JsonError, read_json
from commerce.integrations.stripe.amounts import amount_of
from commerce.integrations.stripe.api import Json
from commerce.integrations.stripe.intents import (
    BY_CLIENT,
    KEY,
    capture_outcome,
    currency_of,
    decline_of,
    metadata_of,
    opening_outcome,
    refund_outcome,
)
from commerce.payments.kinds import AttemptKind
from commerce.payments.ports import EventRefusedError, Outcome, OutcomeState, ProviderEvent

TOLERANCE: Final = 300  # seconds between Stripe's clock and ours
REFUNDS: Final = frozenset(
    {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
)


def signed(body: bytes, secret: str, at: int) -> str:
    """The signature of a body that was sent at this Unix time."""
    return hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()


def check_signature(header: str, body: bytes, secret: str, now: datetime) -> None:
    """Raises `EventRefusedError`. While a secret is changed there are two signatures."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) < 12):
        raise EventRefusedError("the report has no time")
    expected = signed(body, secret, int(times[0])).encode()
    if not any(hmac.compare_digest(expected, one.encode("utf-8", "replace")) for one in given):
        raise EventRefusedError("the report is not signed with this secret")
    if abs(now.timestamp() - int(times[0])) > TOLERANCE:
        raise EventRefusedError("the report is too old")


def read_event(body: bytes, publishable_key: str) -> ProviderEvent | None:
    """None for what is of no interest; raises `EventRefusedError` for what cannot be read."""
    try:
        event = read_json(body)
        id_, kind, thing = event["id"], event["type"], event["data"]["object"]
        told = _told(str(kind), thing, publishable_key)
        if told is None or told[1].state is OutcomeState.UNKNOWN:
            return None
        what, outcome = told
        key = metadata_of(thing).get(KEY)
        return ProviderEvent(
            provider="stripe",
            id=str(id_),
            kind=what,
            key=None if key is None else str(key),
            payment_reference=_reference(thing),
            outcome=outcome,
        )
    except (JsonError, KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise EventRefusedError("the report cannot be read") from None


def header_of(headers: Mapping[str, str]) -> str:
    named = {name.lower(): value for name, value in headers.items()}
    return named.get("stripe-signature", "")


def _told(kind: str, thing: Json, publishable_key: str) -> tuple[AttemptKind, Outcome] | None:
    if kind in REFUNDS:
        return AttemptKind.REFUND, refund_outcome(thing)
    later = thing.get("capture_method") == "manual"
    opening = AttemptKind.AUTHORIZE if later else AttemptKind.CHARGE
    match kind:
        case "payment_intent.succeeded" if later:
            return AttemptKind.CAPTURE, capture_outcome(thing)
        case "payment_intent.succeeded" | "payment_intent.requires_action":
            return opening, opening_outcome(thing, publishable_key)
        case "payment_intent.amount_capturable_updated":
            return opening, _capturable(thing)
        case "payment_intent.canceled":
            return opening, Outcome.failed("canceled", payment_reference=thing["id"], closed=True)
        case "payment_intent.payment_failed":
            return opening, _declined(thing, publishable_key)
        case _:
            return None


def _capturable(intent: Json) -> Outcome:
    amount = amount_of(intent["amount_capturable"], currency_of(intent))
    return Outcome(OutcomeState.SUCCEEDED, amount=amount, payment_reference=intent["id"])


def _declined(intent: Json, publishable_key: str) -> Outcome:
    """A buyer who confirms in the browser may try another card: that payment goes on."""
    if metadata_of(intent).get(BY_CLIENT):
        return opening_outcome(intent, publishable_key)
    return Outcome.failed(*decline_of(intent), payment_reference=intent["id"])


def _reference(thing: Any) -> str | None:
    """What Stripe calls the payment that a report is about."""
    found = thing["id"] if thing.get("object") == "payment_intent" else thing.get("payment_intent")
    return None if found is None else str(found)
