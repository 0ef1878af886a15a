"""Writing down what came of an attempt, once, in whatever order the news arrive."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from commerce.core.clock import Clock
from commerce.core.criteria import clean_words
from commerce.payments.kinds import IN_FLIGHT, OPENING, AttemptState
from commerce.payments.ports import Outcome
from commerce.payments.repository.attempts import AttemptRepository, AttemptRow
from commerce.payments.repository.payments import PaymentRepository, PaymentRow
from commerce.payments.rules.cards import without_cards
from commerce.payments.rules.events import told
from commerce.payments.rules.states import next_state
from commerce.payments.rules.sums import NOTHING, Step, after_step, moved_amount, movements, sums_of


@dataclass(frozen=True, slots=True)
class Settled:
    """The payment and the attempt as they are now, and what was heard.

    `changed`: it was news. `late`: money is there of an attempt that had failed before; nobody
    counts on it any more, so it is to be voided or refunded.
    """

    payment: PaymentRow
    attempt: AttemptRow
    outcome: Outcome
    changed: bool
    late: bool = False


class Settling:
    def __init__(
        self, payments: PaymentRepository, attempts: AttemptRepository, clock: Clock
    ) -> None:
        self._payments = payments
        self._attempts = attempts
        self._clock = clock

    async def settle(self, attempt_id: int, outcome: Outcome) -> Settled:
        """Raises `LookupError` for an attempt that was never made."""
        payment = await self._payments.locked_of(attempt_id)
        attempt = await self._attempts.by_id(attempt_id)
        if payment is None or attempt is None:
            raise LookupError(f"there is no payment attempt {attempt_id}")
        step = _step(attempt, outcome)
        before = sums_of(payment)
        after = after_step(before, step, closed=outcome.closed)
        reference = payment.payment_reference or outcome.payment_reference
        if (after, reference) != (before, payment.payment_reference):
            payment = await self._payments.write(payment.id, after, reference)
            await self._payments.book(payment.id, attempt.id, movements(before, after))
        self._payments.tell(told(payment, step, before, after, _code(outcome)))
        written = await self._attempts.write(
            attempt.id, _changes(attempt, step, outcome, self._clock())
        )
        return Settled(
            payment,
            written,
            outcome,
            changed=(after, step.after) != (before, step.before),
            late=_is_late(step) and after.authorized > after.voided,
        )


def _is_late(step: Step) -> bool:
    given_up = (step.before, step.after) == (AttemptState.FAILED, AttemptState.SUCCEEDED)
    return step.kind in OPENING and given_up


def _step(attempt: AttemptRow, outcome: Outcome) -> Step:
    return Step(
        kind=attempt.kind,
        before=attempt.state,
        after=next_state(attempt.kind, attempt.state, outcome.state),
        asked=attempt.amount,
        moved=moved_amount(attempt.amount, outcome.amount),
        booked=attempt.booked,
    )


def _changes(attempt: AttemptRow, step: Step, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Of an action only its kind is kept: with the rest of it somebody else could act."""
    changes: dict[str, Any] = {}
    if outcome.provider_reference and attempt.provider_reference is None:
        changes["provider_reference"] = outcome.provider_reference
    if step.before is step.after:
        return changes
    succeeded = step.after is AttemptState.SUCCEEDED
    action = outcome.next_action if step.after is AttemptState.ACTION_REQUIRED else None
    return changes | {
        "state": step.after,
        "booked": _booked(step, succeeded=succeeded),
        "decline_code": None if succeeded else _code(outcome),
        "next_action": None if action is None else {"kind": str(action.get("kind", ""))},
        "settled_at": None if step.after in IN_FLIGHT else now,
    }


def _booked(step: Step, *, succeeded: bool) -> Decimal:
    return step.moved if succeeded else NOTHING


def _code(outcome: Outcome) -> str | None:
    code = outcome.decline_code
    return None if code is None else clean_words(without_cards(code))
