"""How what was priced becomes an order."""

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

from commerce.notifications.service import NotificationQueue
from commerce.orders.kinds import OrderEventKind, OrderStatus, PaymentStatus
from commerce.orders.repository.lines import OrderLineRepository
from commerce.orders.repository.writing import (
    Event,
    LineRow,
    OrderRow,
    OrderWriteRepository,
    Values,
)
from commerce.orders.rules.events import bought
from commerce.orders.rules.snapshots import Placement, line_values, order_values
from commerce.orders.service import mails
from commerce.store.service import StoreService

TOKEN_BYTES: Final = 32
Written = tuple[OrderRow, Sequence[LineRow]]


class OrderWriter:
    """Runs inside the caller's transaction, which holds the cart."""

    def __init__(
        self,
        orders: OrderWriteRepository,
        lines: OrderLineRepository,
        store: StoreService,
        mail: NotificationQueue,
    ) -> None:
        self._orders = orders
        self._lines = lines
        self._store = store
        self._mail = mail

    async def place(self, placement: Placement) -> OrderRow:
        """The order with its lines; the same cart again, the same order.

        Without `placed_at` it waits for its payment, or is a draft. Statements: the store's
        settings if nobody has read them yet, the number, the order and its lines; then those of
        `announce`, an event and a mail.
        """
        written = await self.write(placement)
        if written is None:
            return await self.of_cart(placement.cart_id)
        order, lines = written
        if not is_waiting(order):
            await self.announce(order, lines)
        return order

    async def write(self, placement: Placement) -> Written | None:
        """The order and its lines, in the order of the cart's; None when the cart has become an
        order already. Nobody is told.
        """
        order = await self._orders.add({**order_values(placement), **await self._own(placement)})
        if order is None:
            return None
        return order, await self._orders.add_lines(order.id, lines_of(placement))

    async def lines_of(self, order: OrderRow) -> Sequence[LineRow]:
        """In the order of the cart's."""
        return (await self._lines.all_by_order([order.id])).get(order.id, ())

    async def _own(self, placement: Placement) -> Values:
        settings = await self._store.settings()
        number = await self._orders.next_number(
            settings.order_prefix, settings.order_digits, settings.order_suffix
        )
        nothing_due = placement.priced.result.due == 0
        return {
            "number": number.text,
            "number_value": number.value,
            "token": token_urlsafe(TOKEN_BYTES),
            "locale": placement.locale or settings.locale,
            "payment_status": PaymentStatus.PAID if nothing_due else PaymentStatus.UNPAID,
        }

    async def of_cart(self, cart_id: int | None) -> OrderRow:
        """The order that a cart has become."""
        found = None if cart_id is None else await self._orders.by_cart(cart_id)
        if found is None:
            raise RuntimeError("an order without a cart was in the way of another")
        return found

    async def announce(self, order: OrderRow, lines: Sequence[LineRow]) -> None:
        """Tell that an order was placed, or drafted. The shop's people hear of it from the log of
        events.
        """
        placed = order.placed_at is not None
        kind = OrderEventKind.PLACED if placed else OrderEventKind.DRAFTED
        data = {"source": order.source.value}
        await self._orders.tell(order.id, Event(kind, data, is_public=placed))
        if placed:
            self._orders.publish(bought(order, lines))
        if placed and order.email is not None:
            await self._mail.add(mails.PLACED, {"order_id": order.id}, order.customer_id)


def is_waiting(order: OrderRow) -> bool:
    """Whether an order waits for its payment before it is placed, and nobody sees it."""
    return order.status is OrderStatus.PENDING and order.placed_at is None


def lines_of(placement: Placement) -> list[Values]:
    charges = placement.priced.result.lines
    return [
        {
            **line_values(line, charges[line.id], place),
            "custom_price": line.id in placement.custom_prices,
        }
        for place, line in enumerate(placement.priced.lines)
    ]
