"""Reading and changing stock locations."""

from typing import Any, Final

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, Taken, version_conflict
from commerce.core.text import slug_flaw, slug_of, text_flaw
from commerce.inventory.repository.locations import LocationRepository, LocationRow
from commerce.inventory.rules.stock import LocationFilter

MAX_NAME: Final = 200
DEFAULT_CODE: Final = "default"


class LocationService:
    def __init__(self, locations: LocationRepository) -> None:
        self._locations = locations

    async def page(self, where: LocationFilter, args: PageArgs) -> Page[LocationRow]:
        return await self._locations.page(where, args)

    async def count(self, where: LocationFilter, limit: int | None) -> Count:
        return await self._locations.count(where, limit)

    async def ensure_default(self) -> LocationRow:
        """The default location, made when there is none yet.

        Safe to call from several processes at once: the database lets one of them add it.
        """
        for code in (DEFAULT_CODE, f"{DEFAULT_CODE}-location"):
            found = await self._locations.default()
            if found is not None:
                return found
            added = await self._locations.add({"code": code, "name": "Default", "is_default": True})
            if added is not None:
                return added
        found = await self._locations.default()
        if found is None:
            raise RuntimeError(f"other locations have the codes {DEFAULT_CODE} and {code}")
        return found

    async def upsert(
        self, id_: int | None, values: dict[str, Any], expected_version: int | None = None
    ) -> LocationRow | Problem:
        """Add a location, or change the one with this id or, without an id, with this code.

        Only the given values are written. Making one the default one takes that from another.
        """
        cleaned = dict(values)
        if id_ is None and not cleaned.get("code"):
            cleaned["code"] = slug_of(cleaned.get("name") or "")
        if cleaned.get("is_default"):
            await self._locations.lock_default()
        stored = await self._locations.to_change(id_, cleaned.get("code"))
        if stored is None:
            return await self._add(id_, cleaned)
        return await self._change(stored, cleaned, expected_version)

    async def _add(self, id_: int | None, values: dict[str, Any]) -> LocationRow | Problem:
        if id_ is not None:
            return NotFound("There is no stock location with this id.", ("id",))
        flaw = _flaw({"name": "", **values}, values)
        if flaw is not None:
            return flaw
        if values.get("is_default"):
            await self._locations.unset_default()
        added = await self._locations.add(values)
        return Taken("Another stock location has this code.", ("code",)) if added is None else added

    async def _change(
        self, stored: LocationRow, values: dict[str, Any], expected_version: int | None
    ) -> LocationRow | Problem:
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        conflict = version_conflict("stock location", stored.version, expected_version)
        if conflict is not None:
            return conflict
        if changes.get("is_default") is False:
            return Invalid("Make another location the default one instead.", ("is_default",))
        flaw = _flaw(changes, {**stored._mapping, **changes})
        if flaw is not None or not changes:
            return stored if flaw is None else flaw
        if changes.get("is_default"):
            await self._locations.unset_default()
        return await self._locations.change(stored.id, changes)


def _flaw(changes: dict[str, Any], whole: dict[str, Any]) -> Invalid | None:
    """What is wrong with `changes`, or with the `whole` they lead to."""
    if "name" in changes:
        flaw = text_flaw(changes["name"], MAX_NAME, "name")
        if flaw is not None:
            return flaw
    if "code" in changes:
        flaw = slug_flaw(changes["code"], "code")
        if flaw is not None:
            return flaw
    if whole.get("is_default") and whole.get("active") is False:
        return Invalid("The default location cannot be inactive.", ("active",))
    return None
