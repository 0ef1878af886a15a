"""Orders that waited for goods go on when the goods are there."""

from functools import partial
from typing import Final

from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem
from commerce.inventory.service.allocations import AllocationService
from commerce.orders.kinds import OrderEventKind, OrderStatus
from commerce.orders.repository.orders import OrderRepository
from commerce.orders.repository.writing import Event
from commerce.orders.service.desk import OrderDesk

AT_ONCE: Final = 100
GOES_ON: Final = Event(
    OrderEventKind.STATUS_CHANGED,
    {"from": OrderStatus.AWAITING_STOCK.value, "to": OrderStatus.PROCESSING.value},
    is_public=True,
)


class OrderArrivalService:
    """Goods arrive under the locks of their stock, where no other orders can be locked: what
    follows for those is done afterwards, each in a transaction of its own.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        orders: OrderRepository,
        desk: OrderDesk,
        allocations: AllocationService,
    ) -> None:
        self._uow = uow
        self._orders = orders
        self._desk = desk
        self._allocations = allocations

    async def go_on(self) -> int:
        """How many orders are worked on now that were waiting."""
        moved = 0
        for order_id in await self._orders.supplied(AT_ONCE):
            moved += await self._uow.transact(partial(self._moved, order_id))
        return moved

    async def _moved(self, order_id: int) -> bool:
        """Whether it went on. Whoever makes it wait again meanwhile finds that it has changed."""
        order = await self._desk.taken(order_id)
        if isinstance(order, Problem) or order.status is not OrderStatus.AWAITING_STOCK:
            return False
        if await self._allocations.backordered(order_id):
            return False
        await self._desk.done(order, {"status": OrderStatus.PROCESSING}, GOES_ON)
        return True
