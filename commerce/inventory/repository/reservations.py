"""What carts hold."""

from collections.abc import Collection as Keys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Delete,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlmodel import col

from commerce.core.arrays import among_ids, table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.inventory.models import StockReservation
from commerce.inventory.rules.promises import Pieces
from commerce.inventory.rules.stock import ReservationFilter, Slot
from commerce.inventory.visibility import visible_stock

ReservationRow = Row[Any]

SOONEST_OVER = (SortKey(col(StockReservation.expires_at)), SortKey(col(StockReservation.id)))
HELD: Mapping[str, Any] = {
    "variant_id": BigInteger(),
    "location_id": BigInteger(),
    "quantity": Integer(),
}


class ReservationRepository:
    """Holds that are over are as good as gone: nobody has to delete them in time."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(
        self, where: ReservationFilter, at: datetime, args: PageArgs
    ) -> Page[ReservationRow]:
        """Those over soonest first."""
        rows = await self._uow.rows(paged(self._visible(where, at), SOONEST_OVER, args))
        return page_of(rows, len(SOONEST_OVER), args)

    async def count(self, where: ReservationFilter, at: datetime, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(where, at), limit)), limit)

    async def held(
        self, variant_ids: Keys[int], at: datetime, but_by: int | None = None
    ) -> dict[Slot, int]:
        """Units at locations that carts hold then, one cart's own left out.

        To be asked after the levels are locked, in a statement of its own: the one that waits for
        a lock does not see what was held in the meantime.
        """
        values = {"ids": list(variant_ids), "at": at, "but_by": but_by}
        rows = await self._uow.rows(_held(), values)
        return {(row.variant_id, row.location_id): row.units for row in rows}

    async def of_cart(self, cart_id: int) -> dict[int, int]:
        """Units by variant, whether or not they are over."""
        variant_id = col(StockReservation.variant_id)
        statement = (
            select(variant_id, func.sum(col(StockReservation.quantity)).label("units"))
            .where(col(StockReservation.cart_id) == cart_id)
            .group_by(variant_id)
        )
        return {row.variant_id: row.units for row in await self._uow.rows(statement)}

    async def replace(self, cart_id: int, pieces: Pieces, until: datetime) -> None:
        """Have the cart hold this and nothing else."""
        await self.drop(cart_id)
        rows = [(id_, *piece) for id_, parts in pieces.items() for piece in parts]
        if not rows:
            return
        given = table_of("given", HELD, rows)
        shared = (literal(cart_id, BigInteger()), literal(until, DateTime(timezone=True)))
        await self._uow.change(
            insert(StockReservation).from_select(
                [*HELD, "cart_id", "expires_at"], select(*given.c, *shared)
            )
        )

    async def drop(self, cart_id: int) -> None:
        await self._uow.change(_dropping(), {"of_cart": cart_id})

    async def forget_expired(self, before: datetime) -> int:
        """Delete holds that were over by then: how many there were."""
        return await self._uow.change(
            delete(StockReservation).where(col(StockReservation.expires_at) <= before)
        )

    def _visible(self, where: ReservationFilter, at: datetime) -> Select[Any]:
        live = col(StockReservation.expires_at) > at
        statement = select(*columns_of(StockReservation)).where(visible_stock(self._viewer), live)
        if where.variant_id is not None:
            statement = statement.where(col(StockReservation.variant_id) == where.variant_id)
        if where.location_id is not None:
            statement = statement.where(col(StockReservation.location_id) == where.location_id)
        return statement


@cache
def _held() -> Any:
    slot = (col(StockReservation.variant_id), col(StockReservation.location_id))
    at = bindparam("at", type_=DateTime(timezone=True))
    but_by = bindparam("but_by", type_=BigInteger())
    return (
        select(*slot, func.sum(col(StockReservation.quantity)).label("units"))
        .where(
            among_ids(slot[0]),
            slot[1].is_not(None),
            col(StockReservation.expires_at) > at,
            col(StockReservation.cart_id).is_distinct_from(but_by),
        )
        .group_by(*slot)
    )


@cache
def _dropping() -> Delete:
    of_cart = bindparam("of_cart", type_=BigInteger())
    return delete(StockReservation).where(col(StockReservation.cart_id) == of_cart)
