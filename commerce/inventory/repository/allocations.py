"""What orders have been promised."""

from collections import Counter
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    and_,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.arrays import given_rows, given_table, table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.locks import Rank
from commerce.inventory.models import StockAllocation
from commerce.inventory.rules.allocated import Filling, Part
from commerce.inventory.rules.promises import Allocation

AllocationRow = Row[Any]

COLUMNS = tuple(columns_of(StockAllocation))
LINE = ("order_id", "order_line_id", "variant_id")
PROMISE: Mapping[str, Any] = {
    **dict.fromkeys(LINE, BigInteger()),
    "location_id": BigInteger(),
    "quantity": Integer(),
}
PART: Mapping[str, Any] = {"id": BigInteger(), "units": Integer()}
UNFILLED = col(StockAllocation.quantity) - col(StockAllocation.released)
SAME_PROMISE = ("order_line_id", "variant_id", "location_id")


class AllocationRepository:
    """For walks that start at orders the viewer has been shown.

    Rows are locked after the levels of their variants, in the order of their ids.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_orders(self, ids: Keys[int]) -> dict[int, list[AllocationRow]]:
        statement = (
            select(*COLUMNS)
            .where(among(col(StockAllocation.order_id), ids))
            .order_by(col(StockAllocation.order_id), col(StockAllocation.id))
        )
        found: dict[int, list[AllocationRow]] = {}
        for row in await self._uow.rows(statement):
            found.setdefault(row.order_id, []).append(row)
        return found

    async def backordered(self, line_ids: Keys[int]) -> dict[int, int]:
        """How many units each line of orders waits for; none of lines that wait for none."""
        line, waiting = col(StockAllocation.order_line_id), is_waiting()
        statement = (
            select(line, func.sum(UNFILLED).label("units"))
            .where(among(line, line_ids), waiting)
            .group_by(line)
        )
        return {row.order_line_id: int(row.units) for row in await self._uow.rows(statement)}

    async def backordered_of(self, order_id: int) -> int:
        """How many units an order waits for."""
        own = col(StockAllocation.order_id) == order_id
        units = select(func.coalesce(func.sum(UNFILLED), 0)).where(own, is_waiting())
        return int(await self._uow.scalar(units) or 0)

    async def variants_of(self, order_id: int) -> Sequence[int]:
        which = col(StockAllocation.order_id) == order_id
        return await self._uow.scalars(
            select(col(StockAllocation.variant_id)).where(which).distinct()
        )

    async def locked_of(self, order_id: int) -> Sequence[AllocationRow]:
        statement = (
            select(*COLUMNS)
            .where(col(StockAllocation.order_id) == order_id)
            .order_by(col(StockAllocation.id))
        )
        return await self._uow.locked(Rank.STOCK, statement)

    async def locked_waiting(self, variant_ids: Keys[int]) -> Sequence[AllocationRow]:
        """Those whose units are not there yet."""
        statement = (
            select(*COLUMNS)
            .where(among(col(StockAllocation.variant_id), variant_ids), is_waiting())
            .order_by(col(StockAllocation.id))
        )
        return await self._uow.locked(Rank.STOCK, statement)

    async def add(self, order_id: int, given: Sequence[Allocation]) -> None:
        """A line that has units of a variant at a location gets more of them."""
        await self._add(
            [
                (order_id, one.order_line_id, one.variant_id, one.location_id, one.quantity)
                for one in given
            ]
        )

    async def fill(self, fillings: Sequence[Filling]) -> None:
        """Move units that waited to where they are now."""
        found: Counter[int] = Counter()
        for each in fillings:
            found[each.row.id] += each.units
        await self._add(
            [
                (*(getattr(each.row, name) for name in LINE), each.location_id, each.units)
                for each in fillings
            ]
        )
        given = table_of("given", PART, list(found.items()))
        same, quantity = col(StockAllocation.id) == given.c.id, col(StockAllocation.quantity)
        await self._uow.change(delete(StockAllocation).where(same, quantity == given.c.units))
        await self._uow.change(
            update(StockAllocation)
            .where(same, quantity > given.c.units)
            .values(quantity=quantity - given.c.units, updated_at=func.now())
        )

    async def more(self, column: str, parts: Sequence[Part]) -> None:
        """Count the units of parts as `shipped`, `released` or `returned`."""
        given = table_of("given", PART, [(part.row.id, part.units) for part in parts])
        counted = columns_of(StockAllocation)[column]
        await self._uow.change(
            update(StockAllocation)
            .where(col(StockAllocation.id) == given.c.id)
            .values({column: counted + given.c.units, "updated_at": func.now()})
        )

    async def _add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        await self._uow.change(_adding(), given_rows("given", PROMISE, rows))


@cache
def _adding() -> Any:
    given = given_table("given", PROMISE)
    statement = insert(StockAllocation).from_select(list(PROMISE), select(*given.c))
    more = col(StockAllocation.quantity) + statement.excluded.quantity
    return statement.on_conflict_do_update(
        index_elements=SAME_PROMISE, set_={"quantity": more, "updated_at": func.now()}
    )


def is_waiting() -> ColumnElement[bool]:
    """Units that are promised and not there yet."""
    no_place: Any = col(StockAllocation.location_id).is_(None)
    return and_(no_place, col(StockAllocation.quantity) > col(StockAllocation.released))
