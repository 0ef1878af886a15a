"""What carts and orders were paid with gift cards."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    Update,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.core.arrays import table_of
from commerce.core.columns import MONEY, columns_of
from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.gift_cards.kinds import UseState
from commerce.gift_cards.models import GiftCardUse

UseRow = Row[Any]

COLUMNS = tuple(columns_of(GiftCardUse))
STATE = columns_of(GiftCardUse)["state"].type


class UseRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def held(self, cart_id: int) -> Sequence[UseRow]:
        """What a cart, which is locked, has drawn."""
        return await self._uow.rows(_held(), {"of_cart": cart_id})

    async def locked_of_order(self, order_id: int) -> Sequence[UseRow]:
        statement = select(*COLUMNS).where(col(GiftCardUse.order_id) == order_id)
        return await self._uow.locked(Rank.GIFT_CARD, statement.order_by(col(GiftCardUse.id)))

    async def hold(self, cart_id: int, amounts: Mapping[int, Decimal]) -> None:
        """A card that the cart has drawn on and returned before is drawn on anew."""
        values = {"cart_id": cart_id, "order_id": None, "state": UseState.HELD, "returned": 0}
        added = insert(GiftCardUse).values(
            [{**values, "gift_card_id": id_, "amount": amounts[id_]} for id_ in sorted(amounts)]
        )
        written = ("order_id", "amount", "returned", "state")
        await self._uow.change(
            added.on_conflict_do_update(
                index_elements=["cart_id", "gift_card_id"],
                set_={name: added.excluded[name] for name in written} | {"updated_at": func.now()},
            )
        )

    async def attach(self, cart_id: int, order_id: int) -> None:
        await self._uow.change(_attaching(), {"of_cart": cart_id, "to_order": order_id})

    async def give_back(self, parts: Mapping[int, Decimal]) -> None:
        """Note, by use, what went back on the cards; a use that is all returned is over."""
        types: Mapping[str, TypeEngine[Any]] = {"id": BigInteger(), "part": MONEY}
        back = table_of("back", types, sorted(parts.items()))
        returned = col(GiftCardUse.returned) + back.c.part
        over = case(
            (returned == col(GiftCardUse.amount), literal(UseState.RETURNED, STATE)),
            else_=col(GiftCardUse.state),
        )
        await self._uow.change(
            update(GiftCardUse)
            .where(col(GiftCardUse.id) == back.c.id)
            .values(returned=returned, state=over, updated_at=func.now())
        )


# Every purchase runs these two, and building them costs more than running them does: once.
@cache
def _held() -> Select[Any]:
    return select(*COLUMNS).where(*_held_by_cart())


@cache
def _attaching() -> Update:
    order_id = bindparam("to_order", type_=BigInteger())
    statement = update(GiftCardUse).where(*_held_by_cart())
    return statement.values(order_id=order_id, state=UseState.REDEEMED, updated_at=func.now())


def _held_by_cart() -> tuple[Any, Any]:
    own = col(GiftCardUse.cart_id) == bindparam("of_cart", type_=BigInteger())
    return own, col(GiftCardUse.state) == UseState.HELD
