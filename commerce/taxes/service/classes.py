"""Reading and changing tax classes."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.core.criteria import check_leaves
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import slug_of, text_flaw
from commerce.taxes.criteria import ClassWhere
from commerce.taxes.repository.classes import ClassRow, TaxClassRepository
from commerce.taxes.rules.wanted import MAX_CLASSES, MAX_NAME, class_flaw

MISSING: Final = NotFound("There is no tax class with this id.", ("id",))
KEYS: Final = ("external_id", "code")


class TaxClassService:
    def __init__(self, classes: TaxClassRepository) -> None:
        self._classes = classes

    async def page(self, where: ClassWhere, args: PageArgs) -> Page[ClassRow]:
        check_leaves(where)
        return await self._classes.page(where, args)

    async def count(self, where: ClassWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._classes.count(where, limit)

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> ClassRow | Problem:
        """Add a class, or change the one with this id or, without an id, with this external id or,
        without that too, with this code. Only the given values are written; a new class without a
        code gets one made of its name.
        """
        cleaned = _cleaned(values)
        flaw = class_flaw(cleaned)
        if flaw is not None:
            return flaw
        every = await self._classes.held()
        stored = _stored(every, id_, cleaned)
        if stored is not None:
            return await self._change(stored, cleaned, expected_version)
        return MISSING if id_ is not None else await self._add(every, cleaned)

    async def delete(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """The id it had; its products are of the default class from then on."""
        stored = _stored(await self._classes.held(), id_, {})
        if stored is None:
            return MISSING
        if stored.is_default:
            return Invalid("The default class stays: make another one the default.", ("id",))
        conflict = version_conflict("tax class", stored.version, expected_version)
        if conflict is not None:
            return conflict
        await self._classes.remove(id_)
        return id_

    async def _add(self, every: Sequence[ClassRow], values: dict[str, Any]) -> ClassRow | Problem:
        if len(every) >= MAX_CLASSES:
            return Invalid(f"A store has at most {MAX_CLASSES} tax classes.")
        values = {"code": slug_of(values.get("name", "")), **values}
        flaw = text_flaw(values.get("name", ""), MAX_NAME, "name") or class_flaw(values)
        if flaw is not None:
            return flaw
        if values.get("is_default"):
            await self._classes.no_default()
        return await self._classes.add(values)

    async def _change(
        self, stored: ClassRow, values: dict[str, Any], expected_version: int | None
    ) -> ClassRow | Problem:
        conflict = version_conflict("tax class", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        if not changes:
            return stored
        if changes.get("is_default") is False:
            return Invalid("Make another class the default one.", ("is_default",))
        if changes.get("is_default"):
            await self._classes.no_default()
        return await self._classes.change(stored.id, changes)


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    return {name: new.strip() if isinstance(new, str) else new for name, new in values.items()}


def _stored(every: Sequence[ClassRow], id_: int | None, values: dict[str, Any]) -> ClassRow | None:
    """By id, else by external id, else by code."""
    for name, wanted in (("id", id_), *((name, values.get(name)) for name in KEYS)):
        if wanted is not None:
            return next((row for row in every if getattr(row, name) == wanted), None)
    return None
