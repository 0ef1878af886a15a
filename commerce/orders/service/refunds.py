"""Refunds of orders: what goes back for what, written down once, counted while it is under way."""

from collections.abc import Sequence
from decimal import Decimal

from commerce.core.clock import Clock
from commerce.core.problems import Problem
from commerce.core.text import words_flaw
from commerce.notifications.service import NotificationQueue
from commerce.orders.kinds import OrderEventKind, RefundStatus
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.refunds import RefundRepository, RefundRow
from commerce.orders.repository.writing import Event, OrderRow, OrderWriteRepository
from commerce.orders.rules.charges import tax_json
from commerce.orders.rules.refunding import Refundable, RefundPart, RefundPlan, refund_plan
from commerce.orders.rules.texts import MAX_SHORT
from commerce.orders.rules.units import LineUnits
from commerce.orders.service import mails

NOTHING = Decimal(0)


class OrderRefundService:
    """Runs in the transaction that holds the order."""

    def __init__(
        self,
        refunds: RefundRepository,
        lines: OrderLineRepository,
        writes: OrderWriteRepository,
        mail: NotificationQueue,
        clock: Clock,
        actor: str,
    ) -> None:
        self._refunds = refunds
        self._lines = lines
        self._writes = writes
        self._mail = mail
        self._clock = clock
        self._actor = actor

    async def plan(
        self,
        order: OrderRow,
        wanted: Sequence[LineUnits],
        shipping: Decimal | None = None,
        amount: Decimal | None = None,
    ) -> RefundPlan | Problem:
        """What goes back, taxes and all; nothing is written yet."""
        lines = (await self._lines.all_by_order([order.id])).get(order.id, ())
        already = await self._refunds.gross_by_line(order.id)
        return refund_plan(Refundable(order, lines, already), wanted, shipping, amount)

    async def open(
        self,
        order: OrderRow,
        plan: RefundPlan,
        attempt_id: int | None,
        reason: str = "",
        key: str | None = None,
    ) -> RefundRow | Problem:
        """Write down what was asked for: its units count as refunded from now on."""
        flaw = words_flaw(reason, MAX_SHORT, "reason")
        if flaw is not None:
            return flaw
        shipping = plan.shipping.gross if plan.shipping else NOTHING
        values = {
            "order_id": order.id,
            "attempt_id": attempt_id,
            "key": key,
            "currency": plan.currency,
            "amount": plan.amount,
            "shipping": shipping,
            "tax": plan.tax,
            "taxes": plan.taxes,
            "reason": reason.strip(),
            "actor": self._actor,
        }
        refund = await self._refunds.add(values, [_line(part) for part in plan.parts])
        await self._count(order.id, {part.line_id: part.quantity for part in plan.parts}, shipping)
        return refund

    async def book(self, attempt_id: int, *, succeeded: bool) -> RefundRow | None:
        """What came of the attempt; None where it carries no refund, or that was known before."""
        found = await self._refunds.by_attempt(attempt_id)
        return None if found is None else await self.settle(found, succeeded=succeeded)

    async def settle(self, refund: RefundRow, *, succeeded: bool) -> RefundRow | None:
        """The same for a refund that is known, such as one that went back by hand."""
        status = RefundStatus.SUCCEEDED if succeeded else RefundStatus.FAILED
        settled = await self._refunds.settle(refund.id, status, self._clock())
        if settled is None:
            return None
        if succeeded and settled.amount > 0:
            await self._told(settled)
        if not succeeded:
            lines = (await self._refunds.lines([refund.id])).get(refund.id, ())
            units = {line.order_line_id: -line.quantity for line in lines}
            await self._count(refund.order_id, units, -refund.shipping)
        return settled

    async def _told(self, refund: RefundRow) -> None:
        data = {"refund_id": refund.id, "amount": str(refund.amount)}
        event = Event(OrderEventKind.REFUNDED, data, is_public=True)
        await self._writes.tell(refund.order_id, event)
        mail = {"order_id": refund.order_id, "refund_id": refund.id}
        customer_id = await self._writes.customer_of(refund.order_id)
        await self._mail.add(mails.REFUNDED, mail, customer_id)

    async def _count(self, order_id: int, units: dict[int, int], shipping: Decimal) -> None:
        counted = {line_id: quantity for line_id, quantity in units.items() if quantity}
        if counted:
            await self._lines.count_units("refunded", counted)
        if shipping:
            await self._writes.count_shipping_refunded(order_id, shipping)


def _line(part: RefundPart) -> dict[str, object]:
    back = part.refunded
    return {
        "order_line_id": part.line_id,
        "quantity": part.quantity,
        "net": back.net,
        "tax": back.tax,
        "gross": back.gross,
        "taxes": [tax_json(share) for share in back.taxes],
    }
