"""Canceling orders: everything they hold goes back, and so does what was paid."""

from typing import Final

from commerce.core.clock import Clock
from commerce.core.problems import Invalid, Problem
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.inventory.service.allocations import AllocationService
from commerce.notifications.service import NotificationQueue
from commerce.orders.kinds import CancelReason, OrderEventKind, OrderStatus
from commerce.orders.ports import GivesMoneyBack
from commerce.orders.problems import InvalidTransition
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.writing import Event, OrderRow
from commerce.orders.rules.states import transition_flaw
from commerce.orders.rules.texts import checked_note
from commerce.orders.rules.units import to_fulfill
from commerce.orders.service import mails
from commerce.orders.service.desk import MISSING, OrderDesk
from commerce.promotions.service.redemptions import RedemptionService

ERASED: Final = Invalid("The buyer was erased: nothing is written down any more.", ("order_id",))


class OrderCancelService:
    def __init__(
        self,
        desk: OrderDesk,
        lines: OrderLineRepository,
        redemptions: RedemptionService,
        gift_cards: GiftCardUseService,
        allocations: AllocationService,
        money_back: GivesMoneyBack,
        mail: NotificationQueue,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._lines = lines
        self._redemptions = redemptions
        self._gift_cards = gift_cards
        self._allocations = allocations
        self._money_back = money_back
        self._mail = mail
        self._clock = clock

    async def cancel(
        self,
        order_id: int,
        reason: CancelReason = CancelReason.OTHER,
        message: str = "",
        *,
        notify: bool = True,
        expected_version: int | None = None,
    ) -> OrderRow | Problem:
        """Coupons, gift cards, stock and money go back. Canceled twice is canceled once."""
        text = checked_note(message, "message") if message else ""
        if isinstance(text, Invalid):
            return text
        seen = await self._desk.seen(order_id)
        if seen is None:
            return MISSING
        if seen.status is OrderStatus.CANCELED:
            return seen
        await self._redemptions.give_back(order_id)
        await self._gift_cards.give_back(order_id)
        await self._allocations.release(order_id)
        order = await self._desk.taken(order_id, expected_version)
        if isinstance(order, Problem):
            return order
        flaw = await self._flaw(order)
        if flaw is not None or (order.erased and text):
            return flaw or ERASED
        refused = await self._money_back(order.id)
        return refused or await self._canceled(order, reason, text, notify=notify)

    async def _flaw(self, order: OrderRow) -> Problem | None:
        flaw = transition_flaw(order.status, OrderStatus.CANCELED, "order_id")
        if flaw is None and order.status is OrderStatus.CANCELED:
            return InvalidTransition("The order is canceled.", ("order_id",), order.status.name)
        if flaw is None and any(line.fulfilled for line in await self._desk.lines(order.id)):
            message = "Units of it have left the house: they must come back first."
            return InvalidTransition(message, ("order_id",), order.status.name)
        return flaw

    async def _canceled(
        self, order: OrderRow, reason: CancelReason, text: str, *, notify: bool
    ) -> OrderRow:
        units = {line.id: to_fulfill(line) for line in await self._desk.lines(order.id)}
        await self._lines.count_units("canceled", units)
        changes = {
            "status": OrderStatus.CANCELED,
            "canceled_at": self._clock(),
            "cancel_reason": reason,
        }
        data = {"reason": reason.value, "from": order.status.value}
        event = Event(OrderEventKind.CANCELED, data, text, is_public=True)
        changed = await self._desk.done(order, changes, event)
        if notify and order.email is not None and order.placed_at is not None:
            await self._mail.add(mails.CANCELED, {"order_id": order.id}, order.customer_id)
        return changed
