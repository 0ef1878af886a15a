"""Writing what changed in products: a statement per table and kind of change, for any number."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Text, Update, and_, delete, func, select, update
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel, col

from commerce.catalog.kinds import Sluggable
from commerce.catalog.models import (
    CollectionProduct,
    Media,
    OptionGroup,
    OptionValue,
    Product,
    ProductCategory,
    Variant,
    VariantOption,
)
from commerce.catalog.repository.slugs import SlugMove, SlugRepository
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.catalog.repository.trees import MEDIA, PRODUCT, VARIANT
from commerce.catalog.rules.difference import LinkWrites, TableWrites, Writes
from commerce.catalog.rules.events import told
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among

Model = type[SQLModel]

WRITTEN: Final[dict[Model, Sequence[str]]] = {
    Product: [name for name in PRODUCT if name != "version"],
    OptionGroup: ["id", "product_id", "name", "position"],
    OptionValue: ["id", "group_id", "name", "position"],
    Media: MEDIA,
    Variant: VARIANT,
}
VERSIONED: Final = frozenset({Product, Variant})
# Joins the words of a list on their way to SQL; no word has it, as it counts as a space.
SEPARATOR: Final = "\x1f"


class WriteRepository:
    """The products must be held by this transaction."""

    def __init__(
        self, uow: UnitOfWork, slugs: SlugRepository, tombstones: TombstoneRepository
    ) -> None:
        self._uow = uow
        self._slugs = slugs
        self._tombstones = tombstones

    async def save(self, writes: Writes) -> None:
        """In the order that foreign keys and unique names ask for."""
        await self._put(Product, writes.products)
        await self._release(writes.released)
        await self._remove(OptionValue, writes.values.removed)
        await self._remove(OptionGroup, writes.groups.removed)
        await self._put(OptionGroup, writes.groups)
        await self._put(OptionValue, writes.values)
        await self._put(Media, writes.media)
        await self._put(Variant, writes.variants)
        await self._choose(writes.choices)
        await self._remove(Media, writes.media.removed)
        await self._link(ProductCategory, "category_id", writes.categories)
        await self._link(CollectionProduct, "collection_id", writes.collections)
        await self._touch(writes.touched)
        await self._name(writes.moves)
        for kind, ids in writes.tombstones.items():
            await self._tombstones.add(kind, ids)
        for event in told(writes):
            self._uow.record(event)

    async def _put(self, model: Model, writes: TableWrites) -> None:
        """Change rows before adding some: they may make room."""
        if writes.changed:
            await self._uow.change(_changing(model, writes.changed))
        if writes.added:
            await self._uow.change(_adding(model, writes.added))

    async def _remove(self, model: Model, ids: Sequence[int]) -> None:
        if ids:
            await self._uow.change(delete(model).where(among(columns_of(model)["id"], ids)))

    async def _release(self, variant_ids: Sequence[int]) -> None:
        if variant_ids:
            parked = func.concat("~", col(Variant.id))
            statement = update(Variant).where(among(col(Variant.id), variant_ids))
            await self._uow.change(statement.values(sku=None, option_key=parked))

    async def _choose(self, choices: Sequence[tuple[int, int, int]]) -> None:
        if choices:
            columns = columns_of(VariantOption)
            types = {name: columns[name].type for name in ("variant_id", "group_id", "value_id")}
            given = table_of("given", types, choices)
            statement = insert(VariantOption).from_select(list(types), select(*given.c))
            await self._uow.change(
                statement.on_conflict_do_update(
                    index_elements=["variant_id", "group_id"],
                    set_={"value_id": statement.excluded.value_id},
                )
            )

    async def _link(self, model: Model, name: str, writes: LinkWrites) -> None:
        """New ones stand at the end of the list they join."""
        columns = columns_of(model)
        types = {"product_id": columns["product_id"].type, name: columns[name].type}
        if writes.removed:
            gone = table_of("gone", types, writes.removed)
            both = and_(*(columns[key] == gone.c[key] for key in types))
            await self._uow.change(delete(model).where(both))
        if writes.added:
            given = table_of("given", types, writes.added)
            others = model.__table__.alias("others")  # type: ignore[attr-defined]  # SQLModel sets it
            last = select(func.max(others.c.position)).where(others.c[name] == given.c[name])
            place = func.coalesce(last.scalar_subquery() + 1, 0)
            source = select(*given.c, place)
            await self._uow.change(insert(model).from_select([*types, "position"], source))

    async def _touch(self, product_ids: Sequence[int]) -> None:
        if product_ids:
            statement = update(Product).where(among(col(Product.id), product_ids))
            await self._uow.change(
                statement.values(version=col(Product.version) + 1, updated_at=func.now())
            )

    async def _name(self, moves: Sequence[tuple[int, str, str]]) -> None:
        await self._slugs.used(Sluggable.PRODUCT, {slug for _, old, slug in moves if not old})
        moved = [SlugMove(*move) for move in moves if move[1]]
        if moved:
            await self._slugs.moved_all(Sluggable.PRODUCT, moved)


def _adding(model: Model, rows: Sequence[dict[str, Any]]) -> Insert:
    _, source = _given(model, rows)
    return insert(model).from_select(list(source), select(*source.values()), include_defaults=False)


def _changing(model: Model, rows: Sequence[dict[str, Any]]) -> Update:
    """Sets every column, so that one statement serves whatever has changed."""
    given, source = _given(model, rows)
    values = {name: value for name, value in source.items() if name != "id"}
    if model in VERSIONED:
        columns = columns_of(model)
        values |= {"version": columns["version"] + 1, "updated_at": func.now()}
    return update(model).where(columns_of(model)["id"] == given.c.id).values(values)


def _given(
    model: Model, rows: Sequence[dict[str, Any]]
) -> tuple[TableValuedAlias, dict[str, ColumnElement[Any]]]:
    """The rows as a FROM clause, and what each column of the table is to be set to."""
    types = {name: columns_of(model)[name].type for name in WRITTEN[model]}
    given = table_of(
        "given",
        {name: _sent_as(type_) for name, type_ in types.items()},
        [[_sent(row[name]) for name in types] for row in rows],
    )
    return given, {
        name: func.string_to_array(given.c[name], SEPARATOR)
        if isinstance(type_, ARRAY)
        else given.c[name]
        for name, type_ in types.items()
    }


def _sent_as(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    return Text() if isinstance(type_, ARRAY | EnumType) else type_


def _sent(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return SEPARATOR.join(value) if isinstance(value, list) else value
