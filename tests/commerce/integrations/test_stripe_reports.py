"""What Stripe reports by itself, and who may report."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from commerce.integrations.stripe import StripeApi, StripePayments
from commerce.payments.kinds import AttemptKind
from commerce.payments.ports import EventRefusedError, OutcomeState
from tests.support.stripe_double import PUBLISHABLE_KEY, WEBHOOK_SECRET, signature
from tests.support.stripe_intents import Intents, StripeRefusal

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)  # stands still, however long the suite takes
NOW = TODAY.timestamp()
STRIPE = StripePayments(
    StripeApi("http://127.0.0.1:1", "sk"), PUBLISHABLE_KEY, WEBHOOK_SECRET, lambda: TODAY
)
FORM = {
    "amount": "4990",
    "currency": "eur",
    "capture_method": "manual",
    "metadata[storegraph_key]": "sg-1",
}


def read(body: bytes, header: str | None = None, stripe: StripePayments = STRIPE) -> Any:
    return stripe.read_event(
        {"Stripe-Signature": signature(body, NOW) if header is None else header}, body
    )


def last(intents: Intents) -> Any:
    return read(json.dumps(intents.events[-1]).encode())


def test_a_life_of_a_payment_in_reports() -> None:
    intents = Intents()
    id_ = intents.create(FORM)["id"]
    intents.confirm(id_, "pm_3ds")
    event = last(intents)
    assert (event.kind, event.key, event.payment_reference) == (
        AttemptKind.AUTHORIZE,
        "sg-1",
        id_,
    )
    assert event.outcome.state is OutcomeState.ACTION_REQUIRED
    intents.confirm(id_, "pm_3ds")
    event = last(intents)
    assert (event.kind, event.outcome.amount) == (AttemptKind.AUTHORIZE, Decimal("49.90"))
    intents.capture(id_, 4000)
    event = last(intents)
    assert (event.kind, event.outcome.amount, event.outcome.closed) == (
        AttemptKind.CAPTURE,
        Decimal(40),
        True,
    )
    refund = intents.refund(
        {"payment_intent": id_, "amount": "1500", "metadata[storegraph_key]": "sg-2"}
    )
    event = last(intents)
    assert (event.kind, event.key, event.payment_reference) == (AttemptKind.REFUND, "sg-2", id_)
    assert (event.outcome.provider_reference, event.outcome.amount) == (refund["id"], Decimal(15))
    intents.refund_fails(refund["id"])
    event = last(intents)
    assert (event.outcome.state, event.outcome.decline_code) == (
        OutcomeState.FAILED,
        "lost_or_stolen_card",
    )


@pytest.mark.parametrize(
    ("client", "state"), [({}, OutcomeState.FAILED), ({"1": "1"}, OutcomeState.ACTION_REQUIRED)]
)
def test_a_declined_payment_in_reports(client: dict[str, str], state: OutcomeState) -> None:
    intents = Intents()
    by_client = {"metadata[storegraph_client]": "1"} if client else {}
    id_ = intents.create({**FORM, "capture_method": "automatic", **by_client})["id"]
    with pytest.raises(StripeRefusal):
        intents.confirm(id_, "pm_poor")
    event = last(intents)
    assert (event.kind, event.outcome.state) == (AttemptKind.CHARGE, state)
    assert event.outcome.decline_code == "insufficient_funds"
    intents.cancel(id_)
    event = last(intents)
    assert (event.outcome.state, event.outcome.closed) == (OutcomeState.FAILED, True)


@pytest.mark.parametrize("kind", ["charge.refunded", "customer.created", "payment_intent.created"])
def test_what_is_of_no_interest(kind: str) -> None:
    body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": {}}}).encode()
    assert read(body) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b'{"id": "e", "type": "refund.created", "data": {"object": []}}',
        b'{"id": "e", "type": "refund.created", "data": {"object": {"status": "succeeded"}}}',
    ],
)
def test_what_cannot_be_read(body: bytes) -> None:
    with pytest.raises(EventRefusedError):
        read(body)


def test_a_payment_whose_state_says_nothing_is_of_no_interest() -> None:
    thing = {"id": "pi_1", "object": "payment_intent", "status": "processing"}
    event = {"id": "e", "type": "payment_intent.succeeded", "data": {"object": thing}}
    assert read(json.dumps(event).encode()) is None


BODY = json.dumps({"id": "evt_1", "type": "customer.created", "data": {"object": {}}}).encode()
GOOD = signature(BODY, NOW)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=x,v1=y",
        f"t={'9' * 400},v1=y",
        "t=٣,v1=y",
        GOOD.replace("v1=", "v0="),
        GOOD.replace("t=", "x="),
        f"{GOOD},t=1",
        f"{GOOD[:-1]}g",
        "t=1,v1=\udcff",
        signature(BODY, NOW, "whsec_other"),
        signature(BODY + b" ", NOW),
        signature(BODY, NOW - 400),
        signature(BODY, NOW + 90_000),
    ],
    ids=range(15),  # not by signatures, which are others in each process
)
def test_reports_of_others_are_refused(header: str) -> None:
    with pytest.raises(EventRefusedError):
        read(BODY, header)


def test_while_a_secret_is_changed_either_signature_is_good() -> None:
    assert read(BODY, f"{GOOD.split(',')[0]},v1=00,{GOOD.split(',')[1]}") is None


def test_without_a_secret_nobody_is_believed() -> None:
    stripe = StripePayments(StripeApi("http://127.0.0.1:1", "sk"), "pk_1", "", lambda: TODAY)
    with pytest.raises(EventRefusedError):
        read(BODY, signature(BODY, NOW, ""), stripe)
