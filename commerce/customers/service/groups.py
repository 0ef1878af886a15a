"""Reading and changing customer groups."""

from typing import Any, Final

from commerce.core.criteria import check_leaves
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import text_flaw
from commerce.customers.criteria import GroupWhere
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.repository.groups import GroupRepository, GroupRow
from commerce.customers.rules.minimums import minimum_flaw

MAX_NAME: Final = 200
MISSING: Final = NotFound("There is no customer group with this id.", ("id",))


class GroupService:
    def __init__(self, groups: GroupRepository) -> None:
        self._groups = groups

    async def page(self, where: GroupWhere, args: PageArgs) -> Page[GroupRow]:
        check_leaves(where)
        return await self._groups.page(where, args)

    async def count(self, where: GroupWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._groups.count(where, limit)

    async def by_external_id(self, external_id: str) -> GroupRow | None:
        check_leaves(external_id)
        return await self._groups.by_external_id(external_id)

    async def ensure_general(self) -> None:
        """The group of everybody who is in no other one; safe to call at any time."""
        await self._groups.ensure_general()

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> GroupRow | Problem:
        """Add a group, or change the one with this id or, without an id, with this external id or,
        without that too, with this name. Only the given values are written.
        """
        texts = {name: new.strip() for name, new in values.items() if isinstance(new, str)}
        cleaned = values | texts
        flaw = _flaw(cleaned) or minimum_flaw(cleaned)
        if flaw is not None:
            return flaw
        stored = await self._groups.to_change(id_, cleaned)
        if stored is None and id_ is not None:
            return MISSING
        if stored is None:
            return text_flaw(cleaned.get("name", ""), MAX_NAME, "name") or await self._groups.add(
                cleaned
            )
        return await self._change(stored, cleaned, expected_version)

    async def _change(
        self, stored: GroupRow, values: dict[str, Any], expected_version: int | None
    ) -> GroupRow | Problem:
        conflict = version_conflict("group", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        return await self._groups.change(stored.id, changes) if changes else stored

    async def delete(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """How many customers went to the built-in group, which itself stays."""
        if id_ == GENERAL_GROUP:
            return Invalid("The built-in group cannot be deleted.", ("id",))
        stored = await self._groups.to_change(id_, {})
        if stored is None:
            return MISSING
        conflict = version_conflict("group", stored.version, expected_version)
        return conflict or await self._groups.dissolve(id_)


def _flaw(values: dict[str, Any]) -> Invalid | None:
    for name in ("name", "external_id"):
        if values.get(name) is not None:
            flaw = text_flaw(values[name], MAX_NAME, name)
            if flaw is not None:
                return flaw
    return None
