"""Prices: which one applies, and writing them."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Numeric,
    Row,
    Select,
    and_,
    delete,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.catalog.repository.known import unknown_variants
from commerce.catalog.rules.events import with_prices
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, counted_by, counts_of, paged_by, pages_of
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.pricing.models import Price, PriceList
from commerce.pricing.repository import statements
from commerce.pricing.rules.prices import PriceEntry, PriceTerms, tiers
from commerce.pricing.visibility import visible_price_lists

PriceRow = Row[Any]

COLUMNS = (*columns_of(Price), col(PriceList.currency))
BY_VARIANT = (
    SortKey(col(Price.variant_id)),
    SortKey(col(Price.min_quantity)),
    SortKey(col(Price.id)),
)
BY_LIST = (
    SortKey(col(Price.price_list_id)),
    SortKey(col(Price.min_quantity)),
    SortKey(col(Price.id)),
)
Slot = tuple[int, int]
SLOT: dict[str, TypeEngine[Any]] = {"variant_id": BigInteger(), "min_quantity": Integer()}
WRITTEN: dict[str, TypeEngine[Any]] = {
    **SLOT,
    "amount": Numeric(),
    "compare_at": Numeric(),
    "cost": Numeric(),
}
# Whose variant a price that was just written, or deleted, is of. In RETURNING SQLAlchemy would take
# the prices for another table of the subquery.
_variant_id: Any = literal_column("prices.variant_id")
OWNER = select(col(Variant.product_id)).where(col(Variant.id) == _variant_id).scalar_subquery()


class PriceRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def resolve(
        self,
        variant_ids: Keys[int],
        at: datetime,
        quantity: int = 1,
        currency: str | None = None,
        group: int | None = None,
    ) -> dict[int, PriceRow]:
        """The price of one unit of each variant when `quantity` are bought at that time.

        `currency` None means that of the default list. Variants without a price are left out, and
        so are those whose price the viewer is not told.
        """
        terms = PriceTerms(at, quantity, currency, group)
        statement = statements.resolved(self._viewer, *statements.kind_of(terms))
        return {row.variant_id: row for row in await self._under(terms, statement, variant_ids)}

    async def ranges(
        self,
        product_ids: Keys[int],
        at: datetime,
        quantity: int = 1,
        currency: str | None = None,
        group: int | None = None,
    ) -> dict[int, PriceRow]:
        """`min`, `max` and `currency` of the prices of each product's live variants."""
        terms = PriceTerms(at, quantity, currency, group)
        statement = statements.ranges(self._viewer, *statements.kind_of(terms))
        return {row.product_id: row for row in await self._under(terms, statement, product_ids)}

    async def tiers(
        self,
        variant_ids: Keys[int],
        at: datetime,
        currency: str | None = None,
        group: int | None = None,
    ) -> dict[int, Sequence[PriceRow]]:
        """The prices each variant goes through with a growing quantity.

        For walks that start at a price the viewer has been told.
        """
        terms = PriceTerms(at, currency=currency, group=group)
        statement = statements.all_offers(*statements.kind_of(terms))
        found: defaultdict[int, list[PriceRow]] = defaultdict(list)
        for row in await self._under(terms, statement, variant_ids):
            found[row.variant_id].append(row)
        return {id_: tiers(rows) for id_, rows in found.items()}

    async def _under(
        self, terms: PriceTerms, statement: Select[Any], ids: Keys[int]
    ) -> Sequence[PriceRow]:
        return await self._uow.rows(statement, {"ids": list(ids), **statements.values_of(terms)})

    async def by_ids(self, ids: Keys[int]) -> dict[int, PriceRow]:
        statement = self._visible().where(among(col(Price.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def pages_by_list(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[PriceRow]]:
        """By variant, then quantity."""
        statement = paged_by(ids, col(Price.price_list_id), self._visible(), BY_VARIANT, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_VARIANT), args)

    async def counts_by_list(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Price.price_list_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def pages_by_variant(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[PriceRow]]:
        """By price list, then quantity."""
        statement = paged_by(ids, col(Price.variant_id), self._visible(), BY_LIST, args)
        return pages_of(await self._uow.rows(statement), ids, len(BY_LIST), args)

    async def counts_by_variant(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(Price.variant_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    def _visible(self) -> Select[Any]:
        return _every().where(visible_price_lists(self._viewer))

    async def unknown_variants(self, ids: Keys[int]) -> set[int]:
        return await unknown_variants(self._uow, ids)

    async def write(self, price_list_id: int, entries: Sequence[PriceEntry]) -> None:
        """Add or change these prices; those that are the same already are not touched.

        They are taken in order, so that two writers of the same prices wait for one another.
        """
        new = insert(Price).excluded
        given = table_of("given", WRITTEN, [_values(entry) for entry in sorted(entries, key=_slot)])
        source = select(literal(price_list_id, BigInteger()), *given.c)
        stored = (col(Price.amount), col(Price.compare_at), col(Price.cost))
        written = await self._uow.scalars(
            insert(Price)
            .from_select(["price_list_id", *WRITTEN], source)
            .on_conflict_do_update(
                index_elements=["variant_id", "price_list_id", "min_quantity"],
                set_={
                    "amount": new.amount,
                    "compare_at": new.compare_at,
                    "cost": new.cost,
                    "updated_at": func.now(),
                },
                where=tuple_(*stored).is_distinct_from(
                    tuple_(new.amount, new.compare_at, new.cost)
                ),
            )
            .returning(OWNER)
        )
        self._tell(price_list_id, written)

    async def remove(self, price_list_id: int, slots: Sequence[Slot]) -> None:
        """Delete the prices of these (variant id, minimum quantity)."""
        given = table_of("given", SLOT, slots)
        removed = delete(Price).where(_at(price_list_id, given)).returning(OWNER)
        self._tell(price_list_id, await self._uow.scalars(removed))

    def _tell(self, price_list_id: int, product_ids: Sequence[int]) -> None:
        for product_id in dict.fromkeys(product_ids):
            for event in with_prices(product_id, price_list_id):
                self._uow.record(event)

    async def by_slots(self, price_list_id: int, slots: Sequence[Slot]) -> dict[Slot, PriceRow]:
        """The stored prices of these (variant id, minimum quantity) in one list."""
        statement = _every().where(_at(price_list_id, table_of("given", SLOT, slots)))
        rows = await self._uow.rows(statement)
        return {(row.variant_id, row.min_quantity): row for row in rows}


def _every() -> Select[Any]:
    """Prices with the currency of their list."""
    return select(*COLUMNS).join(PriceList, col(PriceList.id) == col(Price.price_list_id))


def _at(price_list_id: int, given: Any) -> ColumnElement[bool]:
    """The prices in one list whose variant and quantity are among `given`."""
    return and_(
        col(Price.price_list_id) == price_list_id,
        col(Price.variant_id) == given.c.variant_id,
        col(Price.min_quantity) == given.c.min_quantity,
    )


def _slot(entry: PriceEntry) -> Slot:
    return entry.variant_id, entry.min_quantity


def _values(entry: PriceEntry) -> tuple[Any, ...]:
    """In the order of `WRITTEN`."""
    return (*_slot(entry), entry.amount, entry.compare_at, entry.cost)
