"""Whole products, read to be changed: every part of any number of them, a statement per table."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from enum import Flag, auto
from typing import Any, Final

from sqlalchemy import (
    Executable,
    Select,
    select,
    text,
)
from sqlmodel import SQLModel, col

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
from commerce.catalog.repository.names import lives_with_product, named
from commerce.catalog.repository.products import PRODUCT_COLUMNS, ProductRow
from commerce.catalog.repository.variants import VariantRow
from commerce.catalog.rules.products import BLANK
from commerce.catalog.rules.tree import BLANK_VARIANT, Stored
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among

PRODUCT: Final = ("id", "version", *BLANK)
VARIANT: Final = (
    "id",
    "product_id",
    *BLANK_VARIANT,
    "title",
    "option_key",
    "position",
    "media_id",
    "archived_at",
)
MEDIA: Final = ("id", "product_id", "kind", "url", "alt", "position")
RESERVE: Final = text(
    "SELECT needed.name, nextval(pg_get_serial_sequence(needed.name, 'id')) AS id"
    " FROM unnest(CAST(:names AS text[]), CAST(:counts AS integer[])) AS needed(name, count),"
    " generate_series(1, needed.count)"
)


class Part(Flag):
    """What of a product is read beside its own row."""

    NONE = 0
    VARIANTS = auto()
    CATEGORIES = auto()
    COLLECTIONS = auto()
    ALL = VARIANTS | CATEGORIES | COLLECTIONS


class TreeRepository:
    """Whoever changes products takes the locks in this order: names, then products by id."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def locked(
        self, ids: Keys[int], slugs: Keys[str] = (), parts: Part = Part.ALL
    ) -> dict[int, Stored]:
        """The products with these ids or slugs, held by this transaction."""
        columns = columns_of(Product)
        statement = (
            select(*(columns[name] for name in PRODUCT))
            .where(named(ids, slugs))
            .order_by(columns["id"])
        )
        rows = await self._uow.rows(self._held(statement))
        found = {row.id: Stored(dict(row._mapping)) for row in rows}
        if found:
            await self._fill(found, parts)
        return found

    def _held(self, statement: Select[Any]) -> Select[Any]:
        """Nobody else changes the rows until this transaction ends."""
        return statement.with_for_update(key_share=True)

    async def archived_variants(self, product_id: int, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are variants of the product that live no more."""
        statement = select(col(Variant.id)).where(
            col(Variant.product_id) == product_id,
            among(col(Variant.id), ids),
            col(Variant.archived_at).is_not(None),
        )
        return frozenset(await self._uow.scalars(statement))

    async def shown(self, ids: Keys[int]) -> dict[int, ProductRow]:
        """The products as they are now, whether or not the viewer who wrote them may read them."""
        statement = select(*PRODUCT_COLUMNS).where(among(col(Product.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def shown_variants(self, ids: Keys[int]) -> dict[int, VariantRow]:
        statement = select(*columns_of(Variant)).where(among(col(Variant.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def reserve(self, needed: Mapping[str, int]) -> dict[str, list[int]]:
        """New ids of each table, so that rows can refer to one another before they are written."""
        reserved: defaultdict[str, list[int]] = defaultdict(list)
        if needed:
            values = {"names": list(needed), "counts": list(needed.values())}
            for row in await self._uow.rows(RESERVE, values):
                reserved[row.name].append(row.id)
        return {name: sorted(ids) for name, ids in reserved.items()}

    async def _fill(self, found: dict[int, Stored], parts: Part) -> None:
        if Part.VARIANTS in parts:
            await self._fill_options(found)
            await self._fill_media(found)
            await self._fill_variants(found)
        if Part.CATEGORIES in parts:
            categories = await self._links(ProductCategory, "category_id", found)
            for id_, stored in found.items():
                stored.category_ids = frozenset(categories[id_])
        if Part.COLLECTIONS in parts:
            collections = await self._links(CollectionProduct, "collection_id", found)
            for id_, stored in found.items():
                stored.collection_ids = frozenset(collections[id_])

    async def _fill_options(self, found: dict[int, Stored]) -> None:
        value = ("id", "group_id", "name", "position")
        statement = (
            select(
                *(
                    columns_of(OptionGroup)[name]
                    for name in ("id", "product_id", "name", "position")
                ),
                *(columns_of(OptionValue)[name].label(f"value_{name}") for name in value),
            )
            .outerjoin(OptionValue, col(OptionValue.group_id) == col(OptionGroup.id))
            .where(among(col(OptionGroup.product_id), found))
            .order_by(
                col(OptionGroup.position),
                col(OptionGroup.id),
                col(OptionValue.position),
                col(OptionValue.id),
            )
        )
        for stored in found.values():
            stored.groups = {}
        for row in await self._uow.rows(statement):
            stored = found[row.product_id]
            groups = stored.groups if stored.groups is not None else {}
            groups.setdefault(row.id, dict(zip(row._fields[:4], row[:4], strict=True)))
            if row.value_id is not None:
                stored.values[row.value_id] = dict(zip(value, row[4:], strict=True))

    async def _fill_media(self, found: dict[int, Stored]) -> None:
        rows = await self._uow.rows(_parts_of(Media, MEDIA, found))
        for stored in found.values():
            stored.media = {}
        for row in rows:
            found[row.product_id].media[row.id] = dict(row._mapping)  # type: ignore[index]  # set above

    async def _fill_variants(self, found: dict[int, Stored]) -> None:
        rows = await self._uow.rows(
            _parts_of(Variant, VARIANT, found).join(Product, lives_with_product())
        )
        for stored in found.values():
            stored.variants = {}
        for row in rows:
            found[row.product_id].variants[row.id] = dict(row._mapping)  # type: ignore[index]  # set above
        for row in await self._uow.rows(_choices_of(found)):
            found[row.product_id].choices[row.variant_id, row.group_id] = row.value_id

    async def _links(
        self, model: type[SQLModel], name: str, found: dict[int, Stored]
    ) -> defaultdict[int, set[int]]:
        columns = columns_of(model)
        statement = select(columns["product_id"], columns[name]).where(
            among(columns["product_id"], found)
        )
        linked: defaultdict[int, set[int]] = defaultdict(set)
        for row in await self._uow.rows(statement):
            linked[row.product_id].add(row[-1])
        return linked


def _parts_of(model: type[SQLModel], names: Sequence[str], found: Keys[int]) -> Select[Any]:
    """Rows of products by position, then id."""
    columns = columns_of(model)
    return (
        select(*(columns[name] for name in names))
        .where(among(columns["product_id"], found))
        .order_by(columns["position"], columns["id"])
    )


def _choices_of(found: Keys[int]) -> Executable:
    return (
        select(
            col(Variant.product_id),
            col(VariantOption.variant_id),
            col(VariantOption.group_id),
            col(VariantOption.value_id),
        )
        .join(Variant, col(Variant.id) == col(VariantOption.variant_id))
        .join(Product, lives_with_product())
        .where(among(col(Variant.product_id), found))
    )
