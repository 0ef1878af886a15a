"""What an answer of the provider makes of a payment's sums."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final

from commerce.payments.kinds import AttemptKind, AttemptState, PaymentState, TransactionKind

NOTHING: Final = Decimal(0)
# The ledger's rows of each kind add up to this sum of the payment.
BOOKED: Final = {
    TransactionKind.AUTHORIZATION: "authorized",
    TransactionKind.CAPTURE: "captured",
    TransactionKind.VOID: "voided",
    TransactionKind.REFUND: "refunded",
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Those of a payment, by the names of its columns."""

    authorized: Decimal = NOTHING
    captured: Decimal = NOTHING
    voided: Decimal = NOTHING
    refunded: Decimal = NOTHING
    capture_pending: Decimal = NOTHING
    void_pending: Decimal = NOTHING
    refund_pending: Decimal = NOTHING
    closed: bool = False

    @property
    def open(self) -> Decimal:
        """What is set aside and neither taken, let go, nor asked for."""
        spoken_for = self.captured + self.capture_pending + self.voided + self.void_pending
        return self.authorized - spoken_for

    @property
    def refundable(self) -> Decimal:
        return self.captured - self.refunded - self.refund_pending


def sums_of(payment: Any) -> Sums:
    """Those of a payment's row."""
    return Sums(**{field.name: getattr(payment, field.name) for field in fields(Sums)})


@dataclass(frozen=True, slots=True)
class Step:
    """An attempt's change of state. `booked` is what it had moved before, `moved` what it moves
    when it succeeds."""

    kind: AttemptKind
    before: AttemptState
    after: AttemptState
    asked: Decimal
    moved: Decimal
    booked: Decimal = NOTHING


def moved_amount(asked: Decimal, told: Decimal | None) -> Decimal:
    """What an attempt moves: never more than was asked, all of it unless less is told."""
    return asked if told is None or told <= 0 else min(asked, told)


def after_step(sums: Sums, step: Step, *, closed: bool = False) -> Sums:
    """The sums once `step` is done. What a closed payment has not taken counts as voided: news
    that more was taken after all makes that less.
    """
    changed = _booked(_answered(sums, step), step)
    changed = replace(changed, closed=changed.closed or closed or _closes(step))
    if changed.closed:
        changed = replace(changed, voided=changed.voided + changed.open)
    return changed


def _closes(step: Step) -> bool:
    return step.kind is AttemptKind.VOID and step.after is AttemptState.SUCCEEDED


def _answered(sums: Sums, step: Step) -> Sums:
    """Nothing is pending of what has its answer."""
    waiting = (AttemptState.PENDING, AttemptState.ACTION_REQUIRED)
    if step.before not in waiting or step.after in waiting:
        return sums
    match step.kind:
        case AttemptKind.CAPTURE:
            return replace(sums, capture_pending=sums.capture_pending - step.asked)
        case AttemptKind.VOID:
            return replace(sums, void_pending=sums.void_pending - step.asked)
        case AttemptKind.REFUND:
            return replace(sums, refund_pending=sums.refund_pending - step.asked)
        case _:
            return sums


def _booked(sums: Sums, step: Step) -> Sums:
    """What has moved is added; what has come back is taken off again."""
    if step.before is step.after:
        return sums
    succeeded = step.after is AttemptState.SUCCEEDED
    amount = (step.moved if succeeded else NOTHING) - step.booked
    match step.kind:
        case AttemptKind.AUTHORIZE:
            return replace(sums, authorized=sums.authorized + amount)
        case AttemptKind.CHARGE:
            return replace(
                sums, authorized=sums.authorized + amount, captured=sums.captured + amount
            )
        case AttemptKind.CAPTURE:
            return replace(sums, captured=sums.captured + amount)
        case AttemptKind.VOID:
            return replace(sums, voided=sums.voided + amount)
        case AttemptKind.REFUND:
            return replace(sums, refunded=sums.refunded + amount)


def movements(before: Sums, after: Sums) -> Mapping[TransactionKind, Decimal]:
    """What the ledger has to say of the difference."""
    differences = {
        kind: getattr(after, column) - getattr(before, column) for kind, column in BOOKED.items()
    }
    return {kind: amount for kind, amount in differences.items() if amount}


def state_of(sums: Sums) -> PaymentState:
    if sums.captured > 0:
        return _state_of_taken(sums)
    if sums.closed or (sums.authorized > 0 and sums.voided == sums.authorized):
        return PaymentState.VOIDED
    return PaymentState.AUTHORIZED if sums.authorized > 0 else PaymentState.PENDING


def _state_of_taken(sums: Sums) -> PaymentState:
    if sums.refunded >= sums.captured:
        return PaymentState.REFUNDED
    if sums.refunded > 0:
        return PaymentState.PARTIALLY_REFUNDED
    if sums.captured < sums.authorized and not sums.closed:
        return PaymentState.PARTIALLY_CAPTURED
    return PaymentState.CAPTURED
