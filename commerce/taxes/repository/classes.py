"""Tax classes."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.core.columns import columns_of
from commerce.core.comparisons import text_is
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.unique import row_or_taken
from commerce.taxes.criteria import ClassWhere
from commerce.taxes.models import TaxAnswer, TaxClass

ClassRow = Row[Any]
Changes = dict[str, Any]

COLUMNS: Final = tuple(columns_of(TaxClass))
BY_ID: Final = (SortKey(col(TaxClass.id)),)
BATCH: Final = 1_000  # products: search indexes each anew, and no statement may take too long
TAKEN: Final = {
    "uq_tax_classes_name": Taken("Another tax class has this name.", ("name",)),
    "uq_tax_classes_code": Taken("Another tax class has this code.", ("code",)),
    "uq_tax_classes_external_id": Taken("Another tax class has this id.", ("external_id",)),
}


class TaxClassRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_ids(self, ids: Keys[int]) -> dict[int, ClassRow]:
        statement = select(*COLUMNS).where(among(col(TaxClass.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, where: ClassWhere, args: PageArgs) -> Page[ClassRow]:
        """In the order of adding."""
        found = select(*COLUMNS).where(*_conditions(where))
        rows = await self._uow.rows(paged(found, BY_ID, args, filtered=where != ClassWhere()))
        return page_of(rows, len(BY_ID), args)

    async def count(self, where: ClassWhere, limit: int | None) -> Count:
        found = select(*COLUMNS).where(*_conditions(where))
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def held(self) -> Sequence[ClassRow]:
        """Every class, locked: whoever changes how taxes are set up starts with this, and is alone.

        Products that name a class are written meanwhile.
        """
        statement = select(*COLUMNS).order_by(col(TaxClass.id))
        return await self._uow.locked(Rank.SETTINGS, statement)

    async def ensure_default(self) -> None:
        values = {"name": "Standard", "code": "standard", "is_default": True}
        await self._uow.change(insert(TaxClass).values(**values).on_conflict_do_nothing())

    async def ensure(self, classes: Mapping[str, str]) -> None:
        """Classes with these codes, and the names beside them, unless there are some."""
        rows = [{"code": code, "name": name} for code, name in classes.items()]
        await self._uow.change(insert(TaxClass).values(rows).on_conflict_do_nothing())

    async def add(self, values: Changes) -> ClassRow | Taken:
        return await row_or_taken(
            self._uow, insert(TaxClass).values(**values).returning(*COLUMNS), TAKEN
        )

    async def change(self, id_: int, changes: Changes) -> ClassRow | Taken:
        """The changed row. What the tax service said of another code is forgotten."""
        if "code" in changes:
            await self._uow.change(delete(TaxAnswer).where(col(TaxAnswer.class_id) == id_))
        return await row_or_taken(
            self._uow,
            update(TaxClass)
            .where(col(TaxClass.id) == id_)
            .values(**changes, **_counted())
            .returning(*COLUMNS),
            TAKEN,
        )

    async def no_default(self) -> None:
        """Make room for another one."""
        default = col(TaxClass.is_default)
        await self._uow.change(
            update(TaxClass).where(default).values(is_default=False, **_counted())
        )

    async def remove(self, id_: int) -> None:
        """Its products stay, and are of the default class from then on."""
        some = select(col(Product.id)).where(col(Product.tax_class_id) == id_).limit(BATCH)
        leaving = (
            update(Product)
            .where(col(Product.id).in_(some))
            .values(tax_class_id=None, version=col(Product.version) + 1, updated_at=func.now())
        )
        while await self._uow.change(leaving) == BATCH:
            pass
        await self._uow.change(delete(TaxClass).where(col(TaxClass.id) == id_))


def _counted() -> Changes:
    return {"version": col(TaxClass.version) + 1, "updated_at": func.now()}


def _conditions(where: ClassWhere) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if where.ids is not None:
        found.append(among(col(TaxClass.id), where.ids))
    for column, asked in (
        (col(TaxClass.name), where.name),
        (col(TaxClass.code), where.code),
        (col(TaxClass.external_id), where.external_id),
    ):
        if asked is not None:
            found.append(text_is(column, asked))
    return found
