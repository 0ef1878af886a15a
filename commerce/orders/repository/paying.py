"""Orders as their payments know them: found and locked whoever asks, by checkout alone."""

from decimal import Decimal

from sqlalchemy import delete, func, select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.orders.kinds import OrderStatus, RefundStatus
from commerce.orders.models import Order, OrderLine, Refund, RefundPayment
from commerce.orders.repository import shown
from commerce.orders.repository.writing import OrderRow


class OrderPaymentRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_id(self, id_: int) -> OrderRow | None:
        return await self._uow.row(select(*shown.ORDER).where(col(Order.id) == id_))

    async def locked(self, id_: int) -> OrderRow | None:
        statement = select(*shown.ORDER).where(col(Order.id) == id_)
        return next(iter(await self._uow.locked(Rank.ORDER, statement)), None)

    async def waiting(self, cart_id: int) -> OrderRow | None:
        """The order that waits for the payment of a cart, which is locked."""
        return await self._uow.row(
            select(*shown.ORDER).where(
                col(Order.cart_id) == cart_id,
                col(Order.status) == OrderStatus.PENDING,
                col(Order.placed_at).is_(None),
            )
        )

    async def remove(self, id_: int) -> None:
        """An order that was never placed, of a cart that is locked: nobody has seen it."""
        await self._uow.change(delete(OrderLine).where(col(OrderLine.order_id) == id_))
        await self._uow.change(delete(Order).where(col(Order.id) == id_))

    async def given_back(self, order_id: int) -> Decimal:
        """What went back of an order, by whatever it was paid."""
        amounts = func.coalesce(func.sum(col(RefundPayment.amount)), 0)
        done = col(RefundPayment.status) == RefundStatus.SUCCEEDED
        found = await self._uow.scalar(
            select(amounts)
            .join(Refund, col(Refund.id) == col(RefundPayment.refund_id))
            .where(col(Refund.order_id) == order_id, done)
        )
        return Decimal(found)
