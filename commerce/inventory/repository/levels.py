"""Stock levels: reading them, locking them, and writing them together with their movements."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    and_,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.keyset import (
    SortKey,
    count_of,
    counted,
    counted_by,
    counts_of,
    page_of,
    paged,
    paged_by,
    pages_of,
)
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.inventory.availability import available
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.rules import LevelFilter, Move, Note, Slot
from commerce.inventory.visibility import visible_stock

LevelRow = Row[Any]
MovementRow = Row[Any]

COLUMNS = tuple(columns_of(StockLevel))
IN_ORDER = (SortKey(col(StockLevel.variant_id)), SortKey(col(StockLevel.location_id)))
SLOT: dict[str, TypeEngine[Any]] = {"variant_id": BigInteger(), "location_id": BigInteger()}
MOVE: dict[str, TypeEngine[Any]] = {**SLOT, "delta": Integer(), "kind": Text()}


class LevelRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def page(self, where: LevelFilter, args: PageArgs) -> Page[LevelRow]:
        """By variant, then location."""
        rows = await self._uow.rows(paged(self._visible(where), IN_ORDER, args))
        return page_of(rows, len(IN_ORDER), args)

    async def count(self, where: LevelFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(where), limit)), limit)

    async def pages_by_variant(self, ids: Keys[int], args: PageArgs) -> dict[int, Page[LevelRow]]:
        """By location."""
        statement = paged_by(ids, col(StockLevel.variant_id), self._visible(), IN_ORDER, args)
        return pages_of(await self._uow.rows(statement), ids, len(IN_ORDER), args)

    async def counts_by_variant(self, ids: Keys[int], limit: int | None) -> dict[int, Count]:
        statement = counted_by(ids, col(StockLevel.variant_id), self._visible(), limit)
        return counts_of(await self._uow.rows(statement), limit)

    async def by_slots(self, slots: Sequence[Slot]) -> dict[Slot, LevelRow]:
        given = table_of("given", SLOT, slots)
        return _by_slot(await self._uow.rows(select(*COLUMNS).join(given, _same(given))))

    async def unknown_variants(self, ids: Keys[int]) -> set[int]:
        """Those of `ids` that are no variant, or an archived one."""
        given = table_of("given", {"id": BigInteger()}, [(id_,) for id_ in ids])
        found = (
            select(col(Variant.archived_at))
            .where(col(Variant.id) == given.c.id)
            .limit(1)
            .lateral("found")
        )
        # A look into the index for each: of a table just filled the planner would guess wrong.
        statement = select(given.c.id).join(found, true()).where(found.c.archived_at.is_(None))
        return set(ids).difference(await self._uow.scalars(statement))

    async def locked(self, slots: Sequence[Slot]) -> dict[Slot, LevelRow]:
        """The level of every slot, made where there is none, and held by this transaction.

        The only place that locks levels: always by variant, then location, so that two who want
        the same levels wait for one another and never for each other.
        """
        given = table_of("given", SLOT, sorted(slots))
        source = select(*given.c)
        await self._uow.change(
            insert_unless(StockLevel).from_select(list(SLOT), source).on_conflict_do_nothing()
        )
        statement = (
            select(*COLUMNS)
            .join(given, _same(given))
            .order_by(*(key.column for key in IN_ORDER))
            .with_for_update(of=StockLevel)
        )
        return _by_slot(await self._uow.rows(statement))

    async def move(self, moves: Sequence[Move], note: Note) -> Sequence[MovementRow]:
        """Change levels that are locked, and write down why; the movements in the order of ids."""
        rows = [(*move.slot, move.delta, move.kind.value) for move in moves]
        given = table_of("given", MOVE, rows)
        await self._uow.change(
            update(StockLevel)
            .where(_same(given))
            .values(on_hand=col(StockLevel.on_hand) + given.c.delta, updated_at=func.now())
        )
        why = (literal(text, Text()) for text in astuple(note))
        statement = (
            insert(StockMovement)
            .from_select([*MOVE, *Note.__slots__], select(*given.c, *why))
            .returning(*columns_of(StockMovement))
        )
        return sorted(await self._uow.rows(statement), key=lambda row: row.id)

    async def set_threshold(self, slot: Slot, threshold: int | None) -> LevelRow:
        """The level, which is locked, as it is then."""
        given = table_of("given", SLOT, [slot])
        statement = (
            update(StockLevel)
            .where(_same(given))
            .values(low_stock_threshold=threshold, updated_at=func.now())
            .returning(*COLUMNS)
        )
        return (await self._uow.rows(statement))[0]

    def _visible(self, where: LevelFilter = LevelFilter()) -> Select[Any]:
        return select(*COLUMNS).where(visible_stock(self._viewer), *_conditions(where))


def _conditions(where: LevelFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if where.variant_id is not None:
        conditions.append(col(StockLevel.variant_id) == where.variant_id)
    if where.location_id is not None:
        conditions.append(col(StockLevel.location_id) == where.location_id)
    if where.low_stock is not None:
        conditions.append(_low() if where.low_stock else func.coalesce(_low(), False).is_(False))
    return conditions


def _low() -> ColumnElement[bool]:
    """`rules.is_low` in SQL; unknown without a threshold."""
    return available() <= col(StockLevel.low_stock_threshold)


def _same(given: Any) -> ColumnElement[bool]:
    return and_(
        col(StockLevel.variant_id) == given.c.variant_id,
        col(StockLevel.location_id) == given.c.location_id,
    )


def _by_slot(rows: Sequence[LevelRow]) -> dict[Slot, LevelRow]:
    return {(row.variant_id, row.location_id): row for row in rows}
