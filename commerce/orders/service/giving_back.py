"""Giving money of an order back: by its payments first, then to the gift cards that paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem, VersionConflict
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.orders.kinds import RefundStatus
from commerce.orders.repository.refunds import RefundRepository, RefundRow
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.placing import failed
from commerce.orders.rules.refunding import RefundPlan
from commerce.orders.rules.splitting import Share, shares_of, sum_of
from commerce.orders.rules.units import LineUnits
from commerce.orders.service.desk import MISSING, OrderDesk, in_force
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.refunds import Carried, OrderRefundService
from commerce.orders.service.settling import SettlingService
from commerce.payments.kinds import OFFLINE, AttemptKind
from commerce.payments.problems import AmountTooLarge
from commerce.payments.providers import Providers
from commerce.payments.repository.payments import PaymentRow
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import PaymentLedgerService

CHANGED: Final = VersionConflict("The order has changed meanwhile. Look at it again.", ())


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What is to go back: units of lines, some of shipping or surcharges, or an amount; by these
    `payments` or, without any, by those it came by.
    """

    order_id: int
    lines: Sequence[LineUnits] = ()
    shipping: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""
    payments: Sequence[Share] = ()
    surcharge: Decimal | None = None

    @property
    def names_parts(self) -> bool:
        return bool(self.lines) or self.shipping is not None or self.surcharge is not None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What goes back for what, and by what."""

    refund: RefundPlan
    payments: Sequence[PaymentRow]
    shares: Sequence[Share]

    @property
    def to_cards(self) -> Decimal:
        return sum_of([share for share in self.shares if share.payment_id is None])


class GivingBackService:
    """Opens transactions of its own, and none is open while a provider is asked. The same `key`
    is the same refund. Whoever sees an order may ask: the caller has looked whether they may.
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
        """The refund as it stands once all its payments were asked. Asked for again with the same
        key, what was refused of one that has gone back in part is asked for once more.
        """
        begun = await self._uow.transact(
            lambda: self._begin(wish, key), keep=lambda found: not failed(found)
        )
        if isinstance(begun, Problem):
            return begun
        for part in await self._order_refunds.payments(begun.id):
            if part.status is RefundStatus.PENDING:
                await self._send(part.attempt_id)
        known = await self._refunds.by_key(wish.order_id, key)
        return begun if known is None else known

    async def _send(self, attempt_id: int) -> None:
        attempt = await self._ledger.attempt(attempt_id)
        if attempt.settled_at is None:
            await self._uow.release()
            await self._settling.settle(attempt.id, await self._providers.send(call_of(attempt)))

    async def _begin(self, wish: RefundWish, key: str) -> RefundRow | Problem:
        """Gift cards are locked before orders: what goes back to them is worked out beforehand,
        and what does not hold once the order is taken is refused, and rolled back.
        """
        seen = await self._desk.seen(wish.order_id)
        if seen is None:
            return MISSING
        known = await self._refunds.by_key(seen.id, key)
        if known is not None:
            return await self._again(known)
        guess = await self._planned(seen, wish)
        if isinstance(guess, Problem):
            return guess
        short = await self._to_cards(seen.id, guess)
        if short is not None:
            return short
        order = await self._order_payments.lock(seen.id)
        if order is None:
            return MISSING
        again = await self._planned(order, wish)
        if isinstance(again, Problem) or again.to_cards != guess.to_cards:
            return CHANGED
        return await self._written(order, again, wish.reason, key)

    async def _again(self, known: RefundRow) -> RefundRow | Problem:
        """The refund that is known by the key; what was refused of a part of it begins anew."""
        if known.status is not RefundStatus.PARTIALLY_SUCCEEDED:
            return known
        await self._order_payments.lock(known.order_id)
        attempts = {}
        for part in await self._order_refunds.payments(known.id):
            if part.status is RefundStatus.FAILED:
                key = f"refund {part.id}, again {part.asked}"
                begun = await self._ledger.begin_refund(part.payment_id, part.amount, key)
                if isinstance(begun, Problem):
                    return begun
                attempts[part.id] = begun.id
        return await self._order_refunds.ask_again(known.id, attempts) if attempts else known

    async def _planned(self, order: OrderRow, wish: RefundWish) -> _Plan | Problem:
        flaw = in_force(order)
        if flaw is not None:
            return flaw
        payments = (await self._ledger.by_orders([order.id])).get(order.id, ())
        amount = wish.amount
        if amount is None and not wish.names_parts and wish.payments:
            amount = sum_of(wish.payments)
        plan = await self._order_refunds.plan(
            order, wish.lines, wish.shipping, amount, wish.surcharge
        )
        if isinstance(plan, Problem):
            return plan
        shares = shares_of(plan.amount, payments, wish.payments)
        return shares if isinstance(shares, Problem) else _Plan(plan, payments, shares)

    async def _to_cards(self, order_id: int, plan: _Plan) -> AmountTooLarge | None:
        """Gives their share back to the cards; there may be less than that on them."""
        if not plan.to_cards:
            return None
        given = await self._gift_cards.give_back(order_id, plan.to_cards)
        if given == plan.to_cards:
            return None
        most = plan.refund.amount - plan.to_cards + given
        return AmountTooLarge(f"At most {most} can go back.", ("amount",), most)

    async def _written(
        self, order: OrderRow, plan: _Plan, reason: str, key: str
    ) -> RefundRow | Problem:
        """All payments are asked, or none is: what one of them cannot bear is rolled back."""
        carried = []
        for share in plan.shares:
            asked = await self._asked(plan, share, key)
            if isinstance(asked, Problem):
                return asked
            carried.append(asked)
        refund = await self._order_refunds.open(order, plan.refund, carried, reason, key)
        if not isinstance(refund, Problem):
            await self._order_payments.refreshed(order.id)
        return refund

    async def _asked(self, plan: _Plan, share: Share, key: str) -> Carried | Problem:
        """What goes back by hand, or to a gift card, is back with that."""
        if share.payment_id is None:
            return Carried(share, settled=True)
        payment = next(each for each in plan.payments if each.id == share.payment_id)
        if payment.provider != OFFLINE:
            begun = await self._ledger.begin_refund(payment.id, share.amount, key)
            return begun if isinstance(begun, Problem) else Carried(share, begun.id)
        kind = AttemptKind.REFUND
        done = await self._ledger.record_manual(payment.id, kind, share.amount, "", key)
        return done if isinstance(done, Problem) else Carried(share, done.attempt.id, settled=True)
