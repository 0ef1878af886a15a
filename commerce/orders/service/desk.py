"""What all that is done with an order shares: taking it, and writing down what was done.

Stock is locked before orders are, everywhere. So whatever moves stock looks at the order first,
moves, and then takes the order and looks again: what does not hold any more is refused, and the
transaction with what was moved is rolled back.
"""

from collections.abc import Sequence
from typing import Any, Final

from commerce.core.problems import NotFound, Problem, version_conflict
from commerce.orders.kinds import OrderStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.repository.lines import LineRow, OrderLineRepository
from commerce.orders.repository.orders import OrderRepository, OrderRow
from commerce.orders.repository.writing import Event, OrderWriteRepository, Values

MISSING: Final = NotFound("There is no Order with this id.", ("order_id",))


class OrderDesk:
    def __init__(
        self, orders: OrderRepository, writes: OrderWriteRepository, lines: OrderLineRepository
    ) -> None:
        self._orders = orders
        self._writes = writes
        self._lines = lines

    async def seen(self, order_id: int) -> OrderRow | None:
        """The order as it is right now, not locked."""
        return (await self._orders.by_ids([order_id])).get(order_id)

    async def taken(self, order_id: int, expected_version: int | None = None) -> Any:
        """The order, locked for its shop; a Problem when that cannot be."""
        return _fitting(await self._orders.to_change(order_id), expected_version)

    async def touched(self, order_id: int, expected_version: int | None = None) -> Any:
        """The same for what buyers may do, too."""
        return _fitting(await self._orders.to_touch(order_id), expected_version)

    async def lines(self, order_id: int) -> Sequence[LineRow]:
        return (await self._lines.all_by_order([order_id])).get(order_id, ())

    async def done(self, order: OrderRow, changes: Values, *events: Event) -> OrderRow:
        """The changed row of an order that is taken; what happened is told."""
        changed = await self._writes.change(order.id, changes)
        for event in events:
            await self._writes.tell(order.id, event)
        return changed


def in_force(order: OrderRow) -> InvalidTransition | None:
    """Why nothing can be done with an order any more, or yet."""
    if order.status in (OrderStatus.CANCELED, OrderStatus.DRAFT):
        message = f"This cannot be done with an order that is {order.status.name}."
        return InvalidTransition(message, ("order_id",), order.status.name)
    return None


def _fitting(order: OrderRow | None, expected_version: int | None) -> OrderRow | Problem:
    if order is None:
        return MISSING
    return version_conflict("order", order.version, expected_version) or order
