"""What others are told of payments."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce.core.events import Event, EventType
from commerce.payments.kinds import AttemptKind, AttemptState, TransactionKind
from commerce.payments.rules.sums import Step, Sums, movements

MOVED: Final[Mapping[TransactionKind, EventType]] = {
    TransactionKind.AUTHORIZATION: EventType.PAYMENT_AUTHORIZED,
    TransactionKind.CAPTURE: EventType.PAYMENT_CAPTURED,
    TransactionKind.VOID: EventType.PAYMENT_VOIDED,
    TransactionKind.REFUND: EventType.PAYMENT_REFUNDED,
}


def told(payment: Any, step: Step, before: Sums, after: Sums, code: str | None) -> Iterator[Event]:
    """What an answer of the provider has changed. What is taken at once was not set aside."""
    whose = {
        "order_id": payment.order_id,
        "cart_id": payment.cart_id,
        "currency": payment.currency,
    }
    for kind, amount in movements(before, after).items():
        at_once = kind is TransactionKind.AUTHORIZATION and step.kind is AttemptKind.CHARGE
        if amount > 0 and not at_once:
            data = {**whose, "amount": format(amount, "f")}
            yield Event(MOVED[kind], "Payment", payment.id, data)
    if step.before is not step.after and step.after is AttemptState.FAILED:
        asked = {"kind": step.kind.value, "amount": format(step.asked, "f"), "code": code}
        yield Event(EventType.PAYMENT_FAILED, "Payment", payment.id, {**whose, **asked})
