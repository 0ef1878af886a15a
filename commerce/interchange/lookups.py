"""What whole products refer to and are compared with, beside the catalogue's own tables."""

from collections.abc import Collection as Keys
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, Text, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col

from commerce.catalog.models import Brand, Category, Collection
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.interchange.rules.references import Thing
from commerce.interchange.rules.terms import Terms
from commerce.inventory.models import StockLevel, StockLocation
from commerce.pricing.models import Price, PriceList
from commerce.taxes.models import TaxClass

# The table of each kind, and the columns that its slug and its name are in.
TABLES: Final[Mapping[str, tuple[type[SQLModel], str, str]]] = {
    "brand": (Brand, "slug", "name"),
    "tax_class": (TaxClass, "code", "name"),
    "categories": (Category, "slug", "title"),
    "collections": (Collection, "slug", "title"),
}


class LookupRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def named(self, kind: str, slugs: Keys[str], names: Keys[str]) -> list[Thing]:
        """What has one of the slugs or, in whatever capitals, names; it stays until the end."""
        model, slug, name = TABLES[kind]
        columns = columns_of(model)
        statement = (
            select(columns["id"], columns[slug].label("slug"), columns[name].label("name"))
            .where(
                _live(columns),
                or_(
                    among(columns[slug], slugs, Text()),
                    among(func.lower(columns[name]), [text.lower() for text in names], Text()),
                ),
            )
            .order_by(columns["id"])
            .with_for_update(read=True, key_share=True)
        )
        return [_thing(row) for row in await self._uow.rows(statement)]

    async def brands(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are brands; they stay until the end."""
        return await self._held(columns_of(Brand), ids)

    async def categories(self, ids: Keys[int]) -> frozenset[int]:
        """Those of `ids` that are categories; they stay until the end."""
        return await self._held(columns_of(Category), ids)

    async def _held(self, columns: Any, ids: Keys[int]) -> frozenset[int]:
        if not ids:
            return frozenset()
        id_ = columns["id"]
        statement = select(id_).where(among(id_, ids), _live(columns)).order_by(id_)
        held = statement.with_for_update(read=True, key_share=True)
        return frozenset(await self._uow.scalars(held))

    async def add(self, kind: str, names: Mapping[str, str]) -> list[Thing]:
        """Add what has these slugs, and the names beside them, unless somebody just did."""
        model, _, name = TABLES[kind]
        columns = columns_of(model)
        given = table_of("given", {"slug": Text(), "name": Text()}, sorted(names.items()))
        values: dict[str, Any] = {"slug": given.c.slug, name: given.c.name}
        if model is Category:
            values["position"] = _end_of_roots()
        statement = insert(model).from_select(
            list(values), select(*values.values()), include_defaults=False
        )
        await self._uow.change(statement.on_conflict_do_nothing())
        added = select(columns["id"], columns["slug"], columns[name].label("name")).where(
            _live(columns), among(columns["slug"], names, Text())
        )
        return [_thing(row) for row in await self._uow.rows(added)]

    async def prices(self, variant_ids: Keys[int]) -> Terms:
        """The default list's currency, and its prices of one unit of these variants."""
        currency = await self._uow.scalar(
            select(col(PriceList.currency)).where(_default(PriceList))
        )
        statement = (
            select(col(Price.variant_id), col(Price.amount), col(Price.compare_at), col(Price.cost))
            .join(PriceList, col(PriceList.id) == col(Price.price_list_id))
            .where(
                _default(PriceList),
                col(Price.min_quantity) == 1,
                among(col(Price.variant_id), variant_ids),
            )
        )
        rows = await self._uow.rows(statement) if variant_ids else ()
        prices = {row.variant_id: (row.amount, row.compare_at, row.cost) for row in rows}
        return Terms(currency=currency, prices=prices)

    async def locations(self, codes: Keys[str]) -> dict[str | None, int]:
        """Active locations by their codes; None is the default one."""
        statement = select(
            col(StockLocation.id), col(StockLocation.code), col(StockLocation.is_default)
        ).where(
            or_(among(col(StockLocation.code), codes, Text()), _default(StockLocation)),
            col(StockLocation.active),
        )
        rows = await self._uow.rows(statement)
        found: dict[str | None, int] = {row.code: row.id for row in rows}
        for row in rows:
            if row.is_default:
                found[None] = row.id
        return found

    async def levels(
        self, variant_ids: Keys[int], location_ids: Keys[int]
    ) -> dict[tuple[int, int], int]:
        """Units on hand by (variant id, location id)."""
        if not variant_ids:
            return {}
        statement = select(
            col(StockLevel.variant_id), col(StockLevel.location_id), col(StockLevel.on_hand)
        ).where(
            among(col(StockLevel.variant_id), variant_ids),
            among(col(StockLevel.location_id), location_ids),
        )
        rows = await self._uow.rows(statement)
        return {(row.variant_id, row.location_id): row.on_hand for row in rows}


def _live(columns: Any) -> Any:
    """Archived categories have left their slugs to others."""
    return columns["archived_at"].is_(None) if "archived_at" in columns else true()


def _thing(row: Row[Any]) -> Thing:
    return Thing(row.id, row.slug, row.name)


def _default(model: type[SQLModel]) -> Any:
    return columns_of(model)["is_default"]


def _end_of_roots() -> Any:
    roots = columns_of(Category)
    last = select(func.max(roots["position"])).where(roots["parent_id"].is_(None))
    return func.coalesce(last.scalar_subquery() + 1, 0)
