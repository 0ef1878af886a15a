"""Stock levels: reading them, locking them, and writing them together with their movements."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    and_,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.viewer import Viewer
from commerce.inventory.kinds import MovementKind
from commerce.inventory.models import StockLevel, StockMovement
from commerce.inventory.rules import Slot

LevelRow = Row[Any]

COLUMNS = tuple(columns_of(StockLevel))
SLOT: dict[str, TypeEngine[Any]] = {"variant_id": BigInteger(), "location_id": BigInteger()}
IN_ORDER = (col(StockLevel.variant_id), col(StockLevel.location_id))


@dataclass(frozen=True, slots=True)
class Note:
    """What a movement remembers of why it was made."""

    kind: MovementKind
    reason: str
    reference: str
    actor: str


class LevelRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def unknown_variants(self, ids: Keys[int]) -> set[int]:
        """Those of `ids` that are no variant, or an archived one."""
        live = select(col(Variant.id)).where(
            among(col(Variant.id), ids), col(Variant.archived_at).is_(None)
        )
        return set(ids).difference(await self._uow.scalars(live))

    async def locked(self, slots: Sequence[Slot]) -> dict[Slot, LevelRow]:
        """The level of every slot, made where there is none, and held by this transaction.

        The only place that locks levels: always by variant, then location, so that two who want
        the same levels wait for one another and never for each other.
        """
        given = table_of("given", SLOT, sorted(slots))
        await self._uow.change(
            insert_or(StockLevel).from_select(list(SLOT), select(*given.c)).on_conflict_do_nothing()
        )
        statement = (
            select(*COLUMNS)
            .join(given, _same(given))
            .order_by(*IN_ORDER)
            .with_for_update(of=StockLevel)
        )
        rows = await self._uow.rows(statement)
        return {(row.variant_id, row.location_id): row for row in rows}

    async def move(self, moves: Sequence[tuple[Slot, int]], note: Note) -> Sequence[int]:
        """Add `delta` units to each slot, every level being locked; the ids of the movements."""
        given = table_of("given", {**SLOT, "delta": Integer()}, [(*s, delta) for s, delta in moves])
        await self._uow.change(
            update(StockLevel)
            .where(_same(given))
            .values(on_hand=col(StockLevel.on_hand) + given.c.delta, updated_at=func.now())
        )
        ledger = columns_of(StockMovement)
        why = [literal(getattr(note, name), ledger[name].type) for name in Note.__slots__]
        statement = (
            insert(StockMovement)
            .from_select([*SLOT, "delta", *Note.__slots__], select(*given.c, *why))
            .returning(col(StockMovement.id))
        )
        return sorted(await self._uow.scalars(statement))


def _same(given: Any) -> ColumnElement[bool]:
    return and_(
        col(StockLevel.variant_id) == given.c.variant_id,
        col(StockLevel.location_id) == given.c.location_id,
    )
