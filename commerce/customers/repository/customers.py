"""Customers as the shop's people list, find and change them."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, Text, func, insert, literal_column, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.criteria import Direction
from commerce.core.db import UnitOfWork, violated_constraint
from commerce.core.events import Event, EventType
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
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Problem, Taken
from commerce.core.viewer import Viewer
from commerce.customers.criteria import (
    EVERY_CUSTOMER,
    CustomerListing,
    CustomerOrder,
    CustomerOrderField,
    CustomerWhere,
)
from commerce.customers.models import PLAIN_EMAIL, PLAIN_NAME, Customer
from commerce.customers.repository import shown
from commerce.customers.repository.customer_filters import conditions
from commerce.customers.rules.events import CUSTOMER, changed
from commerce.customers.visibility import changeable_customers, visible_customers

CustomerRow = Row[Any]
Changes = dict[str, Any]

SORTS: Final[Mapping[CustomerOrderField, Any]] = {
    CustomerOrderField.NAME: literal_column(PLAIN_NAME, Text()),
    CustomerOrderField.EMAIL: literal_column(PLAIN_EMAIL, Text()),
    CustomerOrderField.CREATED_AT: col(Customer.created_at),
    CustomerOrderField.UPDATED_AT: col(Customer.updated_at),
}
NEWEST: Final = (CustomerOrder(CustomerOrderField.CREATED_AT, Direction.DESC),)
REFUSED: Final[Mapping[str, Problem]] = {
    "uq_customers_email": Taken("Another customer has this e-mail address.", ("email",)),
    "uq_customers_external_id": Taken("Another customer has this id.", ("external_id",)),
    "fk_customers_group_id": NotFound("There is no CustomerGroup with this id.", ("group_id",)),
}


class CustomerRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, listing: CustomerListing, args: PageArgs) -> Page[CustomerRow]:
        statement, key_count = page_statement(listing, self._viewer, args)
        return page_of(await self._uow.rows(statement), key_count, args)

    async def count(self, where: CustomerWhere, limit: int | None) -> Count:
        found = _matching(where, self._viewer)
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def one(self, where: CustomerWhere) -> CustomerRow | None:
        """The one customer who fits, for filters by what is unique."""
        return await self._uow.row(_matching(where, self._viewer).limit(1))

    async def pages_by_group(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[CustomerRow]]:
        """The newest first."""
        listing, keys = _matching(EVERY_CUSTOMER, self._viewer), _keys(NEWEST)
        statement = paged_by(ids, col(Customer.group_id), listing, keys, args)
        return pages_of(await self._uow.rows(statement), ids, len(keys), args)

    async def counts_by_group(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        listing = _matching(EVERY_CUSTOMER, self._viewer)
        statement = counted_by(ids, col(Customer.group_id), listing, limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def to_change(self, id_: int) -> CustomerRow | None:
        """A customer the viewer may change, locked; those who were erased are no more."""
        statement = select(*shown.CUSTOMER).where(
            col(Customer.id) == id_,
            col(Customer.erased_at).is_(None),
            changeable_customers(self._viewer),
        )
        return await self._uow.row(statement.with_for_update(key_share=True))

    async def add(self, values: Changes) -> CustomerRow | Problem:
        added = await self._written(insert(Customer).values(**values).returning(*shown.CUSTOMER))
        if not isinstance(added, Problem):
            self._uow.record(Event(EventType.CUSTOMER_CREATED, CUSTOMER, added.id))
        return added

    async def change(self, stored: CustomerRow, changes: Changes) -> CustomerRow | Problem:
        """The changed row of a customer that is locked."""
        written = await self._written(
            update(Customer)
            .where(col(Customer.id) == stored.id)
            .values(**changes, version=col(Customer.version) + 1, updated_at=func.now())
            .returning(*shown.CUSTOMER)
        )
        if not isinstance(written, Problem):
            for event in changed(stored.id, stored.tags, changes):
                self._uow.record(event)
        return written

    async def _written(self, statement: Any) -> CustomerRow | Problem:
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # new, or locked
        except IntegrityError as error:
            problem = REFUSED.get(violated_constraint(error) or "")
            if problem is None:
                raise
            return problem


def page_statement(
    listing: CustomerListing, viewer: Viewer, args: PageArgs
) -> tuple[Select[Any], int]:
    """The statement of a page, and how many of its last columns are sort values."""
    keys = _keys(listing.order or NEWEST)
    found = _matching(listing.where, viewer)
    return paged(found, keys, args, filtered=listing.where != EVERY_CUSTOMER), len(keys)


def _matching(where: CustomerWhere, viewer: Viewer) -> Select[Any]:
    """Those who were erased are found only when they are asked for."""
    found = select(*shown.CUSTOMER).where(visible_customers(viewer), *conditions(where))
    return found if where.erased is not None else found.where(col(Customer.erased_at).is_(None))


def _keys(order: Sequence[CustomerOrder]) -> tuple[SortKey, ...]:
    keys = [SortKey(SORTS[each.field], each.direction is Direction.DESC) for each in order]
    return (*keys, SortKey(col(Customer.id), keys[-1].descending))
