"""Reading and changing the store's menus."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.criteria import check_leaf
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import slug_flaw, slug_of, text_flaw
from commerce.store.repository.menus import MenuRepository, MenuRow
from commerce.store.rules.menus import MAX_TITLE, menu_rows

MISSING: Final = NotFound("There is no menu with this id.", ("id",))
Items = Sequence[Mapping[str, Any]]


class MenuService:
    def __init__(self, menus: MenuRepository) -> None:
        self._menus = menus

    async def page(self, args: PageArgs) -> Page[MenuRow]:
        return await self._menus.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._menus.count(limit)

    async def by_code(self, code: str) -> MenuRow | None:
        check_leaf(code)
        return await self._menus.by_code(code)

    async def upsert(
        self,
        id_: int | None,
        values: dict[str, Any],
        items: Items | None,
        expected_version: int | None = None,
    ) -> MenuRow | Problem:
        """Add a menu, or change the one with this id or, without an id, with this code. `items` are
        set as a whole; None keeps them.
        """
        code = slug_of(values.get("title") or "") if id_ is None else ""
        given = {"code": code, **values} if code else values
        cleaned = {name: text.strip() for name, text in given.items()}
        rows = None if items is None else menu_rows(items)
        if isinstance(rows, Invalid):
            return rows
        flaw = _flaw(cleaned)
        if flaw is not None:
            return flaw
        stored = await self._menus.to_change(id_, cleaned.get("code"))
        if stored is None and id_ is not None:
            return MISSING
        if stored is None:
            return await self._add(cleaned, rows or [])
        return await self._change(stored, cleaned, rows, expected_version)

    async def delete(self, id_: int, expected_version: int | None = None) -> Problem | None:
        stored = await self._menus.to_change(id_, None)
        if stored is None:
            return MISSING
        conflict = version_conflict("menu", stored.version, expected_version)
        if conflict is None:
            await self._menus.remove(id_)
        return conflict

    async def _add(self, values: dict[str, Any], rows: Items) -> MenuRow | Problem:
        flaw = text_flaw(values.get("title", ""), MAX_TITLE, "title")
        flaw = flaw or slug_flaw(values.get("code", ""), "code")
        added = flaw or await self._menus.add(values)
        if isinstance(added, Problem):
            return added
        return await self._menus.fill(added.id, rows) or added

    async def _change(
        self,
        stored: MenuRow,
        values: dict[str, Any],
        rows: Items | None,
        expected_version: int | None,
    ) -> MenuRow | Problem:
        conflict = version_conflict("menu", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        moved = rows is not None and rows != await self._rows(stored.id)
        if not changes and not moved:
            return stored
        changed = await self._menus.change(stored.id, changes)
        if isinstance(changed, Problem) or not moved:
            return changed
        return await self._menus.fill(stored.id, rows or []) or changed

    async def _rows(self, id_: int) -> list[dict[str, Any]]:
        found = (await self._menus.items_by_menu([id_])).get(id_, ())
        return [
            {name: value for name, value in row._mapping.items() if name != "menu_id"}
            for row in found
        ]


def _flaw(values: Mapping[str, Any]) -> Invalid | None:
    flaw = text_flaw(values["title"], MAX_TITLE, "title") if "title" in values else None
    return flaw or (slug_flaw(values["code"], "code") if "code" in values else None)
