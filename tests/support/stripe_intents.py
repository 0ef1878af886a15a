"""What the double of Stripe knows of PaymentIntents and Refunds."""

import itertools
import re
from typing import Any

Json = dict[str, Any]
DECLINES = {"pm_declined": "generic_decline", "pm_poor": "insufficient_funds"}
ACTION = {
    "type": "redirect_to_url",
    "redirect_to_url": {"url": "https://hooks.stripe.test/authenticate?client_secret=canary"},
}


class StripeRefusal(Exception):
    def __init__(self, status: int, type_: str, **error: Any) -> None:
        super().__init__(type_)
        self.status = status
        self.error = {"type": type_, "message": "No.", **error}


class Intents:
    """`moved` is every movement of real money: (intent id, kind, units)."""

    def __init__(self) -> None:
        self.all: dict[str, Json] = {}
        self.refunds: dict[str, Json] = {}
        self.events: list[Json] = []
        self.moved: list[tuple[str, str, int]] = []
        self._numbers = itertools.count(1)

    def create(self, form: Json) -> Json:
        if int(form["amount"]) < 50:
            raise StripeRefusal(400, "invalid_request_error", code="amount_too_small")
        id_ = f"pi_{next(self._numbers)}"
        self.all[id_] = {
            "id": id_,
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "amount_received": 0,
            "amount_capturable": 0,
            "currency": form["currency"],
            "capture_method": form["capture_method"],
            "client_secret": f"{id_}_secret_canary",
            "status": "requires_payment_method",
            "metadata": _metadata(form),
            "next_action": None,
            "last_payment_error": None,
        }
        return dict(self.all[id_])

    def get(self, id_: str) -> Json:
        if id_ not in self.all:
            raise StripeRefusal(404, "invalid_request_error", code="resource_missing")
        return dict(self.all[id_])

    def confirm(self, id_: str, payment_method: str) -> Json:
        """By the server, or by the browser of somebody who holds the client secret."""
        intent = self._in(id_, "requires_payment_method", "requires_action")
        if not payment_method.startswith("pm_"):
            raise StripeRefusal(400, "invalid_request_error", code="resource_missing")
        if payment_method in DECLINES:
            code = DECLINES[payment_method]
            error = {"code": "card_declined", "decline_code": code, "message": "Declined."}
            intent.update(status="requires_payment_method", last_payment_error=error)
            self._report("payment_intent.payment_failed", intent)
            raise StripeRefusal(402, "card_error", **error, payment_intent=dict(intent))
        if payment_method == "pm_3ds" and intent["status"] != "requires_action":
            intent.update(status="requires_action", next_action=ACTION)
            self._report("payment_intent.requires_action", intent)
            return dict(intent)
        return self._paid(intent)

    def _paid(self, intent: Json) -> Json:
        intent.update(next_action=None, last_payment_error=None)
        if intent["capture_method"] == "manual":
            intent.update(status="requires_capture", amount_capturable=intent["amount"])
            self._report("payment_intent.amount_capturable_updated", intent)
        else:
            self._take(intent, intent["amount"])
        return dict(intent)

    def _take(self, intent: Json, units: int) -> None:
        self.moved.append((intent["id"], "charge", units))
        intent.update(status="succeeded", amount_received=units, amount_capturable=0)
        self._report("payment_intent.succeeded", intent)

    def capture(self, id_: str, units: int) -> Json:
        intent = self._in(id_, "requires_capture")
        if units > intent["amount_capturable"]:
            raise StripeRefusal(400, "invalid_request_error", code="amount_too_large")
        self._take(intent, units)
        return dict(intent)

    def cancel(self, id_: str) -> Json:
        intent = self._in(id_, "requires_payment_method", "requires_action", "requires_capture")
        intent.update(status="canceled", amount_capturable=0)
        self._report("payment_intent.canceled", intent)
        return dict(intent)

    def refund(self, form: Json) -> Json:
        intent, units = self.all[form["payment_intent"]], int(form["amount"])
        given = sum(
            refund["amount"]
            for refund in self.refunds_of(intent["id"])
            if refund["status"] != "failed"
        )
        if units + given > intent["amount_received"]:
            raise StripeRefusal(400, "invalid_request_error", code="charge_already_refunded")
        id_ = f"re_{next(self._numbers)}"
        self.refunds[id_] = {
            "id": id_,
            "object": "refund",
            "payment_intent": intent["id"],
            "amount": units,
            "currency": intent["currency"],
            "status": "succeeded",
            "metadata": _metadata(form),
        }
        self.moved.append((intent["id"], "refund", units))
        self._report("refund.created", self.refunds[id_])
        return dict(self.refunds[id_])

    def refund_fails(self, id_: str) -> None:
        """The bank sends it back, days later."""
        self.refunds[id_].update(status="failed", failure_reason="lost_or_stolen_card")
        self._report("refund.failed", self.refunds[id_])

    def refunds_of(self, intent_id: str) -> list[Json]:
        found = self.refunds.values()
        return [dict(refund) for refund in found if refund["payment_intent"] == intent_id]

    def search(self, query: str) -> list[Json]:
        wanted = re.fullmatch(r"metadata\['(\w+)'\]:'([\w-]+)'", query)
        assert wanted is not None, query
        name, value = wanted.groups()
        return [
            dict(intent) for intent in self.all.values() if intent["metadata"].get(name) == value
        ]

    def _in(self, id_: str, *statuses: str) -> Json:
        self.get(id_)
        intent = self.all[id_]
        if intent["status"] not in statuses:
            code = "payment_intent_unexpected_state"
            raise StripeRefusal(400, "invalid_request_error", code=code)
        return intent

    def _report(self, type_: str, thing: Json) -> None:
        id_ = f"evt_{next(self._numbers)}"
        self.events.append({"id": id_, "type": type_, "data": {"object": dict(thing)}})


def _metadata(form: Json) -> Json:
    return {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in form.items()
        if name.startswith("metadata[")
    }
