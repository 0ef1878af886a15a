"""Carts on their way to become orders: found and changed whoever asks, by checkout alone."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Update, bindparam, func, select, update
from sqlmodel import col

from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.carts.repository.carts import COLUMNS, CartRow
from commerce.carts.visibility import OPEN
from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank


class PurchaseRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def locked(self, id_: int) -> CartRow | None:
        statement = select(*COLUMNS).where(col(Cart.id) == id_)
        return next(iter(await self._uow.locked(Rank.CART, statement)), None)

    async def move(self, id_: int, before: CartState, after: CartState) -> None:
        """From one state to another, of a cart that is locked."""
        moved = _changed(id_).where(col(Cart.state) == before)
        await self._uow.change(moved.values(state=after))

    async def complete(self, id_: int, order_id: int) -> None:
        await self._uow.change(_completing(), {"cart_id": id_, "of_order": order_id})


@cache
def _completing() -> Update:
    bought = _changed(bindparam("cart_id", type_=BigInteger())).where(col(Cart.state).in_(OPEN))
    order_id = bindparam("of_order", type_=BigInteger())
    return bought.values(state=CartState.COMPLETED, order_id=order_id)


def _changed(id_: Any) -> Update:
    version = col(Cart.version) + 1
    return update(Cart).where(col(Cart.id) == id_).values(version=version, updated_at=func.now())
