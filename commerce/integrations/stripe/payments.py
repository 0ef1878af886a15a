"""The adapter: each attempt is made with its own key, so that asking again never pays twice."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.integrations.stripe.amounts import units_of
from commerce.integrations.stripe.api import Form, Json, Refusal, StripeApi, StripeDoubtError
from commerce.integrations.stripe.events import check_signature, header_of, read_event
from commerce.integrations.stripe.intents import (
    BY_CLIENT,
    KEY,
    WAITING,
    capture_outcome,
    metadata_of,
    opening_outcome,
    refund_outcome,
    void_outcome,
)
from commerce.payments.kinds import OPENING, AttemptKind
from commerce.payments.ports import EventRefusedError, Outcome, ProviderCall, ProviderEvent

# Stripe remembers keys for a day at least; what was made before is found by its search.
KEYS_LIVE: Final = timedelta(hours=23)
SEARCHABLE: Final = timedelta(minutes=10)  # Stripe's search knows of new payments after a minute
NOT_PAYABLE: Final = Outcome.failed("amount_not_payable", "This amount cannot be paid by card.")
NEVER_ARRIVED: Final = Outcome.failed("never_arrived")


class StripePayments:
    """A payment is one PaymentIntent. It is made first and confirmed by a second call, so that
    making it can be repeated without knowing what the buyer pays with.
    """

    name = "stripe"

    def __init__(
        self, api: StripeApi, publishable_key: str, webhook_secret: str, clock: Clock
    ) -> None:
        self._api = api
        self._publishable_key = publishable_key
        self._webhook_secret = webhook_secret
        self._clock = clock

    def takes(self, amount: Decimal, currency: str) -> bool:
        return units_of(amount, currency) is not None

    async def authorize(self, call: ProviderCall) -> Outcome:
        return await self._opened(call)

    async def charge(self, call: ProviderCall) -> Outcome:
        return await self._opened(call)

    async def capture(self, call: ProviderCall) -> Outcome:
        units = units_of(call.amount, call.currency)
        if units is None:
            return NOT_PAYABLE
        form = {"amount_to_capture": str(units)}
        answer = await self._api.post(_path(call, "capture"), form, call.key)
        if isinstance(answer, Refusal):
            return await self._refused(call, answer)
        return capture_outcome(answer)

    async def void(self, call: ProviderCall) -> Outcome:
        answer = await self._api.post(_path(call, "cancel"), {}, call.key)
        if isinstance(answer, Refusal):
            return await self._refused(call, answer)
        return void_outcome(answer)

    async def refund(self, call: ProviderCall) -> Outcome:
        units = units_of(call.amount, call.currency)
        if units is None:
            return NOT_PAYABLE
        form = {
            "payment_intent": str(call.payment_reference),
            "amount": str(units),
            f"metadata[{KEY}]": call.key,
        }
        answer = await self._api.post("refunds", form, call.key)
        return _failed(answer) if isinstance(answer, Refusal) else refund_outcome(answer)

    async def look_up(self, call: ProviderCall) -> Outcome:
        if call.kind is AttemptKind.REFUND:
            return await self._refund_found(call)
        intent = await self._intent(call)
        if intent is None:
            return NEVER_ARRIVED
        if isinstance(intent, Refusal):
            return _doubted(intent)
        if call.kind is AttemptKind.CAPTURE:
            return capture_outcome(intent)
        if call.kind is AttemptKind.VOID:
            return void_outcome(intent)
        if intent.get("status") in WAITING and not call.by_client:
            return await self._ended(call, intent)  # nobody will confirm it any more
        return opening_outcome(intent, self._publishable_key)

    async def abandon(self, call: ProviderCall) -> Outcome:
        intent = await self._intent(call)
        if intent is None:
            return NEVER_ARRIVED
        if isinstance(intent, Refusal):
            return _doubted(intent)
        return await self._ended(call, intent)

    def read_event(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent | None:
        if not self._webhook_secret:
            raise EventRefusedError("no secret is set up for reports")
        check_signature(header_of(headers), body, self._webhook_secret, self._clock())
        return read_event(body, self._publishable_key)

    async def close(self) -> None:
        await self._api.close()

    async def _opened(self, call: ProviderCall) -> Outcome:
        form = _form(call)
        if form is None:
            return NOT_PAYABLE
        intent = await self._api.post("payment_intents", form, call.key)
        if isinstance(intent, Refusal):
            return _failed(intent)
        if call.by_client:
            return opening_outcome(intent, self._publishable_key)
        confirming = {"payment_method": str(call.data.get("paymentMethod", ""))}
        if call.data.get("returnUrl"):
            confirming["return_url"] = str(call.data["returnUrl"])
        path = f"payment_intents/{intent['id']}/confirm"
        answer = await self._api.post(path, confirming, f"{call.key}-confirm")
        if not isinstance(answer, Refusal):
            return opening_outcome(answer, self._publishable_key)
        if answer.is_about_state:
            return await self.look_up(call)
        return _failed(answer, payment_reference=str(intent["id"]))

    async def _refused(self, call: ProviderCall, refusal: Refusal) -> Outcome:
        """Where the payment is in another state than was thought, that state is the answer."""
        return await self.look_up(call) if refusal.is_about_state else _failed(refusal)

    async def _ended(self, call: ProviderCall, intent: Json) -> Outcome:
        path = f"payment_intents/{intent['id']}/cancel"
        answer = await self._api.post(path, {}, f"{call.key}-cancel")
        if isinstance(answer, Refusal):
            answer = await self._api.get(f"payment_intents/{intent['id']}")
        if isinstance(answer, Refusal):
            return Outcome.unknown(payment_reference=str(intent["id"]))
        return opening_outcome(answer, self._publishable_key)

    async def _intent(self, call: ProviderCall) -> Json | Refusal | None:
        """The payment as it is now; None when Stripe has never heard of it."""
        reference = call.payment_reference
        if reference is None:
            made = await self._made(call)
            if made is None or isinstance(made, Refusal):
                return made
            reference = str(made["id"])
        return await self._api.get(f"payment_intents/{reference}")

    async def _made(self, call: ProviderCall) -> Json | Refusal | None:
        """The intent that was made for a call whose answer was lost: asked for once more with the
        same key, Stripe answers with the same one.
        """
        form = _form(call)
        if form is None or call.kind not in OPENING:
            return None
        age = self._clock() - call.created_at
        if age < KEYS_LIVE:
            try:
                return await self._api.post("payment_intents", form, call.key)
            except StripeDoubtError:  # it repeats its own failures, too
                pass
        query = {"query": f"metadata['{KEY}']:'{call.key}'"}
        found = _first(await self._api.get("payment_intents/search", query))
        if found is None and age < SEARCHABLE:
            raise StripeDoubtError
        return found

    async def _refund_found(self, call: ProviderCall) -> Outcome:
        if call.provider_reference is not None:
            found: Any = await self._api.get(f"refunds/{call.provider_reference}")
        else:
            query = {"payment_intent": str(call.payment_reference), "limit": "100"}
            found = _first(await self._api.get("refunds", query), call.key)
        if found is None:
            return NEVER_ARRIVED
        return Outcome.unknown() if isinstance(found, Refusal) else refund_outcome(found)


def _form(call: ProviderCall) -> Form | None:
    """How a payment is asked for: the same for the same attempt, whenever it is asked."""
    units = units_of(call.amount, call.currency)
    if units is None:
        return None
    form = {
        "amount": str(units),
        "currency": call.currency.lower(),
        "capture_method": "automatic" if call.kind is AttemptKind.CHARGE else "manual",
        f"metadata[{KEY}]": call.key,
    }
    if call.by_client:
        return form | {"automatic_payment_methods[enabled]": "true", f"metadata[{BY_CLIENT}]": "1"}
    return form | {"payment_method_types[]": "card"}  # others send the buyer away


def _path(call: ProviderCall, verb: str) -> str:
    return f"payment_intents/{call.payment_reference}/{verb}"


def _failed(refusal: Refusal, **details: Any) -> Outcome:
    return Outcome.failed(refusal.code, refusal.message, **details)


def _doubted(refusal: Refusal) -> Outcome:
    """Of a question: that it was not answered says nothing, unless it can never have been asked."""
    return _failed(refusal) if refusal.is_for_good else Outcome.unknown()


def _first(listed: Json | Refusal, key: str | None = None) -> Json | Refusal | None:
    """The first of a list, or the first that was made with this key."""
    if isinstance(listed, Refusal):
        return listed
    things: list[Json] = listed.get("data") or []
    return next((one for one in things if key is None or metadata_of(one).get(KEY) == key), None)
