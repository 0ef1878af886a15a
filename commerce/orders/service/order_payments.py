"""What the payments of an order come to, and what follows from it for the order."""

from commerce.inventory.service.allocations import AllocationService
from commerce.orders.kinds import OrderEventKind, PaymentStatus
from commerce.orders.ports import WhenPaid
from commerce.orders.repository.paying import OrderPaymentRepository
from commerce.orders.repository.writing import Event, OrderRow, OrderWriteRepository
from commerce.orders.rules.paying import (
    WAITING,
    money_of,
    outstanding,
    payment_status,
    status_once_paid,
)
from commerce.payments.service.ledger import PaymentLedgerService


class OrderPaymentService:
    """Runs in the caller's transaction."""

    def __init__(
        self,
        orders: OrderPaymentRepository,
        writes: OrderWriteRepository,
        ledger: PaymentLedgerService,
        allocations: AllocationService,
        when_paid: WhenPaid,
    ) -> None:
        self._orders = orders
        self._writes = writes
        self._ledger = ledger
        self._allocations = allocations
        self._when_paid = when_paid

    async def lock(self, order_id: int) -> OrderRow | None:
        return await self._orders.locked(order_id)

    async def order(self, order_id: int) -> OrderRow | None:
        return await self._orders.by_id(order_id)

    async def waiting(self, cart_id: int) -> OrderRow | None:
        """The order that is placed once the cart, which is locked, is paid."""
        return await self._orders.waiting(cart_id)

    async def refreshed(self, order_id: int) -> OrderRow:
        """The order, which is locked, with the sums and the status of its payments as they are.

        Raises `LookupError` for an order that was never made.
        """
        order = await self._orders.by_id(order_id)
        if order is None:
            raise LookupError(f"there is no order {order_id}")
        return await self.following(order)

    async def once_placed(self, order: OrderRow) -> OrderRow:
        """The same for a draft that was just placed: one that costs nothing was paid before."""
        followed = await self.following(order)
        if order.payment_status is PaymentStatus.PAID is followed.payment_status:
            await self._when_paid(order.id)
        return followed

    async def following(self, order: OrderRow) -> OrderRow:
        """The same for a row that is known."""
        order_id = order.id
        money = money_of((await self._ledger.by_orders([order_id])).get(order_id, ()))
        paid = order.status in WAITING and not outstanding(order.due, money)
        backordered = await self._allocations.backordered(order_id) if paid else 0
        back = await self._orders.given_back(order_id) if order.gift_cards else money.refunded
        changes = {
            "authorized": money.authorized,
            "paid": money.paid,
            "refunded": money.refunded,
            "payment_status": payment_status(order.due, money, order.gift_cards, back),
            "status": status_once_paid(order, money, backordered),
        }
        if all(getattr(order, name) == value for name, value in changes.items()):
            return order
        changed = await self._writes.change(order_id, changes)
        before, after = order.payment_status, changed.payment_status
        if before is not after:
            data = {"from": before.value, "to": after.value}
            kind = OrderEventKind.PAYMENT_CHANGED
            await self._writes.tell(order_id, Event(kind, data, is_public=True))
        if after is PaymentStatus.PAID and before is not after and order.placed_at is not None:
            await self._when_paid(order_id)
        return changed
