"""Address books."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey
from commerce.core.nested import NestedList
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.customers.models import Customer, CustomerAddress
from commerce.customers.repository.shown import ADDRESS
from commerce.customers.rules.events import changed_customer
from commerce.customers.visibility import (
    changeable_customers,
    seen_customers,
    visible_customers,
)

AddressRow = Row[Any]
Changes = dict[str, Any]

owner_id: Final = col(CustomerAddress.customer_id)
DEFAULTS: Final = ("is_default_billing", "is_default_shipping")


class AddressRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, AddressRow]:
        statement = select(*ADDRESS).where(
            among(col(CustomerAddress.id), ids), visible_customers(self._viewer, owner_id)
        )
        return {row.id: row for row in await self._uow.rows(statement)}

    async def pages_by_customer(
        self, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[AddressRow]]:
        """The same page of every address book, in one statement; of others' an empty one."""
        seen = seen_customers(self._viewer, ids)
        pages = await of_customers().pages(self._uow, seen, args)
        return {id_: pages.get(id_, Page()) for id_ in ids}

    async def counts_by_customer(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        return await of_customers().counts(self._uow, seen_customers(self._viewer, ids), limit)

    async def all_by_customer(self, ids: Keys[int]) -> dict[int, list[AddressRow]]:
        """Whole address books of customers that were found before."""
        found: dict[int, list[AddressRow]] = {}
        statement = select(*ADDRESS).where(among(owner_id, ids)).order_by(col(CustomerAddress.id))
        for row in await self._uow.rows(statement):
            found.setdefault(row.customer_id, []).append(row)
        return found

    async def defaults_by_customer(self, ids: Keys[int]) -> dict[int, Sequence[AddressRow]]:
        """The one or two addresses of each customer that are its default ones."""
        statement = select(*ADDRESS).where(
            among(owner_id, ids),
            or_(col(CustomerAddress.is_default_billing), col(CustomerAddress.is_default_shipping)),
            visible_customers(self._viewer, owner_id),
        )
        found: dict[int, list[AddressRow]] = {}
        for row in await self._uow.rows(statement):
            found.setdefault(row.customer_id, []).append(row)
        return dict(found)

    async def lock_book(self, customer_id: int) -> bool:
        """Until this transaction ends nobody else changes this customer's address book.

        False for a customer whose book the viewer may not change, and one that is not there.
        """
        return await self._locked(col(Customer.id) == customer_id) is not None

    async def lock_book_of(self, address_id: int) -> int | None:
        """The same for the book that an address stands in; answers whose it is."""
        owner = select(owner_id).where(col(CustomerAddress.id) == address_id).scalar_subquery()
        return await self._locked(col(Customer.id) == owner)

    async def _locked(self, which: Any) -> int | None:
        statement = (
            select(col(Customer.id))
            .where(which, col(Customer.erased_at).is_(None), changeable_customers(self._viewer))
            .with_for_update(key_share=True)  # what others add to the customer need not wait
        )
        found: int | None = await self._uow.scalar(statement)
        return found

    async def in_book(self, customer_id: int) -> Sequence[AddressRow]:
        """All of a locked book, in the order of writing."""
        return await self._uow.rows(
            select(*ADDRESS).where(owner_id == customer_id).order_by(col(CustomerAddress.id))
        )

    async def add(self, values: Changes) -> AddressRow:
        rows = await self._uow.rows(insert(CustomerAddress).values(**values).returning(*ADDRESS))
        return rows[0]

    async def change(self, id_: int, changes: Changes) -> AddressRow:
        """The changed row of an address in a locked book."""
        statement = (
            update(CustomerAddress)
            .where(col(CustomerAddress.id) == id_)
            .values(**changes, updated_at=func.now())
            .returning(*ADDRESS)
        )
        return (await self._uow.rows(statement))[0]

    async def unset_default(self, customer_id: int, name: str) -> None:
        """`name` is one of `DEFAULTS`."""
        is_default = col(getattr(CustomerAddress, name))
        await self._uow.change(
            update(CustomerAddress)
            .where(owner_id == customer_id, is_default)
            .values({name: False, "updated_at": func.now()})
        )

    async def touch(self, customer_id: int) -> None:
        """Whoever follows customers by their time of change learns of the address book, too."""
        await self._uow.change(
            update(Customer).where(col(Customer.id) == customer_id).values(updated_at=func.now())
        )
        self._uow.record(changed_customer(customer_id, ["addresses"]))

    async def remove(self, id_: int) -> None:
        await self._uow.change(delete(CustomerAddress).where(col(CustomerAddress.id) == id_))


@cache
def of_customers() -> NestedList:
    """The customers are chosen before: whose book is seen is no part of the statement."""
    return NestedList(owner_id, select(*ADDRESS), (SortKey(col(CustomerAddress.id)),))
