"""Stock levels: reading them, locking them, and writing them together with their movements."""

from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from functools import cache
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
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.catalog.repository.known import unknown_variants
from commerce.core.arrays import among_ids, given_rows, given_table, table_of
from commerce.core.clock import Clock
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
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
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.inventory.availability import available, held
from commerce.inventory.models import StockLevel, StockLocation, StockMovement
from commerce.inventory.rules.events import told
from commerce.inventory.rules.stock import LevelFilter, Move, Note, Slot
from commerce.inventory.visibility import visible_stock

LevelRow = Row[Any]
MovementRow = Row[Any]

COLUMNS = tuple(columns_of(StockLevel))
IN_ORDER = (SortKey(col(StockLevel.variant_id)), SortKey(col(StockLevel.location_id)))
LOCK_ORDER = tuple(key.column for key in IN_ORDER)
SLOT: dict[str, TypeEngine[Any]] = {"variant_id": BigInteger(), "location_id": BigInteger()}
RESERVED: dict[str, TypeEngine[Any]] = {**SLOT, "units": Integer()}
MOVE: dict[str, TypeEngine[Any]] = {**SLOT, "delta": Integer(), "kind": Text()}


class LevelRepository:
    """What is shown has `held`, what carts hold just now. What is locked has not: that is to be
    asked once the lock is there.
    """

    def __init__(self, uow: UnitOfWork, viewer: Viewer, clock: Clock) -> None:
        self._uow = uow
        self._viewer = viewer
        self._clock = clock

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

    async def by_ids(self, ids: Keys[int]) -> dict[int, LevelRow]:
        statement = self._visible().where(among(col(StockLevel.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_slots(self, slots: Sequence[Slot]) -> dict[Slot, LevelRow]:
        given = table_of("given", SLOT, slots)
        return _by_slot(await self._uow.rows(self._shown().join(given, _same(given))))

    async def unknown_variants(self, ids: Keys[int]) -> set[int]:
        return await unknown_variants(self._uow, ids)

    async def locked(self, slots: Sequence[Slot]) -> dict[Slot, LevelRow]:
        """The level of every slot, made where there is none, and held by this transaction.

        Levels are always locked by variant, then location, here as in `all_locked`, so that two
        who want the same levels wait for one another and never for each other.
        """
        await self.make(slots)
        given = table_of("given", SLOT, slots)
        statement = select(*COLUMNS).join(given, _same(given)).order_by(*LOCK_ORDER)
        return _by_slot(await self._uow.locked(Rank.STOCK, statement, of=StockLevel))

    async def make(self, slots: Sequence[Slot]) -> None:
        """Levels of nothing where there are none."""
        self._uow.hold(Rank.STOCK)
        given = table_of("given", SLOT, sorted(slots))
        source = select(*given.c)
        await self._uow.change(
            insert_unless(StockLevel).from_select(list(SLOT), source).on_conflict_do_nothing()
        )

    async def all_locked(self, variant_ids: Keys[int]) -> Sequence[LevelRow]:
        """Every level of the variants, wherever it is, with what its location is."""
        values = {"ids": list(variant_ids)}
        return await self._uow.locked(Rank.STOCK, _of_variants(), values, of=StockLevel)

    async def at(self, slots: Keys[Slot]) -> Sequence[LevelRow]:
        """Levels that are locked already, told like those of `all_locked`."""
        given = table_of("given", SLOT, list(slots))
        return await self._uow.rows(_placed().join(given, _same(given)))

    async def selling(self, variant_ids: Keys[int]) -> dict[int, Row[Any]]:
        """How each of the variants is sold; archived ones are not."""
        rows = await self._uow.rows(_selling(), {"ids": list(variant_ids)})
        return {row.id: row for row in rows}

    async def reserve(self, units: Mapping[Slot, int]) -> None:
        """Promise so many more units of levels that are locked to orders; negative: fewer."""
        rows = [(*slot, more) for slot, more in units.items()]
        changed = await self._uow.rows(_reserving(), given_rows("given", RESERVED, rows))
        self._tell(changed, {slot: -more for slot, more in units.items()})

    async def move(self, moves: Sequence[Move], note: Note) -> Sequence[MovementRow]:
        """Change levels that are locked, and write down why; the movements in the order of ids."""
        rows = [(*move.slot, move.delta, move.kind.value) for move in moves]
        given = table_of("given", MOVE, rows)
        changed = await self._uow.rows(
            update(StockLevel)
            .where(_same(given))
            .values(on_hand=col(StockLevel.on_hand) + given.c.delta, updated_at=func.now())
            .returning(*COLUMNS)
        )
        self._tell(changed, {move.slot: move.delta for move in moves})
        why = (literal(text, Text()) for text in astuple(note))
        statement = (
            insert(StockMovement)
            .from_select([*MOVE, *Note.__slots__], select(*given.c, *why))
            .returning(*columns_of(StockMovement))
        )
        return sorted(await self._uow.rows(statement), key=lambda row: row.id)

    async def set_threshold(self, slot: Slot, threshold: int | None) -> None:
        """Of a level that is locked."""
        given = table_of("given", SLOT, [slot])
        statement = (
            update(StockLevel)
            .where(_same(given))
            .values(low_stock_threshold=threshold, updated_at=func.now())
            .returning(*COLUMNS)
        )
        self._tell(await self._uow.rows(statement), {slot: 0})

    def _tell(self, levels: Sequence[LevelRow], more: Mapping[Slot, int]) -> None:
        """By how much more of each of these levels can be sold than before."""
        for level in levels:
            for event in told(level, more[level.variant_id, level.location_id]):
                self._uow.record(event)

    def _visible(self, where: LevelFilter = LevelFilter()) -> Select[Any]:
        conditions = _conditions(where, self._clock())
        return self._shown().where(visible_stock(self._viewer), *conditions)

    def _shown(self) -> Select[Any]:
        return select(*COLUMNS, held(self._clock()).label("held"))


@cache
def _of_variants() -> Select[Any]:
    return _placed().where(among_ids(col(StockLevel.variant_id))).order_by(*LOCK_ORDER)


@cache
def _selling() -> Any:
    statement = select(col(Variant.id), col(Variant.track_stock), col(Variant.backorder))
    return statement.where(among_ids(col(Variant.id)), col(Variant.archived_at).is_(None))


@cache
def _reserving() -> Any:
    given = given_table("given", RESERVED)
    reserved = col(StockLevel.reserved) + given.c.units
    statement = update(StockLevel).where(_same(given))
    statement = statement.values(reserved=reserved, updated_at=func.now())
    return statement.returning(*COLUMNS)


def _placed() -> Select[Any]:
    """Levels with what their locations are."""
    place = (col(StockLocation.is_default), col(StockLocation.active))
    same = col(StockLocation.id) == col(StockLevel.location_id)
    return select(*COLUMNS, *place).join_from(StockLevel, StockLocation, same)


def _conditions(where: LevelFilter, at: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if where.variant_id is not None:
        conditions.append(col(StockLevel.variant_id) == where.variant_id)
    if where.location_id is not None:
        conditions.append(col(StockLevel.location_id) == where.location_id)
    if where.low_stock is not None:
        low = available(at) <= col(StockLevel.low_stock_threshold)  # unknown without a threshold
        conditions.append(low if where.low_stock else func.coalesce(low, False).is_(False))
    return conditions


def _same(given: Any) -> ColumnElement[bool]:
    return and_(
        col(StockLevel.variant_id) == given.c.variant_id,
        col(StockLevel.location_id) == given.c.location_id,
    )


def _by_slot(rows: Sequence[LevelRow]) -> dict[Slot, LevelRow]:
    return {(row.variant_id, row.location_id): row for row in rows}
