"""How often somebody has bought: promotions ask."""

from sqlalchemy import func, or_, select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import Order


class OrderHistoryRepository:
    """Seen by prices alone: no viewer reads the number."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def placed_by(self, email: str | None, customer_id: int | None) -> int | None:
        """How many orders the buyer has placed; None for one who cannot be recognised."""
        if email is None and customer_id is None:
            return None
        known = []
        if email is not None:
            known.append(func.lower(col(Order.email)) == email.lower())
        if customer_id is not None:
            known.append(col(Order.customer_id) == customer_id)
        placed = col(Order.placed_at).is_not(None)
        kept = col(Order.status) != OrderStatus.CANCELED
        counted = select(func.count()).select_from(Order).where(or_(*known), placed, kept)
        return int(await self._uow.scalar(counted))
