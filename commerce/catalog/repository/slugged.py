"""What brands, categories and collections share: they are found by id and slug, and versioned."""

from collections.abc import Collection as Keys
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Select, Text, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from commerce.catalog.kinds import Sluggable
from commerce.catalog.problems import SlugTaken
from commerce.catalog.repository.slugs import target_of
from commerce.catalog.rules.events import SLUGGED
from commerce.catalog.rules.slugged import numbered_slug
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event
from commerce.core.viewer import Viewer

SluggedRow = Row[Any]
Changes = dict[str, Any]

CANDIDATES = 50


class SluggedRepository:
    model: ClassVar[type[SQLModel]]
    kind: ClassVar[Sluggable]

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer
        self._columns = columns_of(self.model)

    def seen(self) -> ColumnElement[bool]:
        """Which rows the viewer is shown."""
        raise NotImplementedError

    def live(self) -> ColumnElement[bool]:
        """Which rows can be changed."""
        return true()

    async def by_ids(self, ids: Keys[int]) -> dict[int, SluggedRow]:
        statement = self.visible().where(among(self._columns["id"], ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_slug(self, slug: str) -> SluggedRow | None:
        """By its slug, or by one it had before."""
        named = self._columns["slug"] == slug
        former = self._columns["id"] == target_of(self.kind, slug)
        statement = self.visible().where(named | former).order_by(named.desc()).limit(1)
        return await self._uow.row(statement)

    async def locked(self, id_: int) -> SluggedRow | None:
        """The row, held by this transaction."""
        return await self._locked(self._columns["id"] == id_)

    async def locked_by_slug(self, slug: str) -> SluggedRow | None:
        return await self._locked(self._columns["slug"] == slug)

    async def _locked(self, named: ColumnElement[bool]) -> SluggedRow | None:
        # Rows that refer to this one may still be added meanwhile: products to a category.
        statement = select(*self._columns).where(named, self.live())
        return await self._uow.row(statement.with_for_update(key_share=True))

    async def add(self, values: Changes) -> SluggedRow | None:
        """The new row; None, and nothing written, when its slug is in use."""
        statement = insert(self.model).values(**values).on_conflict_do_nothing()
        added = await self._uow.row(statement.returning(*self._columns))
        if added is not None:
            name, created, _, _ = SLUGGED[self.kind]
            self._uow.record(Event(created, name, added.id))
        return added

    async def change(self, id_: int, changes: Changes) -> SluggedRow | SlugTaken:
        """The row as it is after the changes, one version on. It must be locked."""
        statement = (
            update(self.model)
            .where(self._columns["id"] == id_)
            .values(**changes, version=self._columns["version"] + 1, updated_at=func.now())
            .returning(*self._columns)
        )
        try:
            changed = (await self._uow.rows(statement))[0]
        except IntegrityError as error:
            if violated_constraint(error) == f"uq_{self.model.__tablename__}_slug":
                return SlugTaken(f"Another {self.kind.value} has this slug.", ("slug",))
            raise
        name, _, updated, _ = SLUGGED[self.kind]
        self._uow.record(Event(updated, name, id_, {"changed": sorted(changes) or ["products"]}))
        return changed

    def _gone(self, id_: int) -> None:
        name, _, _, deleted = SLUGGED[self.kind]
        self._uow.record(Event(deleted, name, id_))

    async def free_slug(self, base: str) -> str:
        """`base`, or the first of `base-2`, `base-3`, … that no other has right now."""
        slug, first, size = self._columns["slug"], 1, CANDIDATES
        while True:
            candidates = [numbered_slug(base, first + place) for place in range(size)]
            named = select(slug).where(among(slug, candidates, Text()), self.live())
            taken = set(await self._uow.scalars(named))
            free = next((name for name in candidates if name not in taken), None)
            if free is not None:
                return free
            first, size = first + size, size * 2

    def visible(self) -> Select[Any]:
        return select(*self._columns).where(self.seen())
