"""What left the house and what came back. Callers have found, or locked, the order before."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.core.viewer import Viewer
from commerce.orders.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderReturn,
    OrderReturnLine,
)
from commerce.orders.repository import shown
from commerce.orders.visibility import visible_orders

PartRow = Row[Any]
Values = Mapping[str, Any]
Units = Mapping[int, int]


class PartRepository:
    """Parts of orders that have lines of their own: each names the order's line and its units."""

    table: Any
    line_table: Any
    columns: tuple[Any, ...]
    owner: str

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, PartRow]:
        """Those of orders that the viewer sees."""
        statement = (
            select(*self.columns)
            .join(Order, col(Order.id) == self.table.order_id)
            .where(among(self.table.id, ids), visible_orders(self._viewer))
        )
        return {row.id: row for row in await self._uow.rows(statement)}

    async def of_order(self, order_id: int) -> dict[int, PartRow]:
        """By their ids."""
        return {row.id: row for row in (await self.by_orders([order_id])).get(order_id, ())}

    async def by_orders(self, ids: Keys[int]) -> dict[int, list[PartRow]]:
        """In the order they came about."""
        statement = (
            select(*self.columns).where(among(self.table.order_id, ids)).order_by(self.table.id)
        )
        found: defaultdict[int, list[PartRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.order_id].append(row)
        return found

    async def order_of(self, id_: int) -> int | None:
        """Which order to lock before the part is looked at."""
        return await self._uow.scalar(  # type: ignore[no-any-return]  # an id
            select(self.table.order_id).where(self.table.id == id_)
        )

    async def lines(self, ids: Keys[int]) -> dict[int, list[PartRow]]:
        """By the part they belong to."""
        owner = getattr(self.line_table, self.owner)
        statement = (
            select(*self.line_table.__table__.columns)
            .where(among(owner, ids))
            .order_by(self.line_table.id)
        )
        found: defaultdict[int, list[PartRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[getattr(row, self.owner)].append(row)
        return found

    async def units(self, ids: Keys[int]) -> dict[int, dict[int, int]]:
        """Units by the order's line, by the part they belong to."""
        lines = await self.lines(ids)
        return {
            id_: {line.order_line_id: line.quantity for line in lines.get(id_, ())} for id_ in ids
        }

    async def add(self, values: Values, units: Units) -> PartRow:
        rows = await self._uow.rows(insert(self.table).values(**values).returning(*self.columns))
        lines = [
            {self.owner: rows[0].id, "order_line_id": line_id, "quantity": quantity}
            for line_id, quantity in sorted(units.items())
        ]
        await self._uow.change(insert(self.line_table), lines)
        return rows[0]

    async def change(self, id_: int, changes: Values) -> PartRow:
        """The changed row of a part whose order is locked."""
        statement = (
            update(self.table)
            .where(self.table.id == id_)
            .values(**changes, version=self.table.version + 1, updated_at=func.now())
            .returning(*self.columns)
        )
        return (await self._uow.rows(statement))[0]


class FulfillmentRepository(PartRepository):
    table = Fulfillment
    line_table = FulfillmentLine
    columns = shown.FULFILLMENT
    owner = "fulfillment_id"


class ReturnRepository(PartRepository):
    table = OrderReturn
    line_table = OrderReturnLine
    columns = shown.RETURN
    owner = "return_id"
