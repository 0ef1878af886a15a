"""Which fields the store adds to its customers, and what a customer has in them."""

from typing import Any, Final

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import InUse, Invalid, NotFound, Problem, Taken
from commerce.core.text import slug_of
from commerce.customers.repository.extra_fields import ExtraFieldRepository, ExtraFieldRow
from commerce.customers.rules.extra_fields import MAX_FIELDS, definition_flaw

MISSING: Final = NotFound("There is no CustomerExtraField with this id.", ("id",))


class ExtraFieldService:
    def __init__(self, fields: ExtraFieldRepository) -> None:
        self._fields = fields

    async def page(self, args: PageArgs) -> Page[ExtraFieldRow]:
        return await self._fields.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._fields.count(limit)

    async def by_key(self) -> dict[str, ExtraFieldRow]:
        """Every field, held so that none goes while a customer's are written."""
        return await self._fields.by_key()

    async def upsert(self, id_: int | None, values: dict[str, Any]) -> ExtraFieldRow | Problem:
        """Add a field, or change the one with this id or, without an id, with this key.

        A new one without a key gets one made of its title.
        """
        cleaned = dict(values)
        if id_ is None and not cleaned.get("key"):
            cleaned["key"] = slug_of(cleaned.get("title", ""))[:64].strip("-_")
        stored = await self._fields.to_change(id_, cleaned.get("key"))
        if stored is None:
            return MISSING if id_ is not None else await self._add(cleaned)
        return await self._change(stored, cleaned)

    async def _add(self, values: dict[str, Any]) -> ExtraFieldRow | Problem:
        flaw = definition_flaw(values, new=True)
        if flaw is not None:
            return flaw
        if (await self._fields.count(MAX_FIELDS)).count >= MAX_FIELDS:
            return Invalid(f"There are at most {MAX_FIELDS} fields.", ("key",))
        added = await self._fields.add(values)
        return Taken("Another field has this key.", ("key",)) if added is None else added

    async def _change(
        self, stored: ExtraFieldRow, values: dict[str, Any]
    ) -> ExtraFieldRow | Problem:
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        flaw = definition_flaw(changes, new=False)
        if flaw is not None or not changes:
            return stored if flaw is None else flaw
        for name in ("key", "kind"):
            if name in changes and await self._fields.is_filled(stored.key):
                return InUse("Customers have values in this field.", (name,))
        return await self._fields.change(stored.id, changes)

    async def delete(self, id_: int) -> int | Problem:
        """The id of what is gone, with what customers had in it."""
        stored = await self._fields.to_change(id_, None)
        if stored is None:
            return MISSING
        await self._fields.remove(id_, stored.key)
        return id_
