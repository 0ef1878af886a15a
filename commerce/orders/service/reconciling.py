"""Asking providers about what is in doubt, so that no payment stays without an answer."""

from datetime import timedelta
from typing import Final

from commerce.carts.service.purchases import CartPurchaseService
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.inventory.service.reservations import ReservationService
from commerce.orders.rules.placing import QUIET
from commerce.orders.service.returning import ReturningService
from commerce.orders.service.settling import SettlingService
from commerce.payments.kinds import OPENING, AttemptState
from commerce.payments.ports import Outcome
from commerce.payments.providers import Providers
from commerce.payments.repository.attempts import AttemptRow
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import PaymentLedgerService
from commerce.store.service import StoreService

BATCH: Final = 50
# A buyer who was sent to confirm a payment and has not come back.
PATIENCE: Final = timedelta(minutes=30)


class ReconcilingService:
    """Opens transactions of its own, and none is open while a provider is asked."""

    def __init__(
        self,
        uow: UnitOfWork,
        ledger: PaymentLedgerService,
        providers: Providers,
        settling: SettlingService,
        returning: ReturningService,
        carts: CartPurchaseService,
        reservations: ReservationService,
        store: StoreService,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._ledger = ledger
        self._providers = providers
        self._settling = settling
        self._returning = returning
        self._carts = carts
        self._reservations = reservations
        self._store = store
        self._clock = clock

    async def reconcile(self) -> int:
        """How many attempts were asked about, and payments given back that nothing is for."""
        now = self._clock()
        doubtful = await self._ledger.in_doubt(now - QUIET, BATCH)
        for attempt in doubtful:
            await self._uow.release()
            standing = await self._settling.settle(attempt.id, await self._asked(attempt))
            if standing.settled is not None and standing.settled.attempt.settled_at is None:
                await self._keep_goods(attempt)
        lost = await self._ledger.for_nothing(now - QUIET, BATCH)
        for payment in lost:
            await self._returning.give_back(payment.id)
        return len(doubtful) + len(lost)

    async def _asked(self, attempt: AttemptRow) -> Outcome:
        """What goes back or is captured is asked for once more: under its key it is done once.
        Nobody is charged without their buyer looking on.
        """
        call = call_of(attempt)
        if attempt.kind not in OPENING:
            return await self._providers.send(call)
        waits = attempt.state is AttemptState.ACTION_REQUIRED
        if waits and attempt.created_at < self._clock() - PATIENCE:
            return await self._providers.abandon(call)
        return await self._providers.look_up(call)

    async def _keep_goods(self, attempt: AttemptRow) -> None:
        """What the cart holds stays held while its payment is under way."""
        if attempt.cart_id is None or attempt.kind not in OPENING:
            return
        minutes = (await self._store.settings()).reservation_minutes
        until = self._clock() + timedelta(minutes=minutes)

        async def work() -> None:
            await self._carts.lock(attempt.cart_id)
            await self._reservations.extend(attempt.cart_id, until)

        await self._uow.transact(work)
