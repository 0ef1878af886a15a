"""Lines of orders. Who sees an order sees its lines: callers have found the order before."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    select,
    true,
    update,
)
from sqlmodel import col

from commerce.core.arrays import among_ids, table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import Order, OrderLine
from commerce.orders.repository import shown
from commerce.orders.visibility import visible_orders

LineRow = Row[Any]

IN_ORDER = (SortKey(col(OrderLine.position)), SortKey(col(OrderLine.id)))


class OrderLineRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, LineRow]:
        """Those of orders that the viewer sees, with their order's `currency`."""
        statement = (
            select(*shown.LINE, col(Order.currency))
            .join(Order, col(Order.id) == col(OrderLine.order_id))
            .where(among(col(OrderLine.id), ids), visible_orders(self._viewer))
        )
        return {row.id: row for row in await self._uow.rows(statement)}

    async def units_sold(self, product_ids: Keys[int]) -> dict[int, int]:
        """How many units were bought and not called off, by product; none is left out."""
        units = func.sum(col(OrderLine.quantity) - col(OrderLine.canceled))
        statement = (
            select(col(OrderLine.product_id), units.label("units"))
            .join(Order, col(Order.id) == col(OrderLine.order_id))
            .where(
                among(col(OrderLine.product_id), product_ids),
                col(Order.status) != OrderStatus.CANCELED,
                col(Order.placed_at).is_not(None),
            )
            .group_by(col(OrderLine.product_id))
        )
        return {row.product_id: row.units for row in await self._uow.rows(statement)}

    async def all_by_order(self, ids: Keys[int]) -> dict[int, list[LineRow]]:
        found: defaultdict[int, list[LineRow]] = defaultdict(list)
        for row in await self._uow.rows(_of_orders(), {"ids": list(ids)}):
            found[row.order_id].append(row)
        return found

    async def pages_by_order(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[LineRow]]:
        statement = paged_by(ids, col(OrderLine.order_id), _every(), IN_ORDER, args)
        return pages_of(await self._uow.rows(statement), ids, len(IN_ORDER), args)

    async def counts_by_order(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(OrderLine.order_id), _every(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def units_by_order(self, ids: Keys[int]) -> dict[int, int]:
        """How many units each order is of."""
        owner = col(OrderLine.order_id)
        summed = select(owner, func.sum(col(OrderLine.quantity)).label("units"))
        rows = await self._uow.rows(summed.where(among(owner, ids)).group_by(owner))
        return {row.order_id: int(row.units) for row in rows}

    async def count_units(self, counter: str, units: Mapping[int, int]) -> None:
        """Add to a counter of units of lines whose order is locked."""
        column = columns_of(OrderLine)[counter]
        given = table_of("given", {"id": BigInteger(), "units": Integer()}, list(units.items()))
        await self._uow.change(
            update(OrderLine)
            .where(col(OrderLine.id) == given.c.id)
            .values({counter: column + given.c.units, "updated_at": func.now()})
        )

    async def change_all(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each row's columns but its `id`, of lines whose order is locked."""
        if not rows:
            return
        names = [name for name in rows[0] if name != "id"]
        statement = (
            update(OrderLine)
            .where(col(OrderLine.id) == bindparam("line_id"))
            .values({name: bindparam(f"new_{name}") for name in names} | {"updated_at": func.now()})
        )
        values = [
            {"line_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows
        ]
        await self._uow.change(statement, values)

    async def remove(self, ids: Keys[int]) -> None:
        await self._uow.change(delete(OrderLine).where(among(col(OrderLine.id), ids)))


@cache
def _of_orders() -> Select[Any]:
    statement = select(*shown.LINE).where(among_ids(col(OrderLine.order_id)))
    return statement.order_by(*(key.column for key in IN_ORDER))


def _every() -> Select[Any]:
    return select(*shown.LINE).where(true())
