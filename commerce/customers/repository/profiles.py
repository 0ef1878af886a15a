"""Customers as they are shown, and what they change about themselves."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.core.viewer import Viewer
from commerce.customers.models import Customer
from commerce.customers.repository import shown
from commerce.customers.rules.events import changed_customer
from commerce.customers.visibility import visible_customers

CustomerRow = Row[Any]


class ProfileRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, CustomerRow]:
        statement = select(*shown.CUSTOMER).where(
            among(col(Customer.id), ids), visible_customers(self._viewer)
        )
        return {row.id: row for row in await self._uow.rows(statement)}

    async def own_to_change(self) -> CustomerRow | None:
        """The viewer's own customer, locked; None for everybody who is none."""
        own = self._viewer.customer_id
        if own is None:
            return None
        statement = (
            select(*shown.CUSTOMER).where(col(Customer.id) == own).with_for_update(key_share=True)
        )
        return await self._uow.row(statement)

    async def change(self, id_: int, changes: dict[str, Any]) -> CustomerRow:
        """The changed row of a customer that is locked."""
        statement = (
            update(Customer)
            .where(col(Customer.id) == id_)
            .values(**changes, version=col(Customer.version) + 1, updated_at=func.now())
            .returning(*shown.CUSTOMER)
        )
        changed = (await self._uow.rows(statement))[0]
        self._uow.record(changed_customer(id_, changes))
        return changed
