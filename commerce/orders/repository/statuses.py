"""The store's own statuses."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.orders.kinds import StatusGroup
from commerce.orders.models import CustomOrderStatus
from commerce.orders.repository import shown

StatusRow = Row[Any]


class OrderStatusRepository:
    """Whoever sees an order sees what its statuses are called."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_ids(self, ids: Keys[int]) -> dict[int, StatusRow]:
        statement = select(*shown.STATUS).where(among(col(CustomOrderStatus.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def all(self) -> Sequence[StatusRow]:
        """By group, then slot."""
        order = (col(CustomOrderStatus.group), col(CustomOrderStatus.slot))
        return await self._uow.rows(select(*shown.STATUS).order_by(*order))

    async def upsert(self, group: StatusGroup, slot: int, values: Mapping[str, Any]) -> StatusRow:
        """The status in this slot, added or changed by one statement."""
        statement = insert(CustomOrderStatus).values(group=group, slot=slot, **values)
        version = col(CustomOrderStatus.version) + 1
        kept = statement.on_conflict_do_update(
            index_elements=["group", "slot"],
            set_={**values, "version": version, "updated_at": func.now()},
        )
        return (await self._uow.rows(kept.returning(*shown.STATUS)))[0]
