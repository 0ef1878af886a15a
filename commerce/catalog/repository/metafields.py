"""Metafields of products, variants, categories, collections, brands and customers."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel, col

from commerce.catalog.kinds import MetafieldOwner
from commerce.catalog.models import Brand, Category, Collection, Metafield, Product, Variant
from commerce.catalog.rules.events import with_metafields
from commerce.catalog.rules.metafields import MetafieldKey
from commerce.catalog.visibility import visible_metafields
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.customers.models import Customer

MetafieldRow = Row[Any]
# Key, type, value as JSON text, whether it is public.
Writing = tuple[MetafieldKey, str, str, bool]

COLUMNS = tuple(columns_of(Metafield))
KEY: Final = ("owner_kind", "owner_id", "namespace", "key")
KEY_TYPES: dict[str, TypeEngine[Any]] = {
    "owner_kind": Text(),
    "owner_id": BigInteger(),
    "namespace": Text(),
    "key": Text(),
}
WRITTEN_TYPES: dict[str, TypeEngine[Any]] = {
    **KEY_TYPES,
    "type": Text(),
    "value": Text(),
    "public": Boolean(),
}
OWNERS: Final[dict[MetafieldOwner, type[SQLModel]]] = {
    MetafieldOwner.PRODUCT: Product,
    MetafieldOwner.VARIANT: Variant,
    MetafieldOwner.CATEGORY: Category,
    MetafieldOwner.COLLECTION: Collection,
    MetafieldOwner.BRAND: Brand,
    MetafieldOwner.CUSTOMER: Customer,
}
BY_NAME = (
    SortKey(col(Metafield.namespace)),
    SortKey(col(Metafield.key)),
    SortKey(col(Metafield.id)),
)


class MetafieldRepository:
    """Reads by owner trust that the owner was shown to the viewer before."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_keys(self, keys: Keys[MetafieldKey]) -> dict[MetafieldKey, MetafieldRow]:
        return _by_key(await self._uow.rows(self._named(keys)))

    async def pages_by_owner(
        self, kind: MetafieldOwner, namespace: str | None, ids: Keys[int], args: PageArgs
    ) -> dict[int, Page[MetafieldRow]]:
        """By name; of one namespace when it is given."""
        statement = paged_by(ids, col(Metafield.owner_id), self._of(kind, namespace), BY_NAME, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_NAME), args)

    async def counts_by_owner(
        self, kind: MetafieldOwner, namespace: str | None, ids: Keys[int], limit: int | None
    ) -> dict[int, Count]:
        statement = counted_by(ids, col(Metafield.owner_id), self._of(kind, namespace), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def owners(self, kind: MetafieldOwner, ids: Keys[int]) -> set[int]:
        """Those of `ids` that are there, and stay until this transaction ends."""
        model = OWNERS[kind]
        columns = columns_of(model)
        named = select(columns["id"]).where(among(columns["id"], sorted(ids)))
        if "archived_at" in columns and kind is not MetafieldOwner.PRODUCT:
            named = named.where(columns["archived_at"].is_(None))
        if kind is MetafieldOwner.CUSTOMER:
            named = named.where(columns["erased_at"].is_(None))
        held = named.order_by(columns["id"]).with_for_update(read=True, key_share=True)
        return set(await self._uow.scalars(held))

    async def locked(self, keys: Keys[MetafieldKey]) -> dict[MetafieldKey, MetafieldRow]:
        """What is stored under these names, held by this transaction."""
        ordered = self._named(keys).order_by(col(Metafield.id))
        return _by_key(await self._uow.rows(ordered.with_for_update(of=Metafield)))

    async def put(self, writings: Sequence[Writing]) -> dict[MetafieldKey, MetafieldRow]:
        """Add these, or replace what is stored under their names."""
        rows = sorted((*_plain(key), *rest) for key, *rest in writings)
        given = table_of("given", WRITTEN_TYPES, rows)
        values = (cast(c, JSONB) if c.name == "value" else c for c in given.c)
        statement = insert(Metafield).from_select(list(WRITTEN_TYPES), select(*values))
        said = {name: statement.excluded[name] for name in ("type", "value", "public")}
        statement = statement.on_conflict_do_update(
            index_elements=list(KEY), set_={**said, "updated_at": func.now()}
        )
        found = _by_key(await self._uow.rows(statement.returning(*COLUMNS)))
        self._tell(found)
        return found

    async def remove(self, keys: Keys[MetafieldKey]) -> int:
        """How many of them were there."""
        named = _same_key(table_of("given", KEY_TYPES, [_plain(key) for key in keys]))
        gone = await self._uow.rows(delete(Metafield).where(named).returning(*COLUMNS))
        self._tell(_by_key(gone))
        return len(gone)

    async def forget(self, kind: MetafieldOwner, ids: Keys[int]) -> None:
        """Remove all that things had which are gone for good."""
        owner = among(col(Metafield.owner_id), ids)
        await self._uow.change(delete(Metafield).where(col(Metafield.owner_kind) == kind, owner))

    def _tell(self, keys: Keys[MetafieldKey]) -> None:
        owners = dict.fromkeys((key.owner_kind, key.owner_id) for key in keys)
        for event in with_metafields(owners):
            self._uow.record(event)

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_metafields(self._viewer))

    def _named(self, keys: Keys[MetafieldKey]) -> Select[Any]:
        given = table_of("given", KEY_TYPES, [_plain(key) for key in keys])
        return self._visible().join(given, _same_key(given))

    def _of(self, kind: MetafieldOwner, namespace: str | None) -> Select[Any]:
        owned = self._visible().where(col(Metafield.owner_kind) == kind)
        return owned if namespace is None else owned.where(col(Metafield.namespace) == namespace)


def _plain(key: MetafieldKey) -> tuple[str, int, str, str]:
    return key.owner_kind.value, key.owner_id, key.namespace, key.key


def _same_key(given: Any) -> ColumnElement[bool]:
    columns = columns_of(Metafield)
    return and_(*(columns[name] == given.c[name] for name in KEY))


def _by_key(rows: Sequence[MetafieldRow]) -> dict[MetafieldKey, MetafieldRow]:
    return {MetafieldKey(*(row._mapping[name] for name in KEY)): row for row in rows}
