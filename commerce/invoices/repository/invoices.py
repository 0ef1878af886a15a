"""Invoices and credit notes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Keys
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.comparisons import range_is, text_is
from commerce.core.criteria import given
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.customers.models import Customer
from commerce.invoices.criteria import EVERY_INVOICE, InvoiceWhere
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.models import Invoice, InvoiceSeries
from commerce.invoices.rules.events import told
from commerce.invoices.visibility import visible_invoices
from commerce.orders.models import Order
from commerce.orders.repository import shown

InvoiceRow = Row[Any]

# Lists show the head of each; what is printed is read to be printed.
PRINTED: Final = ("contents",)
COLUMNS: Final = tuple(column for column in columns_of(Invoice) if column.name not in PRINTED)
WHOLE: Final = tuple(columns_of(Invoice))
NEWEST_FIRST: Final = (
    SortKey(col(Invoice.issued_at), descending=True),
    SortKey(col(Invoice.id), descending=True),
)


class InvoiceRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, where: InvoiceWhere, args: PageArgs) -> Page[InvoiceRow]:
        filtered = where != EVERY_INVOICE
        statement = paged(self._matching(where), NEWEST_FIRST, args, filtered=filtered)
        return page_of(await self._uow.rows(statement), len(NEWEST_FIRST), args)

    async def count(self, where: InvoiceWhere, limit: int | None) -> Count:
        found = counted(self._matching(where), limit)
        return count_of(await self._uow.scalar(found), limit)

    async def by_ids(self, ids: Keys[int]) -> dict[int, InvoiceRow]:
        statement = self._visible().where(among(col(Invoice.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_number(self, number: str) -> InvoiceRow | None:
        return await self._uow.row(self._visible().where(col(Invoice.number) == number))

    async def by_orders(self, ids: Keys[int]) -> dict[int, Sequence[InvoiceRow]]:
        """The oldest first; callers have found the orders before."""
        statement = (
            select(*COLUMNS).where(among(col(Invoice.order_id), ids)).order_by(col(Invoice.id))
        )
        found: defaultdict[int, list[InvoiceRow]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.order_id].append(row)
        return dict(found)

    async def whole(self, id_: int) -> InvoiceRow | None:
        """With all that is printed."""
        seen = visible_invoices(self._viewer)
        return await self._uow.row(select(*WHOLE).where(col(Invoice.id) == id_, seen))

    async def of_order(self, order_id: int) -> InvoiceRow | None:
        """The invoice of an order that is locked."""
        own = col(Invoice.order_id) == order_id
        kind = col(Invoice.kind) == InvoiceKind.INVOICE
        return await self._uow.row(select(*COLUMNS).where(own, kind))

    async def of_refund(self, refund_id: int) -> InvoiceRow | None:
        """The credit note for a refund whose order is locked."""
        return await self._uow.row(select(*COLUMNS).where(col(Invoice.refund_id) == refund_id))

    async def order(self, order_id: int) -> Row[Any] | None:
        """An order that was found, or locked, before, with its customer's `tax_id`."""
        statement = (
            select(*shown.ORDER, col(Customer.tax_id))
            .outerjoin(Customer, col(Customer.id) == col(Order.customer_id))
            .where(col(Order.id) == order_id)
        )
        return await self._uow.row(statement)

    async def add(self, values: Mapping[str, Any]) -> InvoiceRow | None:
        """None when there is something with this number already."""
        statement = (
            insert(Invoice).values(**values).on_conflict_do_nothing(index_elements=["number"])
        )
        added = await self._uow.row(statement.returning(*COLUMNS))
        if added is not None:
            for event in told(added):
                self._uow.record(event)
        return added

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_invoices(self._viewer))

    def _matching(self, where: InvoiceWhere) -> Select[Any]:
        asked = given(where).items()
        return self._visible().where(*(CONDITIONS[name](value) for name, value in asked))


def _kinds(wanted: tuple[InvoiceKind, ...]) -> ColumnElement[bool]:
    return col(Invoice.kind).in_(wanted) if wanted else literal(False)


def _series(wanted: Any) -> ColumnElement[bool]:
    found = select(col(InvoiceSeries.id)).where(text_is(col(InvoiceSeries.code), wanted))
    return col(Invoice.series_id).in_(found)


CONDITIONS: Final[Mapping[str, Callable[[Any], ColumnElement[bool]]]] = {
    "ids": lambda ids: among(col(Invoice.id), ids),
    "number": lambda wanted: text_is(col(Invoice.number), wanted),
    "series": _series,
    "kinds": _kinds,
    "order_ids": lambda ids: among(col(Invoice.order_id), ids),
    "issued_at": lambda bounds: range_is(col(Invoice.issued_at), bounds),
    "issued_within": lambda bounds: range_is(col(Invoice.issued_at), bounds),
    "total": lambda bounds: range_is(col(Invoice.total), bounds),
    "currency": lambda code: col(Invoice.currency) == code,
}
