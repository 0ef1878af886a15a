"""Noting that an order was paid somewhere else."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from commerce.core.problems import Invalid, NotFound, Problem
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.paying import money_of, outstanding
from commerce.orders.service.desk import OrderDesk, in_force
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.payments.kinds import OFFLINE, AttemptKind
from commerce.payments.repository.methods import MethodRepository, MethodRow
from commerce.payments.repository.payments import PaymentRow
from commerce.payments.service.ledger import Opening, PaymentLedgerService

KEY: Final = "marked-paid"
SET_ASIDE: Final = Invalid("Its money is set aside at a provider: capture it.", ("order_id",))
NO_METHOD: Final = NotFound("There is no such offline payment method.", ("payment_method",))


class OrderMarkPaidService:
    """Runs in the caller's transaction."""

    def __init__(
        self,
        desk: OrderDesk,
        ledger: PaymentLedgerService,
        methods: MethodRepository,
        order_payments: OrderPaymentService,
    ) -> None:
        self._desk = desk
        self._ledger = ledger
        self._methods = methods
        self._order_payments = order_payments

    async def mark(
        self, order_id: int, method: str | None = None, reference: str = ""
    ) -> OrderRow | Problem:
        """Book all that is left of an order as received: of its offline payments what is open of
        them, the rest as a payment with the offline `method` named, or else the first one.

        An order that is paid stays as it is.
        """
        order = await self._desk.taken(order_id)
        if isinstance(order, Problem):
            return order
        flaw = in_force(order) or await self._came_for_open(order, reference)
        if flaw is not None:
            return flaw
        payments = await self._payments(order_id)
        left = outstanding(order.due, money_of(payments))
        if left:
            flaw = await self._came_besides(order, left, method, reference)
        elif money_of(payments).paid < order.due:
            flaw = SET_ASIDE
        return flaw or await self._order_payments.refreshed(order_id)

    async def _came_for_open(self, order: OrderRow, reference: str) -> Problem | None:
        for payment in await self._payments(order.id):
            open_ = payment.amount - payment.captured
            if payment.provider != OFFLINE or payment.closed or not open_:
                continue
            left = outstanding(order.due, money_of(await self._payments(order.id)))
            if left:
                flaw = await self._book(payment.id, min(open_, left), reference)
                if flaw is not None:
                    return flaw
        return None

    async def _came_besides(
        self, order: OrderRow, left: Decimal, code: str | None, reference: str
    ) -> Problem | None:
        method = await self._method(code)
        if method is None:
            return NO_METHOD
        opened = await self._ledger.open(
            Opening(
                cart_id=None,
                order_id=order.id,
                method_id=method.id,
                amount=left,
                currency=order.currency,
                capture_now=True,
            )
        )
        if isinstance(opened, Problem):
            return opened
        return await self._book(opened.payment_id, left, reference)

    async def _book(self, payment_id: int, amount: Decimal, reference: str) -> Problem | None:
        kind = AttemptKind.CHARGE
        booked = await self._ledger.record_manual(payment_id, kind, amount, reference, KEY)
        return booked if isinstance(booked, Problem) else None

    async def _method(self, code: str | None) -> MethodRow | None:
        """The offline one that is named, or the first one on offer."""
        offline = [each for each in await self._methods.all() if each.provider == OFFLINE]
        if code is not None:
            return next((each for each in offline if each.code == code), None)
        return next((each for each in offline if each.active), None)

    async def _payments(self, order_id: int) -> Sequence[PaymentRow]:
        return (await self._ledger.by_orders([order_id])).get(order_id, ())
