"""Other ways to reach customers."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.customers.kinds import ContactKind
from commerce.customers.models import CustomerContact
from commerce.customers.rules.events import changed_customer
from commerce.customers.visibility import changeable_customers, visible_customers

ContactRow = Row[Any]
Values = dict[str, Any]

COLUMNS = tuple(columns_of(CustomerContact))
whose: Any = col(CustomerContact.customer_id)
BY_POSITION = (SortKey(col(CustomerContact.position)), SortKey(col(CustomerContact.id)))


class ContactRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, ContactRow]:
        statement = self._visible().where(among(col(CustomerContact.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def pages_by_customer(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[ContactRow]]:
        """By position."""
        statement = paged_by(ids, whose, self._visible(), BY_POSITION, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_POSITION), args)

    async def counts_by_customer(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, whose, self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def owner_of(self, id_: int) -> int | None:
        """Whose contact it is, if the viewer may change that customer."""
        owned = col(CustomerContact.id) == id_
        owner: int | None = await self._uow.scalar(
            select(whose).where(owned, changeable_customers(self._viewer, whose))
        )
        return owner

    async def of_customer(self, customer_id: int) -> list[ContactRow]:
        """All of a customer that is locked."""
        statement = select(*COLUMNS).where(whose == customer_id)
        return list(await self._uow.rows(statement.order_by(col(CustomerContact.id))))

    async def unset_default(self, customer_id: int, kind: ContactKind) -> None:
        await self._uow.change(
            update(CustomerContact)
            .where(
                whose == customer_id,
                col(CustomerContact.kind) == kind,
                col(CustomerContact.is_default),
            )
            .values(is_default=False)
        )

    async def add(self, values: Values) -> ContactRow:
        return await self._written(insert(CustomerContact).values(**values).returning(*COLUMNS))

    async def add_all(self, customer_id: int, contacts: Sequence[Values]) -> None:
        """Those of a new customer."""
        rows = [{**values, "customer_id": customer_id} for values in contacts]
        await self._uow.change(insert(CustomerContact).values(rows))

    async def change(self, id_: int, values: Values) -> ContactRow:
        own = col(CustomerContact.id) == id_
        return await self._written(
            update(CustomerContact).where(own).values(**values).returning(*COLUMNS)
        )

    async def remove(self, id_: int) -> None:
        own = col(CustomerContact.id) == id_
        await self._written(delete(CustomerContact).where(own).returning(*COLUMNS))

    async def _written(self, statement: Any) -> ContactRow:
        row = (await self._uow.rows(statement))[0]
        self._uow.record(changed_customer(row.customer_id, ["contacts"]))
        return row

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_customers(self._viewer, whose))
