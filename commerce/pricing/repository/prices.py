"""Prices: which one applies, and writing them."""

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
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.catalog.visibility import visible_variants
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.viewer import Scope, Viewer
from commerce.pricing.models import Price, PriceList
from commerce.pricing.resolution import resolved_prices
from commerce.pricing.rules import PriceEntry, PriceTerms

PriceRow = Row[Any]

COLUMNS = (*columns_of(Price), col(PriceList.currency))
RESOLVED = (
    col(Price.amount),
    col(Price.compare_at),
    col(Price.cost),
    col(Price.min_quantity),
    col(Price.price_list_id),
    col(PriceList.currency),
    col(PriceList.prices_include_tax),
    col(PriceList.ends_at),
)
Slot = tuple[int, int]
SLOT: dict[str, TypeEngine[Any]] = {"variant_id": BigInteger(), "min_quantity": Integer()}
WRITTEN: dict[str, TypeEngine[Any]] = {
    **SLOT,
    "amount": Numeric(),
    "compare_at": Numeric(),
    "cost": Numeric(),
}


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
        so are, for those who may not read all prices, the ones whose price is on request.
        """
        terms = PriceTerms(at, quantity, currency, group)
        statement = self._shown(resolved_prices(terms, *RESOLVED)).where(
            among(col(Price.variant_id), variant_ids)
        )
        return {row.variant_id: row for row in await self._uow.rows(statement)}

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
        each = (
            self._shown(
                resolved_prices(
                    terms, col(Variant.product_id), col(Price.amount), col(PriceList.currency)
                ),
                by_product=True,
            )
            .where(among(col(Variant.product_id), product_ids), col(Variant.archived_at).is_(None))
            .subquery()
        )
        statement = select(
            each.c.product_id,
            func.min(each.c.amount).label("min"),
            func.max(each.c.amount).label("max"),
            each.c.currency,
        ).group_by(each.c.product_id, each.c.currency)
        return {row.product_id: row for row in await self._uow.rows(statement)}

    def _shown(self, statement: Select[Any], *, by_product: bool = False) -> Select[Any]:
        """Without the prices this viewer is not told."""
        everything = self._viewer.may(Scope.READ_PRICES)
        if by_product or not everything:
            statement = statement.join(Variant, col(Variant.id) == col(Price.variant_id))
        if everything:
            return statement
        return statement.join(Product, col(Product.id) == col(Variant.product_id)).where(
            visible_variants(self._viewer), col(Product.price_on_request).is_(False)
        )

    async def unknown_variants(self, ids: Keys[int]) -> set[int]:
        """Those of `ids` that are no variant, or an archived one."""
        live = select(col(Variant.id)).where(
            among(col(Variant.id), ids), col(Variant.archived_at).is_(None)
        )
        return set(ids).difference(await self._uow.scalars(live))

    async def write(self, price_list_id: int, entries: Sequence[PriceEntry]) -> None:
        """Add or change these prices; those that are the same already are not touched.

        They are taken in order, so that two writers of the same prices wait for one another.
        """
        new = insert(Price).excluded
        given = table_of("given", WRITTEN, [_values(entry) for entry in sorted(entries, key=_slot)])
        source = select(literal(price_list_id, BigInteger()), *given.c)
        stored = (col(Price.amount), col(Price.compare_at), col(Price.cost))
        await self._uow.change(
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
        )

    async def remove(self, price_list_id: int, slots: Sequence[Slot]) -> None:
        """Delete the prices of these (variant id, minimum quantity)."""
        given = table_of("given", SLOT, slots)
        await self._uow.change(delete(Price).where(_at(price_list_id, given)))

    async def by_slots(self, price_list_id: int, slots: Sequence[Slot]) -> dict[Slot, PriceRow]:
        """The stored prices of these (variant id, minimum quantity) in one list."""
        given = table_of("given", SLOT, slots)
        statement = (
            select(*COLUMNS)
            .join(PriceList, col(PriceList.id) == col(Price.price_list_id))
            .where(_at(price_list_id, given))
        )
        rows = await self._uow.rows(statement)
        return {(row.variant_id, row.min_quantity): row for row in rows}


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
