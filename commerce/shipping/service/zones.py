"""Reading and changing shipping zones."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.core.paging import Count, Page, PageArgs
from commerce.core.places import Area
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.text import text_flaw
from commerce.customers.rules.areas import checked_areas
from commerce.shipping.repository.zones import ZoneRepository, ZoneRow
from commerce.shipping.rules.zones import MAX_NAME, zone_flaw

MISSING: Final = NotFound("There is no shipping zone with this id.", ("id",))


class ZoneService:
    def __init__(self, zones: ZoneRepository) -> None:
        self._zones = zones

    async def page(self, args: PageArgs) -> Page[ZoneRow]:
        return await self._zones.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._zones.count(limit)

    async def upsert(
        self,
        id_: int | None,
        values: dict[str, Any],
        areas: Sequence[Mapping[str, Any]] | None,
        expected_version: int | None = None,
    ) -> ZoneRow | Problem:
        """Add a zone, or change the one with this id or, without an id, with this external id or,
        without that too, with this name. Only the given values are written; `areas` None keeps
        what the zone covers.
        """
        cleaned = {name: new.strip() if new else new for name, new in values.items()}
        wanted = None if areas is None else checked_areas(areas, "areas")
        if isinstance(wanted, Invalid):
            return wanted
        flaw = zone_flaw(cleaned)
        if flaw is not None:
            return flaw
        stored = await self._zones.to_change(id_, cleaned)
        if stored is not None:
            return await self._change(stored, cleaned, wanted, expected_version)
        return MISSING if id_ is not None else await self._add(cleaned, wanted or [])

    async def delete(self, id_: int, expected_version: int | None = None) -> Problem | None:
        stored = await self._zones.to_change(id_, {})
        if stored is None:
            return MISSING
        conflict = version_conflict("zone", stored.version, expected_version)
        return conflict or await self._zones.remove(id_)

    async def _add(self, values: dict[str, Any], areas: list[Area]) -> ZoneRow | Problem:
        flaw = text_flaw(values.get("name", ""), MAX_NAME, "name")
        if flaw is not None:
            return flaw
        added = await self._zones.add(values)
        if not isinstance(added, Problem):
            await self._zones.cover(added.id, areas)
        return added

    async def _change(
        self,
        stored: ZoneRow,
        values: dict[str, Any],
        areas: list[Area] | None,
        expected_version: int | None,
    ) -> ZoneRow | Problem:
        conflict = version_conflict("zone", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        moved = areas is not None and areas != await self._areas(stored.id)
        if not changes and not moved:
            return stored
        changed = await self._zones.change(stored.id, changes)
        if moved and not isinstance(changed, Problem):
            await self._zones.cover(stored.id, areas or [])
        return changed

    async def _areas(self, id_: int) -> list[Area]:
        rows = (await self._zones.areas_by_zone([id_])).get(id_, ())
        return [Area(row.country, row.region, tuple(row.postal_codes)) for row in rows]
