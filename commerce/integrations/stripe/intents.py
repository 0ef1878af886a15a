"""What a PaymentIntent or a Refund of Stripe says about an attempt of ours."""

from typing import Any, Final

from commerce.integrations.stripe.amounts import amount_of
from commerce.integrations.stripe.api import Json
from commerce.payments.ports import Outcome, OutcomeState

KEY: Final = "storegraph_key"  # in an object's metadata: which attempt it was made for
BY_CLIENT: Final = "storegraph_client"  # the buyer's browser confirms it
WAITING: Final = frozenset({"requires_payment_method", "requires_confirmation"})


def metadata_of(thing: Json) -> Json:
    found = thing.get("metadata")
    return found if isinstance(found, dict) else {}


def opening_outcome(intent: Json, publishable_key: str) -> Outcome:
    """What has come of the attempt that the intent was made for."""
    status, reference = intent.get("status"), intent.get("id")
    match status:
        case "succeeded":
            return _came(intent, "amount_received")
        case "requires_capture":
            return _came(intent, "amount_capturable")
        case "requires_action":
            return _to_do(intent, publishable_key)
        case "canceled":
            return Outcome.failed("canceled", payment_reference=reference, closed=True)
        case "requires_payment_method" | "requires_confirmation":
            if metadata_of(intent).get(BY_CLIENT):
                return _to_do(intent, publishable_key)
            return Outcome.failed(*decline_of(intent), payment_reference=reference)
        case _:  # processing, and whatever Stripe may add
            return Outcome.unknown(payment_reference=reference)


def capture_outcome(intent: Json) -> Outcome:
    """Of a capture: Stripe lets go of whatever was not part of it."""
    match intent.get("status"):
        case "succeeded":
            return _came(intent, "amount_received", closed=True)
        case "requires_capture":
            return Outcome.failed("never_arrived")
        case "canceled":
            return Outcome.failed("canceled", closed=True)
        case _:
            return Outcome.unknown()


def void_outcome(intent: Json) -> Outcome:
    match intent.get("status"):
        case "canceled":
            return Outcome(OutcomeState.SUCCEEDED)
        case "succeeded":
            return Outcome.failed("already_captured")
        case "requires_capture":
            return Outcome.failed("never_arrived")
        case _:
            return Outcome.unknown()


def refund_outcome(refund: Json) -> Outcome:
    reference = refund.get("id")
    match refund.get("status"):
        case "succeeded":
            amount = amount_of(refund["amount"], currency_of(refund))
            return Outcome(OutcomeState.SUCCEEDED, provider_reference=reference, amount=amount)
        case "failed" | "canceled":
            code = str(refund.get("failure_reason") or refund["status"])
            return Outcome.failed(code, provider_reference=reference)
        case _:
            return Outcome(OutcomeState.UNKNOWN, provider_reference=reference)


def decline_of(intent: Json) -> tuple[str, str]:
    """Stripe's word for why the last try failed, and its sentence for the buyer."""
    error: Any = intent.get("last_payment_error") or {}
    code = error.get("decline_code") or error.get("code") or "never_arrived"
    return str(code), str(error.get("message") or "")


def currency_of(thing: Json) -> str:
    return str(thing["currency"]).upper()


def _came(intent: Json, column: str, *, closed: bool = False) -> Outcome:
    return Outcome(
        OutcomeState.SUCCEEDED,
        amount=amount_of(intent.get(column) or 0, currency_of(intent)) or None,
        payment_reference=intent.get("id"),
        closed=closed,
    )


def _to_do(intent: Json, publishable_key: str) -> Outcome:
    error, action = intent.get("last_payment_error"), intent.get("next_action")
    target: Any = action.get("redirect_to_url") if isinstance(action, dict) else None
    url = target.get("url") if isinstance(target, dict) else None
    return Outcome(
        OutcomeState.ACTION_REQUIRED,
        decline_code=decline_of(intent)[0] if error else None,
        message=decline_of(intent)[1] if error else "",
        payment_reference=intent.get("id"),
        next_action={
            "kind": "redirect" if url else "confirm",
            "clientSecret": intent.get("client_secret"),
            "publishableKey": publishable_key,
            "redirectUrl": url,
        },
    )
