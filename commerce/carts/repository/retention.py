"""Old carts of guests, and what they still tell about the guests."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal_column, select, update
from sqlmodel import col

from commerce.carts.models import TO_BLANK, Cart
from commerce.core.db import UnitOfWork, among
from commerce.core.locks import Rank
from commerce.privacy.kinds import Erased
from commerce.privacy.tables import held, parts_of


class CartRetentionRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def blank(self, over_by: datetime, at: datetime, limit: int) -> int:
        """Blank at most `limit` carts that ended by then, as if the guest was erased: how many.

        What is taken is what the tables mark as personal. Carts that another process is just
        blanking are left to it. Run it in a transaction.
        """
        self._uow.hold(Rank.CART)
        old = (
            select(col(Cart.id))
            .where(literal_column(TO_BLANK), col(Cart.expires_at) <= over_by)
            .order_by(col(Cart.expires_at), col(Cart.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = await self._uow.scalars(old)
        if not ids:
            return 0
        carts: Any = Cart.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
        for part in parts_of(carts):
            own = among(part.owner, ids)
            if part.erased is Erased.DELETED:
                await self._uow.change(delete(part.table).where(own))
            elif part.blanks():
                await self._uow.change(update(part.table).where(own).values(part.blanks()))
        told = {**held(carts).blanks(), "blanked_at": at, "version": col(Cart.version) + 1}
        await self._uow.change(update(carts).where(among(col(Cart.id), ids)).values(told))
        return len(ids)
