"""What providers report by themselves, and what of it concerns which payment."""

from dataclasses import replace

from commerce.core.problems import Problem, UnavailableError
from commerce.payments.kinds import OPENING, AttemptKind, AttemptState
from commerce.payments.ports import Outcome, OutcomeState, ProviderEvent
from commerce.payments.repository.attempts import AttemptRepository, AttemptRow
from commerce.payments.repository.payments import PaymentRepository, PaymentRow
from commerce.payments.rules.sums import sums_of
from commerce.payments.service.asking import Asking
from commerce.payments.service.settling import Settled, Settling


class PaymentReportService:
    def __init__(
        self, payments: PaymentRepository, attempts: AttemptRepository, settling: Settling
    ) -> None:
        self._payments = payments
        self._attempts = attempts
        self._settling = settling
        self._asking = Asking(payments, attempts)

    async def payment_of(self, event: ProviderEvent) -> PaymentRow | None:
        """Whose cart and order are to be locked before the event is taken; locks nothing."""
        attempt = None
        if event.key is not None:
            attempt = await self._attempts.of_provider_key(event.key)
        if attempt is not None and attempt.provider == event.provider:
            return (await self._payments.by_ids([attempt.payment_id]))[attempt.payment_id]
        if event.payment_reference is None:
            return None
        return await self._payments.of_reference(event.provider, event.payment_reference)

    async def meant(self, event: ProviderEvent) -> AttemptRow | None:
        """The attempt an event is about; None where somebody acted at the provider's own site."""
        payment = await self.payment_of(event)
        return None if payment is None else await self._meant(payment, event)

    async def take(self, event: ProviderEvent) -> Settled | None:
        """Settle what the event is about. What somebody did at the provider's own site becomes an
        attempt of its own. None for what is of no payment here. Raises `UnavailableError` for what
        does not fit what is known by now: the provider will report it again.
        """
        found = await self.payment_of(event)
        payment = None if found is None else await self._payments.locked(found.id)
        if payment is None or _is_of_another(payment, event):
            return None
        attempt = await self._meant(payment, event)
        if attempt is not None and event.kind is AttemptKind.CAPTURE and attempt.kind in OPENING:
            return await self._both(attempt, event)
        if attempt is None:
            attempt = await self._from_outside(payment, event)
        return None if attempt is None else await self._settling.settle(attempt.id, event.outcome)

    async def _both(self, opening: AttemptRow, event: ProviderEvent) -> Settled:
        """What was captured was set aside before, and that report is late or lost."""
        set_aside = Outcome(
            OutcomeState.SUCCEEDED, payment_reference=event.outcome.payment_reference
        )
        settled = await self._settling.settle(opening.id, set_aside)
        captured = await self._from_outside(settled.payment, event)
        if captured is not None:
            after = await self._settling.settle(captured.id, event.outcome)
            settled = replace(settled, payment=after.payment)
        return settled

    async def _meant(self, payment: PaymentRow, event: ProviderEvent) -> AttemptRow | None:
        attempts = (await self._attempts.by_payments([payment.id])).get(payment.id, [])
        opening = next((one for one in attempts if one.kind in OPENING), None)
        if event.kind in OPENING:
            return opening
        same = [one for one in attempts if one.kind is event.kind]
        named = next((one for one in same if _is_named(one, event)), None)
        if named is not None or event.kind is AttemptKind.REFUND:
            return named
        live = [one for one in same if one.state is not AttemptState.FAILED]
        if live:
            return live[-1]
        waiting = opening is not None and opening.state is not AttemptState.SUCCEEDED
        return opening if waiting and event.kind is AttemptKind.CAPTURE else None

    async def _from_outside(self, payment: PaymentRow, event: ProviderEvent) -> AttemptRow | None:
        outcome = event.outcome
        key = f"{event.provider}:{outcome.provider_reference or event.payment_reference}"
        sums = sums_of(payment)
        made: AttemptRow | Problem | None = None
        if event.kind is AttemptKind.CAPTURE:
            made = await self._asking.capture(payment.id, outcome.amount or sums.open, key)
        elif event.kind is AttemptKind.REFUND:
            made = await self._asking.refund(payment.id, outcome.amount or sums.refundable, key)
        if isinstance(made, Problem):
            raise UnavailableError("The report does not fit what is known of the payment.")
        return made


def _is_of_another(payment: PaymentRow, event: ProviderEvent) -> bool:
    """Whether the provider has a second payment with the same key: ours is the first."""
    ours, told = payment.payment_reference, event.payment_reference
    return ours is not None and told is not None and ours != told


def _is_named(attempt: AttemptRow, event: ProviderEvent) -> bool:
    reference = event.outcome.provider_reference
    return attempt.provider_key == event.key or (
        reference is not None and attempt.provider_reference == reference
    )
