"""Uses of promotions by carts and orders, and the counters of them.

Counters are changed in one order, that of promotions, coupons and buyers, and by statements that
refuse to count beyond a limit.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    LargeBinary,
    Row,
    Select,
    Text,
    Update,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.locks import Rank
from commerce.promotions.kinds import RedemptionState
from commerce.promotions.models import Coupon, Promotion, PromotionBuyer, PromotionRedemption

RedemptionRow = Row[Any]

COLUMNS = tuple(columns_of(PromotionRedemption))
# The row that is there already; as a column it would be looked for in the table anew.
COUNTED: Any = literal_column("promotion_buyers.promotion_id")
UNLIMITED = 2**31 - 1  # of the column's type


class RedemptionRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def held(self, cart_id: int) -> Sequence[RedemptionRow]:
        """What a cart, which is locked, has claimed."""
        return await self._uow.rows(_held(), {"of_cart": cart_id})

    async def locked_promotions(self, ids: Collection[int]) -> Mapping[int, Row[Any]]:
        statement = (
            select(*columns_of(Promotion))
            .where(among(col(Promotion.id), ids))
            .order_by(col(Promotion.id))
        )
        return {row.id: row for row in await self._uow.locked(Rank.PROMOTION, statement)}

    async def locked_coupons(
        self, code_keys: Collection[str], ids: Collection[int] = ()
    ) -> Mapping[str, Row[Any]]:
        """By their codes' keys; those with one of the ids, too."""
        named = among(col(Coupon.code_key), code_keys, Text())
        statement = (
            select(*columns_of(Coupon))
            .where(or_(named, among(col(Coupon.id), ids)))
            .order_by(col(Coupon.id))
        )
        return {row.code_key: row for row in await self._uow.locked(Rank.PROMOTION, statement)}

    async def count_promotions(self, ids: Collection[int]) -> set[int]:
        """Count one more use of each that is locked; those that had one left."""
        return await self._count(Promotion, ids)

    async def count_coupons(self, ids: Collection[int]) -> set[int]:
        return await self._count(Coupon, ids)

    async def count_buyer(self, ids: Collection[int], buyer: bytes) -> set[int]:
        """The same by one buyer, within what each promotion allows everybody."""
        limit = (
            select(func.coalesce(col(Promotion.per_customer_limit), UNLIMITED))
            .where(col(Promotion.id) == COUNTED)
            .scalar_subquery()
        )
        added = insert(PromotionBuyer).values(
            [{"promotion_id": id_, "buyer_sha256": buyer, "used": 1} for id_ in sorted(ids)]
        )
        statement = added.on_conflict_do_update(
            index_elements=["promotion_id", "buyer_sha256"],
            set_={"used": col(PromotionBuyer.used) + 1},
            where=col(PromotionBuyer.used) < limit,
        )
        return set(await self._uow.scalars(statement.returning(col(PromotionBuyer.promotion_id))))

    async def hold(self, redemptions: Sequence[Mapping[str, Any]]) -> None:
        """A promotion that the cart has used and returned before is held anew."""
        added = insert(PromotionRedemption).values(list(redemptions))
        written = ("coupon_id", "code", "buyer_sha256", "amount", "state", "order_id")
        await self._uow.change(
            added.on_conflict_do_update(
                index_elements=["cart_id", "promotion_id"],
                set_={name: added.excluded[name] for name in written} | {"updated_at": func.now()},
            )
        )

    async def attach(self, cart_id: int, order_id: int) -> None:
        await self._uow.change(_attaching(), {"of_cart": cart_id, "to_order": order_id})

    async def end_of_cart(self, cart_id: int) -> Sequence[RedemptionRow]:
        """Of what a cart holds; each ends once."""
        return await self._end(col(PromotionRedemption.cart_id) == cart_id, RedemptionState.HELD)

    async def end_of_order(self, order_id: int) -> Sequence[RedemptionRow]:
        return await self._end(
            col(PromotionRedemption.order_id) == order_id, RedemptionState.REDEEMED
        )

    async def end(self, ids: Collection[int]) -> Sequence[RedemptionRow]:
        return await self._end(among(col(PromotionRedemption.id), ids), RedemptionState.HELD)

    async def uncount(self, ended: Sequence[RedemptionRow]) -> None:
        """Take back what was counted for uses of promotions and coupons that are locked."""
        promotions = [row.promotion_id for row in ended]
        await self._uow.change(
            update(Promotion)
            .where(among(col(Promotion.id), promotions))
            .values(used=col(Promotion.used) - 1)
        )
        coupons = [row.coupon_id for row in ended if row.coupon_id is not None]
        if coupons:
            await self._uow.change(
                update(Coupon)
                .where(among(col(Coupon.id), coupons))
                .values(used=col(Coupon.used) - 1)
            )
        await self._uncount_buyers(ended)

    async def _uncount_buyers(self, ended: Sequence[RedemptionRow]) -> None:
        known = [(row.promotion_id, row.buyer_sha256) for row in ended if row.buyer_sha256]
        if not known:
            return
        gone = table_of("gone", {"id": BigInteger(), "buyer": LargeBinary()}, known)
        await self._uow.change(
            update(PromotionBuyer)
            .where(
                col(PromotionBuyer.promotion_id) == gone.c.id,
                col(PromotionBuyer.buyer_sha256) == gone.c.buyer,
            )
            .values(used=col(PromotionBuyer.used) - 1)
        )

    async def _count(self, table: Any, ids: Collection[int]) -> set[int]:
        limit, used = col(table.usage_limit), col(table.used)
        statement = (
            update(table)
            .where(and_(among(col(table.id), ids), or_(limit.is_(None), used < limit)))
            .values(used=used + 1)
            .returning(col(table.id))
        )
        return set(await self._uow.scalars(statement))

    async def _end(self, which: Any, state: RedemptionState) -> Sequence[RedemptionRow]:
        statement = (
            update(PromotionRedemption)
            .where(which, col(PromotionRedemption.state) == state)
            .values(state=RedemptionState.RETURNED, updated_at=func.now())
            .returning(*COLUMNS)
        )
        return await self._uow.rows(statement)


# Every purchase runs these two, and building them costs more than running them does: once.
@cache
def _held() -> Select[Any]:
    return select(*COLUMNS).where(*_held_by_cart())


@cache
def _attaching() -> Update:
    order_id = bindparam("to_order", type_=BigInteger())
    statement = update(PromotionRedemption).where(*_held_by_cart())
    return statement.values(
        order_id=order_id, state=RedemptionState.REDEEMED, updated_at=func.now()
    )


def _held_by_cart() -> tuple[Any, Any]:
    own = col(PromotionRedemption.cart_id) == bindparam("of_cart", type_=BigInteger())
    return own, col(PromotionRedemption.state) == RedemptionState.HELD
