"""Reading and changing the store's pages."""

from typing import Any, Final

from commerce.core.criteria import check_leaf
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import slug_flaw, slug_of, text_flaw
from commerce.store.kinds import PageKind
from commerce.store.repository.pages import PageRepository, PageRow
from commerce.store.rules.pages import MAX_TITLE, checked_page

MISSING: Final = NotFound("There is no page with this id.", ("id",))


class PageService:
    def __init__(self, pages: PageRepository) -> None:
        self._pages = pages

    async def page(self, kind: PageKind | None, args: PageArgs) -> Page[PageRow]:
        return await self._pages.page(kind, args)

    async def count(self, kind: PageKind | None, limit: int | None) -> Count:
        return await self._pages.count(kind, limit)

    async def by_slug(self, slug: str) -> PageRow | None:
        check_leaf(slug)
        return await self._pages.by_slug(slug)

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> PageRow | Problem:
        """Add a page, or change the one with this id or, without an id, with this external id or,
        without that too, with this slug. Only the given values are written.
        """
        slug = slug_of(values.get("title") or "") if id_ is None else ""
        cleaned = checked_page({"slug": slug, **values} if slug else values)
        if isinstance(cleaned, Invalid):
            return cleaned
        stored = await self._pages.to_change(id_, cleaned)
        if stored is None:
            return MISSING if id_ is not None else await self._add(cleaned)
        if "slug" not in values:
            cleaned.pop("slug", None)
        conflict = version_conflict("page", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in cleaned.items() if new != getattr(stored, name)}
        return await self._pages.change(stored.id, changes) if changes else stored

    async def delete(self, id_: int, expected_version: int | None = None) -> Problem | None:
        stored = await self._pages.to_change(id_, {})
        if stored is None:
            return MISSING
        conflict = version_conflict("page", stored.version, expected_version)
        if conflict is None:
            await self._pages.remove(id_)
        return conflict

    async def _add(self, values: dict[str, Any]) -> PageRow | Problem:
        flaw = text_flaw(values.get("title", ""), MAX_TITLE, "title")
        flaw = flaw or slug_flaw(values.get("slug", ""), "slug")
        return flaw or await self._pages.add(values)
