"""Giving money of an order back: by its payments first, then to the gift cards that paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem, VersionConflict
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.orders.problems import PaymentInProgress
from commerce.orders.repository.refunds import RefundRepository, RefundRow
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.placing import failed
from commerce.orders.rules.refunding import RefundPlan
from commerce.orders.rules.units import LineUnits
from commerce.orders.service.desk import MISSING, OrderDesk, in_force
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.refunds import OrderRefundService
from commerce.orders.service.settling import SettlingService
from commerce.payments.kinds import OFFLINE, AttemptKind
from commerce.payments.problems import AmountTooLarge
from commerce.payments.providers import Providers
from commerce.payments.repository.payments import PaymentRow
from commerce.payments.rules.sums import sums_of
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import PaymentLedgerService

NOTHING: Final = Decimal(0)
CHANGED: Final = VersionConflict("The order has changed meanwhile. Look at it again.", ())
IN_PROGRESS: Final = PaymentInProgress("The provider has not answered. Ask again with this key.")


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What is to go back: units of lines, some of shipping, or an amount."""

    order_id: int
    lines: Sequence[LineUnits] = ()
    shipping: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""


class GivingBackService:
    """Opens transactions of its own, and none is open while a provider is asked. The same `key`
    is the same refund.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        desk: OrderDesk,
        refunds: RefundRepository,
        order_refunds: OrderRefundService,
        order_payments: OrderPaymentService,
        gift_cards: GiftCardUseService,
        ledger: PaymentLedgerService,
        providers: Providers,
        settling: SettlingService,
    ) -> None:
        self._uow = uow
        self._desk = desk
        self._refunds = refunds
        self._order_refunds = order_refunds
        self._order_payments = order_payments
        self._gift_cards = gift_cards
        self._ledger = ledger
        self._providers = providers
        self._settling = settling

    async def give_back(self, wish: RefundWish, key: str) -> RefundRow | Problem:
        begun = await self._uow.transact(
            lambda: self._begin(wish, key), keep=lambda found: not failed(found)
        )
        if isinstance(begun, Problem) or begun.attempt_id is None:
            return begun
        attempt = await self._ledger.attempt(begun.attempt_id)
        if attempt.settled_at is None:
            await self._uow.release()
            await self._settling.settle(attempt.id, await self._providers.send(call_of(attempt)))
        known = await self._refunds.by_key(wish.order_id, key)
        return begun if known is None else known

    async def _begin(self, wish: RefundWish, key: str) -> RefundRow | Problem:
        """Gift cards are locked before orders: what goes back to them is worked out beforehand,
        and what does not hold once the order is taken is refused, and rolled back.
        """
        seen = await self._desk.seen(wish.order_id)
        if seen is None:
            return MISSING
        known = await self._refunds.by_key(seen.id, key)
        if known is not None:
            return known
        guess = await self._planned(seen, wish)
        if isinstance(guess, Problem):
            return guess
        payment = await self._payment(seen.id)
        to_cards = max(guess.amount - _refundable(payment), NOTHING)
        if to_cards and await self._gift_cards.give_back(seen.id, to_cards) < to_cards:
            return _too_much(seen, payment)
        order = await self._desk.taken(seen.id)
        if isinstance(order, Problem):
            return order
        plan = await self._planned(order, wish)
        if isinstance(plan, Problem) or plan.amount != guess.amount:
            return CHANGED
        return await self._written(order, plan, plan.amount - to_cards, wish.reason, key)

    async def _planned(self, order: OrderRow, wish: RefundWish) -> RefundPlan | Problem:
        flaw = in_force(order)
        if flaw is not None:
            return flaw
        return await self._order_refunds.plan(order, wish.lines, wish.shipping, wish.amount)

    async def _payment(self, order_id: int) -> PaymentRow | None:
        """The payment with the most left to go back."""
        payments = (await self._ledger.by_orders([order_id])).get(order_id, ())
        return max(payments, key=_refundable, default=None)

    async def _written(
        self, order: OrderRow, plan: RefundPlan, by_payment: Decimal, reason: str, key: str
    ) -> RefundRow | Problem:
        attempt_id, settled = None, True
        if by_payment:
            payment = await self._payment(order.id)
            if payment is None or _refundable(payment) < by_payment:
                return CHANGED
            asked = await self._asked(payment, by_payment, key)
            if isinstance(asked, Problem):
                return asked
            attempt_id, settled = asked
        refund = await self._order_refunds.open(order, plan, attempt_id, reason, key)
        if isinstance(refund, Problem) or not settled:
            return refund
        settled_refund = await self._order_refunds.settle(refund, succeeded=True)
        await self._order_payments.refreshed(order.id)
        return settled_refund or refund

    async def _asked(
        self, payment: PaymentRow, amount: Decimal, key: str
    ) -> tuple[int, bool] | Problem:
        """The attempt, and whether the money went back by hand and is settled with that."""
        if payment.provider != OFFLINE:
            begun = await self._ledger.begin_refund(payment.id, amount, key)
            return begun if isinstance(begun, Problem) else (begun.id, False)
        done = await self._ledger.record_manual(payment.id, AttemptKind.REFUND, amount, "", key)
        return done if isinstance(done, Problem) else (done.attempt.id, True)


def _refundable(payment: PaymentRow | None) -> Decimal:
    return NOTHING if payment is None else sums_of(payment).refundable


def _too_much(order: OrderRow, payment: PaymentRow | None) -> AmountTooLarge:
    available = _refundable(payment) + order.gift_cards
    return AmountTooLarge(f"At most {available} can go back at once.", ("amount",), available)
