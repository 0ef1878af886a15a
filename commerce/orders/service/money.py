"""Taking the money of orders, and letting it go."""

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.orders.kinds import OrderStatus
from commerce.orders.problems import PaymentDeclined, PaymentInProgress
from commerce.orders.repository.orders import OrderRepository
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.paying import awaited, money_of, outstanding, sale_of_order
from commerce.orders.rules.placing import failed
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.settling import SettlingService
from commerce.payments.kinds import OFFLINE, AttemptKind, AttemptState, CaptureMode
from commerce.payments.ports import ProviderCall
from commerce.payments.problems import AmountTooLarge
from commerce.payments.providers import Providers
from commerce.payments.repository.attempts import AttemptRow
from commerce.payments.repository.payments import PaymentRow
from commerce.payments.service.calls import call_of
from commerce.payments.service.ledger import Opening, PaymentLedgerService
from commerce.payments.service.methods import PaymentMethodService
from commerce.payments.service.settling import Settled

NO_PAYMENT: Final = NotFound("There is no payment with this id.", ("payment_id",))
NO_ORDER: Final = NotFound("There is no order with this id.", ("order_id",))
PAID: Final = Invalid("Nothing is left to be paid.", ("order_id",))
OVER: Final = Invalid("The order is not one that is paid.", ("order_id",))
NOTHING_LEFT: Final = AmountTooLarge("Nothing is left to capture.", ("payment_id",))
IN_PROGRESS: Final = PaymentInProgress("The provider has not answered. Ask again with this key.")

Begin = Callable[[PaymentRow], Awaitable[AttemptRow | Settled | Problem]]


class OrderMoneyService:
    """Opens transactions of its own, and none is open while a provider is asked. The same `key`
    is the same attempt: asked again, it moves nothing twice.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        orders: OrderRepository,
        ledger: PaymentLedgerService,
        methods: PaymentMethodService,
        providers: Providers,
        settling: SettlingService,
        order_payments: OrderPaymentService,
    ) -> None:
        self._uow = uow
        self._orders = orders
        self._ledger = ledger
        self._methods = methods
        self._providers = providers
        self._settling = settling
        self._order_payments = order_payments

    async def capture(
        self, payment_id: int, amount: Decimal | None, key: str
    ) -> PaymentRow | Problem:
        """Take `amount`, or all that is set aside; of an offline one, note that it came."""

        async def begin(payment: PaymentRow) -> AttemptRow | Settled | Problem:
            if payment.provider != OFFLINE:
                return await self._ledger.begin_capture(payment.id, amount, key)
            came = payment.amount - payment.captured if amount is None else amount
            if amount is None and not came:
                return NOTHING_LEFT
            kind = AttemptKind.CHARGE
            return await self._ledger.record_manual(payment.id, kind, came, "", key)

        return await self._moved(payment_id, begin)

    async def void(self, payment_id: int, key: str) -> PaymentRow | Problem:
        """Let go of all that is not taken yet."""

        async def begin(payment: PaymentRow) -> AttemptRow | Settled | Problem:
            if payment.provider != OFFLINE:
                return await self._ledger.begin_void(payment.id, key)
            kind, nothing = AttemptKind.VOID, Decimal(0)
            return await self._ledger.record_manual(payment.id, kind, nothing, "", key)

        return await self._moved(payment_id, begin)

    async def pay(
        self, order_id: int, method: str, data: Mapping[str, Any]
    ) -> tuple[OrderRow, Mapping[str, Any] | None] | Problem:
        """Pay what is left of an order of the viewer's; what their browser has to do.

        Money that is to come offline already is not asked for once more.
        """
        begun = await self._uow.transact(
            lambda: self._begin_paying(order_id, method, data),
            keep=lambda found: not failed(found),
        )
        if isinstance(begun, Problem):
            return begun
        if begun is None:
            return await self._order(order_id), None
        attempt, call = begun
        await self._uow.release()
        outcome = await self._providers.send(call)
        await self._settling.settle(attempt.id, outcome)
        refused = _answer(await self._ledger.attempt(attempt.id))
        return refused or (await self._order(order_id), outcome.next_action)

    async def _begin_paying(
        self, order_id: int, code: str, data: Mapping[str, Any]
    ) -> tuple[AttemptRow, ProviderCall] | Problem | None:
        """None where no provider is to be asked."""
        order = await self._orders.to_touch(order_id)
        if order is None or order.placed_at is None:
            return NO_ORDER
        if order.status is OrderStatus.CANCELED:
            return OVER
        if await self._ledger.open_for_order(order_id) is not None:
            return IN_PROGRESS
        payments = (await self._ledger.by_orders([order_id])).get(order_id, ())
        left = outstanding(order.due, money_of(payments))
        if left <= 0:
            return PAID
        method = await self._methods.usable(code, sale_of_order(order, left))
        if isinstance(method, Problem):
            return method
        if awaited(payments, method.id, left):
            return None
        return await self._opened(order, method, left, data)

    async def _opened(
        self, order: OrderRow, method: Any, amount: Decimal, data: Mapping[str, Any]
    ) -> tuple[AttemptRow, ProviderCall] | Problem | None:
        unpayable = self._methods.unpayable(method, amount, order.currency)
        if unpayable is not None:
            return unpayable
        attempt = await self._ledger.open(
            Opening(
                cart_id=None,
                order_id=order.id,
                method_id=method.id,
                amount=amount,
                currency=order.currency,
                capture_now=method.capture is CaptureMode.AT_ONCE,
                data=data,
            )
        )
        if isinstance(attempt, Problem):
            return attempt
        return None if attempt.provider == OFFLINE else (attempt, call_of(attempt, data))

    async def _moved(self, payment_id: int, begin: Begin) -> PaymentRow | Problem:
        begun = await self._uow.transact(
            lambda: self._begun(payment_id, begin), keep=lambda found: not failed(found)
        )
        if isinstance(begun, Problem):
            return begun
        if isinstance(begun, Settled):
            return begun.payment
        if begun.settled_at is None:
            await self._uow.release()
            outcome = await self._providers.send(call_of(begun))
            await self._settling.settle(begun.id, outcome)
        refused = _answer(await self._ledger.attempt(begun.id))
        return refused or await self._ledger.payment(payment_id) or NO_PAYMENT

    async def _begun(self, payment_id: int, begin: Begin) -> AttemptRow | Settled | Problem:
        payment = await self._ledger.payment(payment_id)
        if payment is None or payment.order_id is None:
            return NO_PAYMENT
        await self._order_payments.lock(payment.order_id)
        begun = await begin(payment)
        if isinstance(begun, Settled):
            await self._order_payments.refreshed(payment.order_id)
        return begun

    async def _order(self, order_id: int) -> OrderRow:
        order = await self._order_payments.order(order_id)
        if order is None:
            raise LookupError(f"there is no order {order_id}")
        return order


def _answer(attempt: AttemptRow) -> Problem | None:
    """Why what was asked of a provider was not done, or not yet."""
    if attempt.state is AttemptState.PENDING:
        return IN_PROGRESS
    if attempt.state is AttemptState.FAILED:
        reason = attempt.decline_code or "declined"
        return PaymentDeclined("The provider has refused.", (), reason)
    return None
