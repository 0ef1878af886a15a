"""The fields that the store has added to its customers."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.viewer import Scope, Viewer
from commerce.customers.models import Customer, CustomerExtraField

ExtraFieldRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(CustomerExtraField))
BY_POSITION = (SortKey(col(CustomerExtraField.position)), SortKey(col(CustomerExtraField.id)))


class ExtraFieldRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, args: PageArgs) -> Page[ExtraFieldRow]:
        rows = await self._uow.rows(paged(self._visible(), BY_POSITION, args))
        return page_of(rows, len(BY_POSITION), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def by_ids(self, ids: Keys[int]) -> dict[int, ExtraFieldRow]:
        named = self._visible().where(among(col(CustomerExtraField.id), ids))
        return {row.id: row for row in await self._uow.rows(named)}

    async def by_customers(self, ids: Keys[int]) -> dict[int, Sequence[ExtraFieldRow]]:
        """By position, those the viewer sees: the same for every customer."""
        ordered = (key.expression for key in BY_POSITION)
        rows = await self._uow.rows(self._visible().order_by(*ordered))
        return dict.fromkeys(ids, rows)

    async def by_key(self) -> dict[str, ExtraFieldRow]:
        """Every one there is, held so that none goes while a customer's are written."""
        statement = select(*COLUMNS).order_by(col(CustomerExtraField.id))
        rows = await self._uow.rows(statement.with_for_update(read=True))
        return {row.key: row for row in rows}

    async def to_change(self, id_: int | None, key: str | None) -> ExtraFieldRow | None:
        """The field with this id, else the one with this key, locked."""
        field = CustomerExtraField
        which = col(field.key) == key if id_ is None else col(field.id) == id_
        return await self._uow.row(select(*COLUMNS).where(which).with_for_update())

    async def add(self, values: Changes) -> ExtraFieldRow | None:
        """A new field; None, and nothing is written, when its key is in use."""
        statement = insert(CustomerExtraField).values(**values)
        return await self._uow.row(statement.on_conflict_do_nothing().returning(*COLUMNS))

    async def change(self, id_: int, changes: Changes) -> ExtraFieldRow | Taken:
        """The changed row of a field that is locked."""
        statement = (
            update(CustomerExtraField)
            .where(col(CustomerExtraField.id) == id_)
            .values(**changes, updated_at=func.now())
            .returning(*COLUMNS)
        )
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # locked, so it is there
        except IntegrityError as error:
            if violated_constraint(error) == "uq_customer_extra_fields_key":
                return Taken("Another field has this key.", ("key",))
            raise

    async def is_filled(self, key: str) -> bool:
        found: bool = await self._uow.scalar(select(exists().where(_has(key))))
        return found

    async def remove(self, id_: int, key: str) -> None:
        """A locked field, and what customers had in it."""
        values: Any = col(Customer.extra_fields)
        await self._uow.change(
            update(Customer).where(_has(key)).values(extra_fields=values.op("-")(key))
        )
        field = col(CustomerExtraField.id) == id_
        await self._uow.change(delete(CustomerExtraField).where(field))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(_visible(self._viewer))


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    """The storefront sees those that are for it."""
    shop = viewer.may(Scope.READ_CUSTOMERS) or viewer.may(Scope.WRITE_CUSTOMERS)
    return true() if shop else col(CustomerExtraField.storefront).is_(True)


def _has(key: str) -> ColumnElement[bool]:
    values: Any = col(Customer.extra_fields)
    found: ColumnElement[bool] = values.has_key(key)
    return found
