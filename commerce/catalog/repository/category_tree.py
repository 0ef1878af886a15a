"""The category tree, changed: all who change its shape pass through one lock."""

from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Integer, func, literal, select, update
from sqlmodel import col

from commerce.catalog.models import Category
from commerce.core.arrays import table_of
from commerce.core.db import UnitOfWork, among
from commerce.core.events import Event, EventType

TREE_LOCK: Final = 0x54726565  # "Tree"
LIVE = col(Category.archived_at).is_(None)


class CategoryTreeRepository:
    """Sees all categories but archived ones: the tree has one shape for everybody."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self) -> None:
        """Until this transaction ends nobody else changes which category is below which.

        Two moves that are each harmless can make a circle together: A under B, and B under A.
        """
        await self._uow.scalar(select(func.pg_advisory_xact_lock(literal(TREE_LOCK, BigInteger()))))

    async def is_live(self, id_: int) -> bool:
        found = select(col(Category.id)).where(col(Category.id) == id_, LIVE)
        return await self._uow.scalar(found) is not None

    async def is_archived(self, id_: int) -> bool:
        found = select(col(Category.archived_at)).where(col(Category.id) == id_)
        return await self._uow.scalar(found) is not None

    async def branch(self, id_: int) -> Sequence[int]:
        """The category and all that is below it."""
        branch = (
            select(col(Category.id)).where(col(Category.id) == id_).cte("branch", recursive=True)
        )
        below = select(col(Category.id)).join(branch, col(Category.parent_id) == branch.c.id)
        return await self._uow.scalars(select(branch.union(below.where(LIVE)).c.id))

    async def siblings(self, parent_id: int | None) -> Sequence[int]:
        """What stands directly below `parent_id` (None: the roots), in order."""
        statement = (
            select(col(Category.id))
            .where(_below(parent_id), LIVE)
            .order_by(col(Category.position), col(Category.id))
        )
        return await self._uow.scalars(statement)

    async def next_position(self, parent_id: int | None) -> int:
        """Behind all that stands directly below `parent_id`."""
        last = select(func.max(col(Category.position))).where(_below(parent_id), LIVE)
        found: int | None = await self._uow.scalar(last)
        return 0 if found is None else found + 1

    async def place(self, ids: Sequence[int]) -> int:
        """Number siblings in this order; how many got another place."""
        rows = [(id_, place) for place, id_ in enumerate(ids)]
        given = table_of("given", {"id": BigInteger(), "place": Integer()}, rows)
        statement = (
            update(Category)
            .where(col(Category.id) == given.c.id, col(Category.position) != given.c.place)
            .values(position=given.c.place)
        )
        return await self._uow.change(statement)

    async def archive(self, ids: Keys[int]) -> None:
        statement = (
            update(Category)
            .where(among(col(Category.id), ids), LIVE)
            .values(
                archived_at=func.now(),
                updated_at=func.now(),
                version=col(Category.version) + 1,
            )
        )
        await self._uow.change(statement)
        for id_ in sorted(ids):
            self._uow.record(Event(EventType.CATEGORY_DELETED, "Category", id_))


def _below(parent_id: int | None) -> ColumnElement[bool]:
    return col(Category.parent_id).is_not_distinct_from(parent_id)
