"""Attributes and the values products have of them."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Integer,
    Numeric,
    Row,
    Select,
    Text,
    delete,
    func,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Attribute, AttributeValue
from commerce.catalog.rules.attributes import ValueRow
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken

AttributeRow = Row[Any]
AttributeValueRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(Attribute))
BY_LABEL = (
    SortKey(col(Attribute.position)),
    SortKey(col(Attribute.label)),
    SortKey(col(Attribute.id)),
)
VALUE_TYPES: dict[str, TypeEngine[Any]] = {
    "attribute_id": BigInteger(),
    "position": Integer(),
    "text_value": Text(),
    "number_value": Numeric(),
    "boolean_value": Boolean(),
    "date_value": Date(),
}


class AttributeRepository:
    """Attributes are seen by everybody, their values by whoever sees the product."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_ids(self, ids: Keys[int]) -> dict[int, AttributeRow]:
        statement = select(*COLUMNS).where(among(col(Attribute.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_code(self, code: str) -> AttributeRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(Attribute.code) == code))

    async def held(self, codes: Keys[str]) -> dict[str, AttributeRow]:
        """By code; none of them changes until this transaction ends."""
        statement = (
            select(*COLUMNS)
            .where(among(col(Attribute.code), codes, Text()))
            .order_by(col(Attribute.id))
            .with_for_update(read=True)
        )
        return {row.code: row for row in await self._uow.rows(statement)}

    async def locked(self, id_: int | None, code: str | None) -> AttributeRow | None:
        """The one with this id, or else with this code, held by this transaction."""
        named = col(Attribute.code) == code if id_ is None else col(Attribute.id) == id_
        return await self._uow.row(select(*COLUMNS).where(named).with_for_update())

    async def page(self, args: PageArgs) -> Page[AttributeRow]:
        """By position, then label."""
        rows = await self._uow.rows(paged(select(*COLUMNS), BY_LABEL, args))
        return page_of(rows, len(BY_LABEL), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(select(*COLUMNS), limit)), limit)

    async def add(self, values: Changes) -> AttributeRow | None:
        """The new row; None, and nothing written, when its code is in use."""
        statement = insert(Attribute).values(**values).on_conflict_do_nothing()
        added = await self._uow.row(statement.returning(*COLUMNS))
        if added is not None:
            self._uow.record(Event(EventType.ATTRIBUTE_CREATED, "Attribute", added.id))
        return added

    async def change(self, id_: int, changes: Changes) -> AttributeRow | Taken:
        statement = (
            update(Attribute)
            .where(col(Attribute.id) == id_)
            .values(**changes, updated_at=func.now())
            .returning(*COLUMNS)
        )
        try:
            changed = (await self._uow.rows(statement))[0]
        except IntegrityError as error:
            if violated_constraint(error) == "uq_attributes_code":
                return Taken("Another attribute has this code.", ("code",))
            raise
        data = {"changed": sorted(changes)}
        self._uow.record(Event(EventType.ATTRIBUTE_UPDATED, "Attribute", id_, data))
        return changed

    async def remove(self, id_: int) -> bool:
        """With all values products have of it; whether it was there."""
        gone = bool(await self._uow.change(delete(Attribute).where(col(Attribute.id) == id_)))
        if gone:
            self._uow.record(Event(EventType.ATTRIBUTE_DELETED, "Attribute", id_))
        return gone

    async def value_in_use(self, id_: int, outside: Sequence[str] = ()) -> str | None:
        """Some value a product has of it, other than those `outside` of the question."""
        values = select(col(AttributeValue.text_value)).where(
            col(AttributeValue.attribute_id) == id_,
            not_(among(col(AttributeValue.text_value), outside, Text())),
        )
        found: str | None = await self._uow.scalar(values.limit(1))
        return found

    async def values_by_product(self, ids: Keys[int]) -> dict[int, list[AttributeValueRow]]:
        """A row per value with its attribute's columns, in the attributes' order."""
        found: defaultdict[int, list[AttributeValueRow]] = defaultdict(list)
        for row in await self._uow.rows(_values(ids)):
            found[row.product_id].append(row)
        return dict(found)

    async def put_values(self, product_id: int, values: Mapping[int, Sequence[ValueRow]]) -> None:
        """What the product has of each attribute from now on. Two statements."""
        await self._uow.change(
            delete(AttributeValue).where(
                col(AttributeValue.product_id) == product_id,
                among(col(AttributeValue.attribute_id), values),
            )
        )
        rows = [
            (attribute_id, place, *row)
            for attribute_id, value in values.items()
            for place, row in enumerate(value)
        ]
        given = table_of("given", VALUE_TYPES, rows)
        chosen = select(literal(product_id, BigInteger()), *given.c)
        await self._uow.change(
            insert(AttributeValue).from_select(["product_id", *VALUE_TYPES], chosen)
        )


def _values(ids: Keys[int]) -> Select[Any]:
    stored = (
        col(AttributeValue.product_id),
        col(AttributeValue.text_value),
        col(AttributeValue.number_value),
        col(AttributeValue.boolean_value),
        col(AttributeValue.date_value),
    )
    return (
        select(*COLUMNS, *stored)
        .join(AttributeValue, col(AttributeValue.attribute_id) == col(Attribute.id))
        .where(among(col(AttributeValue.product_id), ids))
        .order_by(
            col(Attribute.position),
            col(Attribute.label),
            col(Attribute.id),
            col(AttributeValue.position),
        )
    )
