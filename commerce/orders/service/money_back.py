"""Asking for all that was paid for an order to go back."""

from typing import Final

from commerce.core.problems import Problem
from commerce.orders.rules.splitting import Share
from commerce.orders.service.refunds import Carried, OrderRefundService
from commerce.payments.kinds import OFFLINE
from commerce.payments.repository.payments import PaymentRow
from commerce.payments.rules.sums import sums_of
from commerce.payments.service.ledger import PaymentLedgerService

KEY: Final = "order canceled"


class MoneyBackService:
    """Runs in the transaction that holds the order. The attempts it begins are sent later, by
    whoever sends attempts: nobody else is asked while an order is locked.
    """

    def __init__(self, ledger: PaymentLedgerService, refunds: OrderRefundService) -> None:
        self._ledger = ledger
        self._refunds = refunds

    async def __call__(self, order_id: int) -> Problem | None:
        """What was paid by hand goes back by hand, and is written down when it has."""
        for payment in (await self._ledger.by_orders([order_id])).get(order_id, ()):
            if payment.provider != OFFLINE:
                refused = await self._give_back(order_id, payment)
                if refused is not None:
                    return refused
        return None

    async def _give_back(self, order_id: int, payment: PaymentRow) -> Problem | None:
        sums = sums_of(payment)
        if sums.refundable > 0:
            begun = await self._ledger.begin_refund(payment.id, sums.refundable, KEY)
            if isinstance(begun, Problem):
                return begun
            carried = Carried(Share(payment.id, sums.refundable), begun.id)
            await self._refunds.open_for_all(order_id, payment.currency, carried)
        if sums.open > 0:
            begun = await self._ledger.begin_void(payment.id, KEY)
            if isinstance(begun, Problem):
                return begun
        return None
