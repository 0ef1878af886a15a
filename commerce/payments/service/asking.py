"""Making attempts: what a provider is to be asked for, once per key and never for too much."""

import secrets
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Final

from commerce.core.money import amount_flaw
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.text import text_flaw
from commerce.payments.kinds import AttemptKind
from commerce.payments.problems import AmountTooLarge, PaymentKeyConflict
from commerce.payments.repository.attempts import AttemptRepository, AttemptRow
from commerce.payments.repository.payments import PaymentRepository, PaymentRow
from commerce.payments.rules.cards import card_flaw
from commerce.payments.rules.sums import sums_of

MAX_KEY: Final = 200
MISSING: Final = NotFound("There is no payment with this id.", ("payment_id",))
CAPTURING: Final = Invalid("A capture is under way: void what is left afterwards.", ("payment_id",))

Ask = Callable[[int, Decimal], Awaitable[PaymentRow | None]]


class Asking:
    def __init__(self, payments: PaymentRepository, attempts: AttemptRepository) -> None:
        self.payments = payments
        self._attempts = attempts

    async def capture(
        self, payment_id: int, amount: Decimal | None, key: str
    ) -> AttemptRow | Problem:
        """Takes `amount`, None is all that is set aside and neither taken nor asked for."""
        ask = self.payments.ask_capture
        if amount is None:
            return await self._rest(payment_id, AttemptKind.CAPTURE, key, ask)
        return await self._begin(payment_id, AttemptKind.CAPTURE, amount, key, ask)

    async def refund(self, payment_id: int, amount: Decimal, key: str) -> AttemptRow | Problem:
        ask = self.payments.ask_refund
        return await self._begin(payment_id, AttemptKind.REFUND, amount, key, ask)

    async def void(self, payment_id: int, key: str) -> AttemptRow | Problem:
        """Lets go of all that is set aside and not captured."""
        payment = await self.payments.locked(payment_id)
        known = await self._attempts.of_key(payment_id, AttemptKind.VOID, key)
        if known is None and payment is not None and payment.capture_pending:
            return CAPTURING
        return await self._rest(payment_id, AttemptKind.VOID, key, self.payments.ask_void)

    async def add(
        self,
        payment_id: int,
        kind: AttemptKind,
        amount: Decimal,
        key: str,
        *,
        by_client: bool = False,
    ) -> AttemptRow:
        return await self._attempts.add(
            {
                "payment_id": payment_id,
                "kind": kind,
                "amount": amount,
                "key": key,
                "by_client": by_client,
                # Random: stores that share an account at a provider never share a key.
                "provider_key": f"sg-{secrets.token_hex(16)}",
            }
        )

    async def _rest(
        self, payment_id: int, kind: AttemptKind, key: str, ask: Ask
    ) -> AttemptRow | Problem:
        """All that is open; the same key again is what it was then."""
        payment = await self.payments.locked(payment_id)
        known = await self._attempts.of_key(payment_id, kind, key)
        if payment is None or known is not None:
            return known or MISSING
        left = sums_of(payment).open
        if not left:
            return AmountTooLarge(f"Nothing is left to {kind.value}.", ("payment_id",))
        return await self._begin(payment_id, kind, left, key, ask)

    async def _begin(
        self, payment_id: int, kind: AttemptKind, amount: Decimal, key: str, ask: Ask
    ) -> AttemptRow | Problem:
        payment = await self.payments.locked(payment_id)
        if payment is None:
            return MISSING
        flaw = key_flaw(key) or sum_flaw(amount, payment.currency)
        if flaw is not None:
            return flaw
        known = await self._attempts.of_key(payment_id, kind, key)
        if known is not None:
            return same(known, amount)
        if await ask(payment_id, amount) is None:
            sums = sums_of(payment)
            return too_large(sums.refundable if kind is AttemptKind.REFUND else sums.open)
        return await self.add(payment_id, kind, amount, key)


def key_flaw(key: str) -> Problem | None:
    return text_flaw(key, MAX_KEY, "key") or card_flaw(key, "key")


def sum_flaw(amount: Decimal, currency: str) -> Invalid | None:
    """Why nothing can be paid with `amount`, or None when it can."""
    flaw = amount_flaw(amount, currency) or (None if amount else "must not be zero")
    return None if flaw is None else Invalid(f"The amount {flaw}.", ("amount",))


def same(known: AttemptRow, amount: Decimal) -> AttemptRow | PaymentKeyConflict:
    """The attempt that was made with this key, if it was for this amount."""
    if known.amount == amount:
        return known
    return PaymentKeyConflict("The key was used before, for another amount.", ("key",))


def too_large(available: Decimal) -> AmountTooLarge:
    return AmountTooLarge("The amount is more than there is.", ("amount",), available)
