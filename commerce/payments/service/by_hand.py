"""Money that came or went without a provider, as people write it down."""

from decimal import Decimal
from typing import Final

from commerce.core.problems import Invalid, Problem
from commerce.core.text import words_flaw
from commerce.payments.kinds import IN_FLIGHT, OFFLINE, OPENING, AttemptKind, AttemptState
from commerce.payments.ports import Outcome, OutcomeState
from commerce.payments.repository.attempts import AttemptRepository, AttemptRow
from commerce.payments.repository.payments import PaymentRow
from commerce.payments.rules.cards import card_flaw
from commerce.payments.service.asking import MISSING, Asking, key_flaw, same, sum_flaw, too_large
from commerce.payments.service.settling import Settled, Settling

MAX_REFERENCE: Final = 200
NOT_OFFLINE: Final = Invalid("A provider keeps the books of this payment.", ("payment_id",))
CALLED_OFF: Final = Invalid("This payment was called off.", ("payment_id",))


class ByHand:
    def __init__(self, asking: Asking, attempts: AttemptRepository, settling: Settling) -> None:
        self._asking = asking
        self._attempts = attempts
        self._settling = settling

    async def record(
        self, payment_id: int, kind: AttemptKind, amount: Decimal, reference: str, key: str
    ) -> Settled | Problem:
        """Money received (CHARGE or CAPTURE), given back (REFUND), or not to come (VOID)."""
        payment = await self._asking.payments.locked(payment_id)
        if payment is None:
            return MISSING
        if payment.provider != OFFLINE:
            return NOT_OFFLINE
        flaw = (
            key_flaw(key)
            or words_flaw(reference, MAX_REFERENCE, "reference")
            or card_flaw(reference, "reference")
            or (None if kind is AttemptKind.VOID else sum_flaw(amount, payment.currency))
        )
        if flaw is not None:
            return flaw
        if kind is AttemptKind.VOID:
            return await self._called_off(payment)
        made = await self._made(payment, kind, amount, key)
        if isinstance(made, Problem):
            return made
        came = Outcome(OutcomeState.SUCCEEDED, provider_reference=reference or None)
        settled = await self._settling.settle(made.id, came)
        if settled.changed and settled.payment.captured == payment.amount:
            await self._paid_up(payment.id)
        return settled

    async def _made(
        self, payment: PaymentRow, kind: AttemptKind, amount: Decimal, key: str
    ) -> AttemptRow | Problem:
        if kind is AttemptKind.REFUND:
            return await self._asking.refund(payment.id, amount, key)
        known = await self._attempts.of_key(payment.id, AttemptKind.CHARGE, key)
        if known is not None:
            return same(known, amount)
        if payment.closed:
            return CALLED_OFF
        due = payment.amount - payment.captured
        if amount > due:
            return too_large(due)
        return await self._asking.add(payment.id, AttemptKind.CHARGE, amount, key)

    async def _called_off(self, payment: PaymentRow) -> Settled:
        opening = await self._opening(payment.id)
        return await self._settling.settle(opening.id, Outcome.failed("voided", closed=True))

    async def _paid_up(self, payment_id: int) -> None:
        """What the payment began with has its answer; the money is booked where it was recorded."""
        opening = await self._opening(payment_id)
        if opening.state in IN_FLIGHT:
            done = {"state": AttemptState.SUCCEEDED, "settled_at": opening.updated_at}
            await self._attempts.write(opening.id, done)

    async def _opening(self, payment_id: int) -> AttemptRow:
        attempts = (await self._attempts.by_payments([payment_id]))[payment_id]
        return next(attempt for attempt in attempts if attempt.kind in OPENING)
