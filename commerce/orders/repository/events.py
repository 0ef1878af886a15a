"""What happened to orders. Callers have found the order before."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, Select, select, true
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Scope, Viewer
from commerce.orders.models import OrderEvent
from commerce.orders.repository import shown

EventRow = Row[Any]

NEWEST_FIRST = (SortKey(col(OrderEvent.id), descending=True),)


class OrderEventRepository:
    """Buyers are told what is public, the shop's people everything."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def pages_by_order(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[EventRow]]:
        statement = paged_by(ids, col(OrderEvent.order_id), self._told(), NEWEST_FIRST, args)
        return pages_of(await self._uow.rows(statement), ids, len(NEWEST_FIRST), args)

    async def counts_by_order(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(OrderEvent.order_id), self._told(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    def _told(self) -> Select[Any]:
        all_of_it = self._viewer.may(Scope.READ_ORDERS)
        return select(*shown.EVENT).where(true() if all_of_it else col(OrderEvent.is_public))
