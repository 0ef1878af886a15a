"""Orders as they are listed, found and locked."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, Row, Select, exists, func, literal, select
from sqlmodel import col

from commerce.core.arrays import among_ids
from commerce.core.criteria import Direction
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.locks import Rank
from commerce.core.nested import KEPT
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Scope, Viewer
from commerce.customers.models import Customer
from commerce.inventory.models import StockAllocation
from commerce.inventory.repository.allocations import is_waiting
from commerce.orders.criteria import (
    EVERY_ORDER,
    OrderListing,
    OrderOrder,
    OrderOrderField,
    OrderWhere,
)
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import Order
from commerce.orders.repository import shown
from commerce.orders.repository.order_filters import conditions
from commerce.orders.visibility import changeable_orders, touchable_orders, visible_orders

OrderRow = Row[Any]

# Drafts have no such moment: whichever way, they come last.
FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
LAST: Final = datetime(9999, 12, 30, tzinfo=UTC)
SORTS: Final[Mapping[OrderOrderField, Any]] = {
    OrderOrderField.NUMBER: col(Order.number_value),
    OrderOrderField.PLACED_AT: col(Order.placed_at),
    OrderOrderField.CREATED_AT: col(Order.created_at),
    OrderOrderField.UPDATED_AT: col(Order.updated_at),
    OrderOrderField.TOTAL: col(Order.total),
}
NEWEST: Final = (OrderOrder(OrderOrderField.CREATED_AT, Direction.DESC),)


class OrderRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, listing: OrderListing, args: PageArgs) -> Page[OrderRow]:
        keys = _keys(listing.order or NEWEST)
        found = self._matching(listing.where)
        statement = paged(found, keys, args, filtered=listing.where != EVERY_ORDER)
        return page_of(await self._uow.rows(statement), len(keys), args)

    async def count(self, where: OrderWhere, limit: int | None) -> Count:
        found = self._matching(where)
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def supplied(self, at_most: int) -> Sequence[int]:
        """Those that wait for goods which are all there."""
        own = col(StockAllocation.order_id) == col(Order.id)
        waiting = col(Order.status) == OrderStatus.AWAITING_STOCK
        statement = select(col(Order.id)).where(waiting, ~exists().where(own, is_waiting()))
        return await self._uow.scalars(statement.order_by(col(Order.id)).limit(at_most))

    async def by_ids(self, ids: Keys[int]) -> dict[int, OrderRow]:
        rows = await self._uow.rows(_by_ids(self._viewer), {"ids": list(ids)})
        return {row.id: row for row in rows}

    async def by_number(self, number: str) -> OrderRow | None:
        statement = select(*shown.ORDER).where(
            col(Order.number) == number, visible_orders(self._viewer)
        )
        return await self._uow.row(statement)

    async def by_token(self, token: str) -> OrderRow | None:
        """Whoever holds the token sees the order, but for a draft.

        One look into the index of tokens, whether the order with a number is there or not.
        """
        placed = col(Order.placed_at).is_not(None)
        return await self._uow.row(select(*shown.ORDER).where(col(Order.token) == token, placed))

    async def pages_by_customer(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[OrderRow]]:
        """The newest first, archived ones too."""
        keys = _keys(NEWEST)
        statement = paged_by(ids, col(Order.customer_id), self._placed(), keys, args)
        return pages_of(await self._uow.rows(statement), ids, len(keys), args)

    async def counts_by_customer(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Order.customer_id), self._placed(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def sums_by_customer(self, ids: Keys[int]) -> dict[int, list[Row[Any]]]:
        """What each customer has bought, by currency: how many orders, how many of them are
        canceled, what was paid and not given back, and when the first and last were placed.
        """
        customer, placed = col(Order.customer_id), col(Order.placed_at)
        statement: Any = (
            select(
                customer.label("customer_id"),
                col(Order.currency).label("currency"),
                func.count().label("orders"),
                func.count(col(Order.canceled_at)).label("canceled"),
                func.sum(col(Order.paid) - col(Order.refunded)).label("spent"),
                func.min(placed).label("first"),
                func.max(placed).label("last"),
            )
            .where(among(customer, ids), visible_orders(self._viewer), placed.is_not(None))
            .group_by(customer, col(Order.currency))
            .order_by(func.max(placed).desc())
        )
        found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.customer_id].append(row)
        return found

    async def traces(self, ids: Keys[int]) -> dict[int, list[Any]]:
        """Why orders cost what they cost, step by step; callers have found the orders before."""
        columns = (col(Order.id), col(Order.trace))
        rows = await self._uow.rows(select(*columns).where(among(col(Order.id), ids)))
        return {row.id: row.trace for row in rows}

    async def to_change(self, id_: int) -> OrderRow | None:
        """An order the shop's people may change, locked; with `erased`, whether its buyer is."""
        return await self._locked(id_, changeable_orders(self._viewer))

    async def to_touch(self, id_: int) -> OrderRow | None:
        """The same for what buyers may do to their own orders."""
        return await self._locked(id_, touchable_orders(self._viewer))

    async def _locked(self, id_: int, allowed: ColumnElement[bool]) -> OrderRow | None:
        statement = select(*shown.ORDER, _erased()).where(col(Order.id) == id_, allowed)
        rows = await self._uow.locked(Rank.ORDER, statement, of=Order)
        return rows[0] if rows else None

    def _placed(self) -> Select[Any]:
        placed = col(Order.placed_at).is_not(None)
        return select(*shown.ORDER).where(visible_orders(self._viewer), placed)

    def _matching(self, where: OrderWhere) -> Select[Any]:
        """The shop's people find archived orders and drafts only when they ask for them."""
        found = select(*shown.ORDER).where(visible_orders(self._viewer), *conditions(where))
        if not self._viewer.may(Scope.READ_ORDERS) or where.ids is not None:
            return found
        if where.archived is None:
            found = found.where(col(Order.archived_at).is_(None))
        if where.drafts is None and OrderStatus.DRAFT not in (where.statuses or ()):
            found = found.where(col(Order.status) != OrderStatus.DRAFT)
        return found


@lru_cache(KEPT)
def _by_ids(viewer: Viewer) -> Select[Any]:
    return select(*shown.ORDER).where(among_ids(col(Order.id)), visible_orders(viewer))


def _erased() -> Any:
    gone = exists().where(
        col(Customer.id) == col(Order.customer_id), col(Customer.erased_at).is_not(None)
    )
    return gone.correlate(Order).label("erased")


def _keys(order: Sequence[OrderOrder]) -> tuple[SortKey, ...]:
    keys = [_key(each) for each in order]
    return (*keys, SortKey(col(Order.id), keys[-1].descending))


def _key(order: OrderOrder) -> SortKey:
    descending = order.direction is Direction.DESC
    if order.field is not OrderOrderField.PLACED_AT:
        return SortKey(SORTS[order.field], descending)
    missing = literal(FIRST if descending else LAST, DateTime(timezone=True))
    return SortKey(SORTS[order.field], descending, missing)
