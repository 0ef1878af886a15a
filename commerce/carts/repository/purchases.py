"""Carts on their way to become orders: found and changed whoever asks, by checkout alone."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, Update, bindparam, func, select, update
from sqlmodel import col

from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.carts.repository.carts import COLUMNS, CartRow
from commerce.carts.rules.events import changed_cart
from commerce.carts.visibility import OPEN
from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.customers.models import Customer, CustomerGroup


class PurchaseRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def locked(self, id_: int) -> CartRow | None:
        statement = select(*COLUMNS).where(col(Cart.id) == id_)
        return next(iter(await self._uow.locked(Rank.CART, statement)), None)

    async def buyer(self, customer_id: int) -> Row[Any] | None:
        """What prices and mails need to know of a customer; None for one that is erased."""
        known = (col(Customer.group_id), col(Customer.tax_exempt), col(Customer.email))
        least = (col(CustomerGroup.min_subtotal), col(CustomerGroup.min_quantity))
        there = (col(Customer.id) == customer_id, col(Customer.erased_at).is_(None))
        of_group = col(CustomerGroup.id) == col(Customer.group_id)
        return await self._uow.row(
            select(*known, *least).join(CustomerGroup, of_group).where(*there)
        )

    async def freeze(self, id_: int, payment_method_id: int) -> None:
        """An active cart that is locked."""
        found = _changed(id_).where(col(Cart.state) == CartState.ACTIVE)
        chosen = {"state": CartState.FROZEN, "payment_method_id": payment_method_id}
        if await self._uow.change(found.values(**chosen)):
            self._uow.record(changed_cart(id_, CartState.FROZEN))

    async def thaw(self, id_: int) -> None:
        found = _changed(id_).where(col(Cart.state) == CartState.FROZEN)
        if await self._uow.change(found.values(state=CartState.ACTIVE)):
            self._uow.record(changed_cart(id_, CartState.ACTIVE))

    async def complete(self, id_: int, order_id: int) -> None:
        if await self._uow.change(_completing(), {"cart_id": id_, "of_order": order_id}):
            self._uow.record(changed_cart(id_, CartState.COMPLETED, order_id))


@cache
def _completing() -> Update:
    bought = _changed(bindparam("cart_id", type_=BigInteger())).where(col(Cart.state).in_(OPEN))
    order_id = bindparam("of_order", type_=BigInteger())
    return bought.values(state=CartState.COMPLETED, order_id=order_id)


def _changed(id_: Any) -> Update:
    version = col(Cart.version) + 1
    return update(Cart).where(col(Cart.id) == id_).values(version=version, updated_at=func.now())
