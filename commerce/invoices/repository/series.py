"""Series, and the numbers they give out."""

from collections.abc import Collection as Keys
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, and_, case, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.viewer import Viewer
from commerce.invoices.kinds import InvoiceKind
from commerce.invoices.models import InvoiceSeries
from commerce.invoices.visibility import visible_series

SeriesRow = Row[Any]
Values = Mapping[str, Any]

COLUMNS: Final = tuple(columns_of(InvoiceSeries))
BY_CODE: Final = (SortKey(col(InvoiceSeries.code)),)
TAKEN: Final = Taken("Another series has this code.", ("code",))
# What is used until somebody says otherwise. The shop's own prefix is for its invoices.
FIRST: Final[Mapping[InvoiceKind, Values]] = {
    InvoiceKind.INVOICE: {"code": "invoices"},
    InvoiceKind.CREDIT_NOTE: {"code": "credit-notes", "prefix": "CN-", "suffix": ""},
}


class Taking(NamedTuple):
    """A count that was given out, of a series' year; not `yearly` ones have the year 0."""

    value: int
    year: int


class SeriesRepository:
    """What issuing needs of a series, it is told whoever the viewer is."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, SeriesRow]:
        statement = self._visible().where(among(col(InvoiceSeries.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[SeriesRow]:
        rows = await self._uow.rows(paged(self._visible(), BY_CODE, args))
        return page_of(rows, len(BY_CODE), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def by_code(self, code: str) -> SeriesRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(InvoiceSeries.code) == code))

    async def default(self, kind: InvoiceKind) -> SeriesRow | None:
        of_kind = col(InvoiceSeries.kind) == kind
        return await self._uow.row(
            select(*COLUMNS).where(of_kind, col(InvoiceSeries.is_default).is_(True))
        )

    async def ensure_default(self, kind: InvoiceKind) -> None:
        """The first default series, unless there is one or its code is in use."""
        self._uow.hold(Rank.NUMBER)
        statement = insert(InvoiceSeries).values(kind=kind, is_default=True, **FIRST[kind])
        await self._uow.change(statement.on_conflict_do_nothing())

    async def take(self, id_: int, year: int) -> Taking:
        """The next count. Whoever else wants one of this series waits until the transaction ends,
        and gets this one if it is rolled back.
        """
        self._uow.hold(Rank.NUMBER)
        yearly, next_ = col(InvoiceSeries.yearly), col(InvoiceSeries.next_value)
        anew = and_(yearly, col(InvoiceSeries.year) < year)
        statement = (
            update(InvoiceSeries)
            .where(col(InvoiceSeries.id) == id_)
            .values(
                next_value=case((anew, 2), else_=next_ + 1),
                year=case((yearly, func.greatest(col(InvoiceSeries.year), year)), else_=0),
            )
            .returning((next_ - 1).label("value"), col(InvoiceSeries.year))
        )
        row = (await self._uow.rows(statement))[0]
        return Taking(row.value, row.year)

    async def put_back(self, id_: int) -> None:
        """The last count, which this transaction took and has no use for."""
        statement = update(InvoiceSeries).where(col(InvoiceSeries.id) == id_)
        await self._uow.change(statement.values(next_value=col(InvoiceSeries.next_value) - 1))

    async def to_change(self, id_: int | None, code: str | None) -> SeriesRow | None:
        """The series with this id or, without an id, with this code; locked."""
        which = col(InvoiceSeries.code) == code if id_ is None else col(InvoiceSeries.id) == id_
        rows = await self._uow.locked(Rank.NUMBER, select(*COLUMNS).where(which))
        return next(iter(rows), None)

    async def add(self, values: Values) -> SeriesRow | Taken:
        return await self._written(plain_insert(InvoiceSeries).values(**values))

    async def change(self, id_: int, changes: Values) -> SeriesRow | Taken:
        """The changed row of a series that is locked."""
        version = col(InvoiceSeries.version) + 1
        statement = update(InvoiceSeries).where(col(InvoiceSeries.id) == id_)
        return await self._written(
            statement.values(**changes, version=version, updated_at=func.now())
        )

    async def no_default(self, kind: InvoiceKind) -> None:
        """Make room for another default series."""
        of_kind = and_(col(InvoiceSeries.kind) == kind, col(InvoiceSeries.is_default).is_(True))
        self._uow.hold(Rank.NUMBER)
        await self._uow.change(
            update(InvoiceSeries)
            .where(of_kind)
            .values(is_default=False, version=col(InvoiceSeries.version) + 1, updated_at=func.now())
        )

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_series(self._viewer))

    async def _written(self, statement: Any) -> SeriesRow | Taken:
        try:
            return await self._uow.row(statement.returning(*COLUMNS))  # type: ignore[return-value]  # new, or locked
        except IntegrityError as error:
            if violated_constraint(error) == "uq_invoice_series_code":
                return TAKEN
            raise
