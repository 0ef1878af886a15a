"""Money that came for nothing goes back: its order could not be placed, or it came too late."""

from typing import Final

from commerce.core.db import UnitOfWork
from commerce.core.problems import NotFound, Problem
from commerce.orders.rules.placing import failed
from commerce.orders.service.settling import SettlingService
from commerce.payments.providers import Providers
from commerce.payments.repository.attempts import AttemptRow
from commerce.payments.rules.sums import sums_of
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import PaymentLedgerService

# One void and one refund of such a payment: whoever finds it first makes them.
KEY: Final = "for nothing"


class ReturningService:
    """Opens transactions of its own, and none is open while a provider is asked."""

    def __init__(
        self,
        uow: UnitOfWork,
        ledger: PaymentLedgerService,
        providers: Providers,
        settling: SettlingService,
    ) -> None:
        self._uow = uow
        self._ledger = ledger
        self._providers = providers
        self._settling = settling

    async def give_back(self, payment_id: int) -> None:
        """Void what is set aside and refund what was taken; asked again, it does so once.

        What stays in doubt the reconciler asks about, as for every attempt.
        """
        begun = await self._uow.transact(
            lambda: self._begin(payment_id), keep=lambda found: not failed(found)
        )
        if isinstance(begun, Problem):
            return
        await self._uow.release()
        outcome = await self._providers.send(call_of(begun))
        await self._settling.settle(begun.id, outcome)

    async def _begin(self, payment_id: int) -> AttemptRow | Problem:
        payment = await self._ledger.locked(payment_id)
        if payment is None:
            return NotFound("There is no payment with this id.")
        sums = sums_of(payment)
        if sums.refundable > 0:
            return await self._ledger.begin_refund(payment_id, sums.refundable, KEY)
        return await self._ledger.begin_void(payment_id, KEY)
