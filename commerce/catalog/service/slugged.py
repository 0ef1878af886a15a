"""Reading and changing what is found by a slug: the steps brands, categories, collections share."""

from typing import Any, ClassVar

from commerce.catalog.problems import SlugTaken
from commerce.catalog.repository.slugged import SluggedRepository, SluggedRow
from commerce.catalog.repository.slugs import SlugRepository
from commerce.catalog.rules.slugged import base_slug, cleaned_slugged, slugged_flaw
from commerce.core.problems import NotFound, Problem, VersionConflict, version_conflict

Values = dict[str, Any]

TRIES = 5


class SluggedService:
    name: ClassVar[str] = "title"

    def __init__(self, things: SluggedRepository, slugs: SlugRepository) -> None:
        self._things = things
        self._slugs = slugs

    async def one(self, id_: int | None, slug: str | None) -> SluggedRow | None:
        """By id if given, else by its slug or one it had before."""
        if id_ is not None:
            return (await self._things.by_ids([id_])).get(id_)
        return None if slug is None else await self._things.by_slug(slug)

    async def _upsert(
        self, id_: int | None, values: Values, expected_version: int | None
    ) -> SluggedRow | Problem:
        """Change the one with this id, else the one with the given slug, else add one."""
        columns = cleaned_slugged(values)
        slug = columns.get("slug")
        for _ in range(TRIES):
            row = await self._stored(id_, slug)
            if row is not None:
                return await self._edit(row, columns, expected_version)
            if id_ is not None or expected_version is not None:
                return self._missing("slug" if id_ is None else "id")
            added = await self._add_as(columns)
            if added is not None:
                return added
            if slug is None:
                break
        return SlugTaken(f"Another {self._noun} has this slug.", ("slug",))

    async def _stored(self, id_: int | None, slug: str | None) -> SluggedRow | None:
        if id_ is not None:
            return await self._things.locked(id_)
        return None if slug is None else await self._things.locked_by_slug(slug)

    async def _locked(
        self, id_: int, expected_version: int | None, *path: str
    ) -> SluggedRow | Problem:
        """The row, held by this transaction, in the expected version."""
        row = await self._things.locked(id_)
        if row is None:
            return self._missing(*path)
        return self._conflict(row, expected_version) or row

    async def _edit(
        self, row: SluggedRow, columns: Values, expected_version: int | None
    ) -> SluggedRow | Problem:
        """Write what differs from the locked `row`; what is the same leaves the version alone."""
        conflict = self._conflict(row, expected_version)
        refusal = conflict or slugged_flaw(columns, self.name, new=False)
        if refusal is not None:
            return refusal
        changes = {name: value for name, value in columns.items() if row._mapping[name] != value}
        if not changes:
            return row
        changed = await self._things.change(row.id, changes)
        if not isinstance(changed, Problem) and "slug" in changes:
            await self._slugs.moved(self._things.kind, row.id, row.slug, changed.slug)
        return changed

    async def _add_as(self, columns: Values) -> SluggedRow | Problem | None:
        """Add one under its slug, or one made of its name; None when that slug is in use."""
        flaw = slugged_flaw(columns, self.name, new=True)
        if flaw is not None:
            return flaw
        slug = columns.get("slug") or base_slug(columns[self.name], self._noun)
        return await self._insert({**columns, "slug": slug})

    async def _add_numbered(self, columns: Values) -> SluggedRow | Problem:
        """Add one under its slug, or the first free one made of its name: `shirts`, `shirts-2`."""
        flaw = slugged_flaw(columns, self.name, new=True)
        if flaw is not None:
            return flaw
        base = base_slug(columns[self.name], self._noun)
        for _ in range(TRIES):
            slug = columns.get("slug") or await self._things.free_slug(base)
            added = await self._insert({**columns, "slug": slug})
            if added is not None or "slug" in columns:
                break
        return added or SlugTaken(f"Another {self._noun} has this slug.", ("slug",))

    async def _insert(self, columns: Values) -> SluggedRow | None:
        added = await self._things.add(columns)
        if added is not None:
            await self._slugs.used(self._things.kind, [added.slug])
        return added

    def _conflict(self, row: SluggedRow, expected_version: int | None) -> VersionConflict | None:
        return version_conflict(self._noun, row.version, expected_version)

    def _missing(self, *path: str) -> NotFound:
        return NotFound(f"There is no {self._noun} like this.", path)

    @property
    def _noun(self) -> str:
        return self._things.kind.value
