"""What follows from news of a payment: one path for a provider's answer, its report and ours.

Orders that wait for their payment are placed here, and nowhere else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from commerce.carts.service.purchases import CartPurchaseService
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem
from commerce.notifications.service import NotificationQueue
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.placing import failed
from commerce.orders.service import mails
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.placing import PlacingService
from commerce.orders.service.refunds import OrderRefundService
from commerce.payments.kinds import OPENING, AttemptKind, AttemptState
from commerce.payments.ports import Outcome, ProviderEvent
from commerce.payments.repository.attempts import AttemptRow
from commerce.payments.rules.states import next_state
from commerce.payments.service.ledger import PaymentLedgerService
from commerce.payments.service.reports import PaymentReportService
from commerce.payments.service.settling import Settled

WriteDown = Callable[[], Awaitable[Settled | None]]


@dataclass(frozen=True, slots=True)
class News:
    """What was heard of a payment, and how it is written down.

    `attempt` is the one it is about, None for what somebody did at the provider's own site.
    """

    attempt: AttemptRow | None
    order_id: int | None
    outcome: Outcome
    write_down: WriteDown

    @property
    def ends(self) -> AttemptState | None:
        """SUCCEEDED or FAILED, where that is news of the attempt that opened a payment."""
        if self.attempt is None or self.attempt.kind not in OPENING:
            return None
        after = next_state(self.attempt.kind, self.attempt.state, self.outcome.state)
        return None if after in (self.attempt.state, AttemptState.ACTION_REQUIRED) else after


@dataclass(frozen=True, slots=True)
class Standing:
    """How things are once news were written down. `to_return`: money came that nothing is for."""

    settled: Settled | None
    order: OrderRow | None = None
    to_return: bool = False


class SettlingService:
    """Opens transactions of its own, and none is open while somebody else is asked."""

    def __init__(
        self,
        uow: UnitOfWork,
        ledger: PaymentLedgerService,
        reports: PaymentReportService,
        carts: CartPurchaseService,
        placing: PlacingService,
        order_payments: OrderPaymentService,
        refunds: OrderRefundService,
        mail: NotificationQueue,
    ) -> None:
        self._uow = uow
        self._ledger = ledger
        self._reports = reports
        self._carts = carts
        self._placing = placing
        self._order_payments = order_payments
        self._refunds = refunds
        self._mail = mail

    async def settle(self, attempt_id: int, outcome: Outcome) -> Standing:
        """After a provider was asked."""

        async def work(placeable: bool) -> Standing | Problem:
            attempt = await self._held(await self._ledger.attempt(attempt_id))
            news = News(
                attempt,
                attempt.order_id,
                outcome,
                lambda: self._ledger.settle(attempt_id, outcome),
            )
            return await self._follow(news, placeable=placeable)

        standing = await self._settled(work)
        return Standing(None) if standing is None else standing

    async def report(self, event: ProviderEvent) -> Standing | None:
        """After a provider has spoken by itself; None for what was heard before, or is of no
        payment here.
        """

        async def work(placeable: bool) -> Standing | Problem | None:
            if not await self._ledger.note_event(event.provider, event.id):
                return None
            payment = await self._reports.payment_of(event)
            if payment is None:
                return None
            attempt = await self._reports.meant(event)
            if attempt is not None:
                attempt = await self._held(attempt)
            news = News(attempt, payment.order_id, event.outcome, lambda: self._reports.take(event))
            return await self._follow(news, placeable=placeable)

        return await self._settled(work)

    async def _settled(
        self, work: Callable[[bool], Awaitable[Standing | Problem | None]]
    ) -> Standing | None:
        """Should the order not be placed after all, the money is known to be there nonetheless."""
        standing = await self._uow.transact(
            lambda: work(True), keep=lambda found: not failed(found)
        )
        if not isinstance(standing, Problem):
            return standing
        written = await self._uow.transact(lambda: work(False))
        return None if isinstance(written, Problem) else written

    async def _held(self, attempt: AttemptRow) -> AttemptRow:
        """The attempt as it is while its cart is locked."""
        if attempt.cart_id is None or attempt.kind not in OPENING:
            return attempt
        await self._carts.lock(attempt.cart_id)
        return await self._ledger.attempt(attempt.id)

    async def _follow(self, news: News, *, placeable: bool) -> Standing | Problem:
        order = await self._waiting(news)
        if order is not None and news.attempt is not None:
            if news.ends is AttemptState.SUCCEEDED and placeable:
                return await self._place(order, news.attempt, news.write_down)
            await self._placing.undo(order.cart_id)
        if news.order_id is not None:
            await self._order_payments.lock(news.order_id)
        settled = await news.write_down()
        known = None
        if settled is not None and settled.payment.order_id is not None:
            await self._book(settled)
            known = await self._order_payments.refreshed(settled.payment.order_id)
        for_nothing = _is_for_nothing(settled)
        if settled is not None and for_nothing and settled.changed:
            said = {"payment_id": settled.payment.id, "sold_out": not placeable}
            await self._mail.add(mails.RETURNED, said)
        return Standing(settled, known, for_nothing)

    async def _book(self, settled: Settled) -> None:
        """What a refund of the order was for counts once the money is on its way, or no more."""
        attempt = settled.attempt
        if attempt.kind is AttemptKind.REFUND and attempt.settled_at is not None:
            succeeded = attempt.state is AttemptState.SUCCEEDED
            reason = attempt.decline_code
            await self._refunds.book(attempt.id, succeeded=succeeded, reason=reason)

    async def _waiting(self, news: News) -> OrderRow | None:
        """The order that is placed or given up with this news, if one waits for it.

        News of a payment that the cart has given up before are of no order.
        """
        attempt = news.attempt
        if news.ends is None or attempt is None or attempt.cart_id is None:
            return None
        if attempt.state is AttemptState.FAILED:
            return None
        return await self._order_payments.waiting(attempt.cart_id)

    async def _place(
        self, order: OrderRow, attempt: AttemptRow, write_down: WriteDown
    ) -> Standing | Problem:
        kind = await self._ledger.kind_of(attempt.method_id)
        charged = attempt.kind is AttemptKind.CHARGE
        placed = await self._placing.place(order, kind, paid=charged)
        if isinstance(placed, Problem):
            return placed
        await self._ledger.attach(attempt.payment_id, placed.id)
        settled = await write_down()
        return Standing(settled, await self._order_payments.refreshed(placed.id))


def _is_for_nothing(settled: Settled | None) -> bool:
    """Whether a payment has money, set aside or taken, that no order and no cart waits for."""
    if settled is None or settled.attempt.kind not in OPENING:
        return False
    came = settled.attempt.state is AttemptState.SUCCEEDED
    return came and (settled.late or settled.payment.order_id is None)
