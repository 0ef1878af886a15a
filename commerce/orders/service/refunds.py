"""Refunds of orders: what goes back for what, written down once, counted while it is under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
from commerce.orders.rules.splitting import Share, status_of
from commerce.orders.rules.texts import MAX_SHORT
from commerce.orders.rules.units import LineUnits
from commerce.orders.service import mails

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Carried:
    """A share of a refund, and the attempt that carries it; `settled`: the money is back."""

    share: Share
    attempt_id: int | None = None
    settled: bool = False

    @property
    def status(self) -> RefundStatus:
        return RefundStatus.SUCCEEDED if self.settled else RefundStatus.PENDING


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
        surcharge: Decimal | None = None,
    ) -> RefundPlan | Problem:
        """What goes back, taxes and all; nothing is written yet."""
        lines = (await self._lines.all_by_order([order.id])).get(order.id, ())
        already = await self._refunds.gross_by_line(order.id)
        return refund_plan(Refundable(order, lines, already), wanted, shipping, amount, surcharge)

    async def open(
        self,
        order: OrderRow,
        plan: RefundPlan,
        carried: Sequence[Carried],
        reason: str = "",
        key: str | None = None,
    ) -> RefundRow | Problem:
        """Write down what was asked for: its units count as refunded from now on."""
        flaw = words_flaw(reason, MAX_SHORT, "reason")
        if flaw is not None:
            return flaw
        shipping = plan.shipping.gross if plan.shipping else NOTHING
        surcharge = plan.surcharge.gross if plan.surcharge else NOTHING
        status, now = status_of(each.status for each in carried), self._clock()
        values = {
            "order_id": order.id,
            "key": key,
            "status": status,
            "settled_at": None if status is RefundStatus.PENDING else now,
            "currency": plan.currency,
            "amount": plan.amount,
            "shipping": shipping,
            "surcharge": surcharge,
            "tax": plan.tax,
            "taxes": plan.taxes,
            "reason": reason.strip(),
            "actor": self._actor,
        }
        payments = [_payment(each, now) for each in carried]
        refund = await self._refunds.add(values, [_line(part) for part in plan.parts], payments)
        await self._count(refund, {part.line_id: part.quantity for part in plan.parts}, 1)
        await self._told(refund)
        return refund

    async def open_for_all(self, order_id: int, currency: str, carried: Carried) -> None:
        """Write down that all that is left of a payment goes back, whatever it was for."""
        values = {"order_id": order_id, "currency": currency, "actor": self._actor}
        paid = [_payment(carried, self._clock())]
        await self._refunds.add({**values, "amount": carried.share.amount}, (), paid)

    async def book(
        self, attempt_id: int, *, succeeded: bool, reason: str | None = None
    ) -> RefundRow | None:
        """What came of the attempt: the refund, once it is known of all of it.

        None where the attempt carries no refund, or that was known before. What failed, for which
        `reason`, may have been thought to be back.
        """
        state = RefundStatus.SUCCEEDED if succeeded else RefundStatus.FAILED
        part = await self._refunds.settle_payment(attempt_id, state, self._clock())
        if part is None:
            return None
        if not succeeded:
            await self._tell_of_failure(part, reason)
        id_ = part.refund_id
        status = status_of(each.status for each in await self.payments(id_))
        settled = await self._refunds.settle(id_, status, self._clock())
        if settled is None:
            return None
        await self._told(settled)
        if status is RefundStatus.FAILED:
            lines = (await self._refunds.lines([id_])).get(id_, ())
            units = {line.order_line_id: line.quantity for line in lines}
            await self._count(settled, units, -1)
        return settled

    async def payments(self, refund_id: int) -> Sequence[RefundRow]:
        """By what the money of a refund goes back."""
        return (await self._refunds.payments([refund_id])).get(refund_id, ())

    async def ask_again(self, refund_id: int, attempts: Mapping[int, int]) -> RefundRow:
        """New attempts for what of a refund was refused, by the ids of its payments."""
        return await self._refunds.ask_again(refund_id, attempts)

    async def _told(self, refund: RefundRow) -> None:
        """The buyer hears of it once all of it is back."""
        if refund.status is not RefundStatus.SUCCEEDED or not refund.amount:
            return
        data = {"refund_id": refund.id, "amount": str(refund.amount)}
        event = Event(OrderEventKind.REFUNDED, data, is_public=True)
        await self._writes.tell(refund.order_id, event)
        mail = {"order_id": refund.order_id, "refund_id": refund.id}
        customer_id = await self._writes.customer_of(refund.order_id)
        await self._mail.add(mails.REFUNDED, mail, customer_id)

    async def _tell_of_failure(self, part: RefundRow, reason: str | None) -> None:
        """The buyer hears of it who was told that the money is back."""
        was_told = part.refund_status is RefundStatus.SUCCEEDED
        data = {"refund_id": part.refund_id, "amount": str(part.amount), "reason": reason}
        event = Event(OrderEventKind.REFUND_FAILED, data, is_public=was_told)
        await self._writes.tell(part.order_id, event)

    async def _count(self, refund: RefundRow, units: dict[int, int], sign: int) -> None:
        """Of an order that is held, what goes back from now on or, with -1, does not after all."""
        counted = {line_id: sign * quantity for line_id, quantity in units.items() if quantity}
        if counted:
            await self._lines.count_units("refunded", counted)
        if refund.shipping or refund.surcharge:
            parts = (sign * refund.shipping, sign * refund.surcharge)
            await self._writes.count_refunded(refund.order_id, *parts)


def _payment(carried: Carried, now: datetime) -> dict[str, object]:
    return {
        "payment_id": carried.share.payment_id,
        "attempt_id": carried.attempt_id,
        "status": carried.status,
        "amount": carried.share.amount,
        "settled_at": now if carried.settled else None,
    }


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
