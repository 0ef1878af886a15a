"""What is asked of providers and what came of it: everything that moves money goes through here.

Every method is part of the caller's transaction. Providers are called between two of them: `open`
or `begin_...` and commit, call, `settle` and commit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from commerce.core.problems import NotFound, Problem
from commerce.payments.kinds import AttemptKind, MethodKind
from commerce.payments.ports import Outcome
from commerce.payments.repository.attempts import AttemptRepository, AttemptRow
from commerce.payments.repository.methods import MethodRepository
from commerce.payments.repository.payments import PaymentRepository, PaymentRow
from commerce.payments.rules.cards import card_flaw
from commerce.payments.service.asking import Asking, sum_flaw
from commerce.payments.service.by_hand import ByHand
from commerce.payments.service.settling import Settled, Settling

OPENING_KEY: Final = "opening"  # of the attempt that a payment begins with
NO_METHOD: Final = NotFound("There is no payment method with this id.", ("payment_method_id",))


@dataclass(frozen=True, slots=True)
class Opening:
    """Money that is to come. `data` is what the buyer pays with: it is checked for numbers of
    cards and not stored. Without a `paymentMethod` in it the buyer's browser confirms the payment.
    """

    cart_id: int | None
    order_id: int | None
    method_id: int
    amount: Decimal
    currency: str
    capture_now: bool
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


class PaymentLedgerService:
    def __init__(
        self,
        methods: MethodRepository,
        payments: PaymentRepository,
        attempts: AttemptRepository,
        settling: Settling,
    ) -> None:
        self._methods = methods
        self._payments = payments
        self._attempts = attempts
        self._settling = settling
        self._asking = Asking(payments, attempts)
        self._by_hand = ByHand(self._asking, attempts, settling)

    async def open(self, opening: Opening) -> AttemptRow | Problem:
        """A payment with its first attempt, PENDING."""
        flaw = card_flaw(opening.data, "payment_data") or sum_flaw(opening.amount, opening.currency)
        if flaw is not None:
            return flaw
        method = (await self._methods.by_ids([opening.method_id])).get(opening.method_id)
        if method is None:
            return NO_METHOD
        payment = await self._payments.add(
            {
                "cart_id": opening.cart_id,
                "order_id": opening.order_id,
                "method_id": opening.method_id,
                "provider": method.provider,
                "amount": opening.amount,
                "currency": opening.currency,
            }
        )
        kind = AttemptKind.CHARGE if opening.capture_now else AttemptKind.AUTHORIZE
        by_client = not opening.data.get("paymentMethod")
        return await self._asking.add(
            payment.id, kind, opening.amount, OPENING_KEY, by_client=by_client
        )

    async def begin_capture(
        self, payment_id: int, amount: Decimal | None, key: str
    ) -> AttemptRow | Problem:
        """Takes `amount`, None is all that is left of what is set aside."""
        return await self._asking.capture(payment_id, amount, key)

    async def begin_refund(
        self, payment_id: int, amount: Decimal, key: str
    ) -> AttemptRow | Problem:
        return await self._asking.refund(payment_id, amount, key)

    async def begin_void(self, payment_id: int, key: str) -> AttemptRow | Problem:
        """Lets go of all that is set aside and not captured."""
        return await self._asking.void(payment_id, key)

    async def settle(self, attempt_id: int, outcome: Outcome) -> Settled:
        """Write down what came of an attempt. The same news twice count once, and news in any
        order end in one state: money that moved counts, whatever was said before.
        """
        return await self._settling.settle(attempt_id, outcome)

    async def record_manual(
        self, payment_id: int, kind: AttemptKind, amount: Decimal, reference: str, key: str
    ) -> Settled | Problem:
        """Of an offline method: money received (CHARGE or CAPTURE), given back (REFUND), or not to
        come at all (VOID, whatever the amount).
        """
        return await self._by_hand.record(payment_id, kind, amount, reference, key)

    async def attach(self, payment_id: int, order_id: int) -> None:
        """What was a cart's payment is its order's from now on."""
        await self._payments.attach(payment_id, order_id)

    async def attempt(self, id_: int) -> AttemptRow:
        """Raises `LookupError` for an attempt that was never made."""
        found = await self._attempts.by_id(id_)
        if found is None:
            raise LookupError(f"there is no payment attempt {id_}")
        return found

    async def payment(self, payment_id: int) -> PaymentRow | None:
        return (await self._payments.by_ids([payment_id])).get(payment_id)

    async def locked(self, payment_id: int) -> PaymentRow:
        """Raises `LookupError` for a payment that was never opened."""
        found = await self._payments.locked(payment_id)
        if found is None:
            raise LookupError(f"there is no payment {payment_id}")
        return found

    async def kind_of(self, method_id: int) -> MethodKind:
        """How payments with this method are made, on offer or not."""
        kind: MethodKind = (await self._methods.of_payments([method_id]))[method_id].kind
        return kind

    async def for_nothing(self, before: datetime, limit: int) -> Sequence[PaymentRow]:
        """Payments that hold money, have no order, and were last changed before then."""
        return await self._payments.for_nothing(before, limit)

    async def by_orders(self, order_ids: Collection[int]) -> Mapping[int, Sequence[PaymentRow]]:
        """The payments of each order that has some, the oldest first."""
        return await self._payments.by_orders(order_ids)

    async def open_for_cart(self, cart_id: int) -> AttemptRow | None:
        """What the cart's buyer or provider has not answered yet; never an offline payment."""
        return await self._attempts.of_cart(cart_id)

    async def open_for_order(self, order_id: int) -> AttemptRow | None:
        """The same of an order."""
        return await self._attempts.of_order(order_id)

    async def in_doubt(self, before: datetime, limit: int) -> Sequence[AttemptRow]:
        """Attempts without an answer, last asked about before then; the longest waiting first.

        Settling one with `Outcome.unknown()` puts it last.
        """
        return await self._attempts.in_doubt(before, limit)

    async def note_event(self, provider: str, event_id: str) -> bool:
        """False: seen before. To be the transaction's first statement."""
        return await self._attempts.note_event(provider, event_id)
