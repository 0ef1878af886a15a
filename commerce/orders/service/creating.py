"""Orders that programs and the shop's people place for somebody in one go."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.problems import NotFound, Problem
from commerce.orders.repository.writing import OrderRow
from commerce.orders.rules.editing import LineEdit
from commerce.orders.rules.paying import sale_of_order
from commerce.orders.service.drafts import OrderDraftService
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.payments.kinds import OFFLINE
from commerce.payments.service.ledger import Opening, PaymentLedgerService
from commerce.payments.service.methods import PaymentMethodService
from commerce.shipping.repository.methods import MethodRepository

NO_SHIPPING: Final = NotFound("There is no such way of shipping.", ("shipping_method",))


class OrderCreateService:
    """Runs in the caller's transaction: with a Problem nothing of it may stay."""

    def __init__(
        self,
        drafts: OrderDraftService,
        order_payments: OrderPaymentService,
        ledger: PaymentLedgerService,
        payment_methods: PaymentMethodService,
        shipping_methods: MethodRepository,
    ) -> None:
        self._drafts = drafts
        self._order_payments = order_payments
        self._ledger = ledger
        self._payment_methods = payment_methods
        self._shipping_methods = shipping_methods

    async def create(
        self,
        lines: Sequence[LineEdit],
        values: Mapping[str, Any],
        terms: Mapping[str, Any],
        shipping: str | None = None,
        payment: str | None = None,
    ) -> OrderRow | Problem:
        """A draft, placed at once. `shipping` and `payment` are codes of methods.

        What an offline method has to bring is written down; of others it is only made sure that
        they can be used, `orderPay` asks them.
        """
        known = await self._with_shipping(terms, shipping)
        if isinstance(known, Problem):
            return known
        draft = await self._drafts.create(lines, values, known)
        if isinstance(draft, Problem):
            return draft
        placed = await self._drafts.complete(draft.id)
        if isinstance(placed, Problem) or payment is None or placed.due == 0:
            return placed
        return await self._paid_with(placed, payment)

    async def _with_shipping(
        self, terms: Mapping[str, Any], code: str | None
    ) -> dict[str, Any] | NotFound:
        if code is None:
            return dict(terms)
        id_ = await self._shipping_methods.id_of(code)
        return NO_SHIPPING if id_ is None else {**terms, "shipping_method_id": id_}

    async def _paid_with(self, order: OrderRow, code: str) -> OrderRow | Problem:
        method = await self._payment_methods.usable(code, sale_of_order(order, order.due))
        if isinstance(method, Problem):
            return method
        if method.provider != OFFLINE:
            unpayable = self._payment_methods.unpayable(method, order.due, order.currency)
            return unpayable or order
        opened = await self._ledger.open(
            Opening(
                cart_id=None,
                order_id=order.id,
                method_id=method.id,
                amount=order.due,
                currency=order.currency,
                capture_now=True,
            )
        )
        return (
            opened if isinstance(opened, Problem) else await self._order_payments.following(order)
        )
