"""From a cart, or an order that waits for its payment, to one that is placed, or to none at all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from commerce.carts.service.purchases import CartPurchaseService
from commerce.core.clock import Clock
from commerce.core.problems import Problem
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.service.allocations import AllocationService
from commerce.orders.kinds import PaymentStatus
from commerce.orders.ports import WhenPaid
from commerce.orders.repository.paying import OrderPaymentRepository
from commerce.orders.repository.writing import LineRow, OrderRow, OrderWriteRepository
from commerce.orders.rules.placing import first_status, wants_of
from commerce.orders.rules.snapshots import Placement
from commerce.orders.service.claims import ClaimService
from commerce.orders.service.writing import OrderWriter
from commerce.payments.kinds import MethodKind


class PlacingService:
    """Runs in a transaction that has locked the cart."""

    def __init__(
        self,
        claims: ClaimService,
        allocations: AllocationService,
        writer: OrderWriter,
        orders: OrderWriteRepository,
        waiting: OrderPaymentRepository,
        carts: CartPurchaseService,
        when_paid: WhenPaid,
        clock: Clock,
    ) -> None:
        self._claims = claims
        self._allocations = allocations
        self._writer = writer
        self._orders = orders
        self._waiting = waiting
        self._carts = carts
        self._when_paid = when_paid
        self._clock = clock

    async def at_once(
        self, placement: Placement, kind: MethodKind | None, *, paid: bool
    ) -> OrderRow | Problem:
        """The order of a cart whose payment nobody has to be asked about: it never waits, so its
        row is written once, as it ends up. Otherwise the same as `place`.
        """
        status = first_status(kind, paid=paid, backordered=0)
        placed = replace(placement, status=status, placed_at=self._clock())
        written = await self._writer.write(placed)
        if written is None:
            return await self.place(await self._writer.of_cart(placement.cart_id), kind, paid=paid)
        order, lines = written
        backordered = await self._promise(order, lines)
        if isinstance(backordered, Problem):
            return backordered
        late = first_status(kind, paid=paid, backordered=backordered)
        if late is not status:
            order = await self._orders.change(order.id, {"status": late})
        return await self._tell(order, lines)

    async def place(
        self, waiting: OrderRow, kind: MethodKind | None, *, paid: bool
    ) -> OrderRow | Problem:
        """The order, placed: its goods are promised, its cart is done with.

        `kind` is how it is paid, None when nothing is due. With a Problem nothing may be committed.
        """
        lines = await self._writer.lines_of(waiting)
        backordered = await self._promise(waiting, lines)
        if isinstance(backordered, Problem):
            return backordered
        status = first_status(kind, paid=paid, backordered=backordered)
        changes: dict[str, Any] = {"status": status, "placed_at": self._clock()}
        if waiting.due == 0:
            changes["payment_status"] = PaymentStatus.PAID
        return await self._tell(await self._orders.change(waiting.id, changes), lines)

    async def _promise(self, order: OrderRow, lines: Sequence[LineRow]) -> int | InsufficientStock:
        """How many units it waits for."""
        await self._claims.attach(order)
        given = await self._allocations.allocate(order.id, wants_of(lines), order.cart_id)
        if isinstance(given, InsufficientStock):
            return given
        return sum(each.backordered for each in given)

    async def _tell(self, order: OrderRow, lines: Sequence[LineRow]) -> OrderRow:
        await self._carts.completed(order.cart_id, order.id)
        await self._writer.announce(order, lines)
        if order.due == 0:
            await self._when_paid(order.id)
        return order

    async def undo(self, cart_id: int) -> None:
        """The cart is not bought: what it claimed goes back, and it can be changed again."""
        await self._claims.release(cart_id)
        order = await self._waiting.waiting(cart_id)
        if order is not None:
            await self._waiting.remove(order.id)
        await self._carts.thaw(cart_id)
