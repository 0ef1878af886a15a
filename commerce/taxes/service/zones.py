"""Reading and changing tax zones, each with its areas and rates as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce.core.absent import ABSENT, Absent
from commerce.core.criteria import check_leaves
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.places import Area
from commerce.core.problems import NotFound, Problem, version_conflict
from commerce.core.text import text_flaw
from commerce.customers.rules.areas import checked_areas
from commerce.taxes.criteria import ZoneWhere
from commerce.taxes.repository.classes import TaxClassRepository
from commerce.taxes.repository.zones import Rows, TaxZoneRepository, ZoneRow
from commerce.taxes.rules.wanted import (
    MAX_NAME,
    WantedRate,
    settled_rates,
    zone_flaw,
)

MISSING: Final = NotFound("There is no tax zone with this id.", ("id",))


@dataclass(frozen=True, slots=True)
class ZoneParts:
    """All areas and all rates of a zone; what is absent stays as it is."""

    areas: Sequence[Mapping[str, Any]] | Absent = ABSENT
    rates: Sequence[WantedRate] | Absent = ABSENT


@dataclass(frozen=True, slots=True)
class _Checked:
    areas: Sequence[Area] | Absent
    rates: Sequence[WantedRate] | Absent


class TaxZoneService:
    """To be called in a transaction, which is to be rolled back when a Problem is answered."""

    def __init__(self, zones: TaxZoneRepository, classes: TaxClassRepository) -> None:
        self._zones = zones
        self._classes = classes

    async def page(self, where: ZoneWhere, args: PageArgs) -> Page[ZoneRow]:
        check_leaves(where)
        return await self._zones.page(where, args)

    async def count(self, where: ZoneWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._zones.count(where, limit)

    async def upsert(
        self,
        id_: int | None,
        values: dict[str, Any],
        parts: ZoneParts,
        expected_version: int | None = None,
    ) -> ZoneRow | Problem:
        """Add a zone, or change the one with this id or, without an id, with this name."""
        if "name" in values:
            values = {**values, "name": values["name"].strip()}
        flaw = zone_flaw(values)
        if flaw is not None:
            return flaw
        checked = _checked(parts, [row.id for row in await self._classes.held()])
        if isinstance(checked, Problem):
            return checked
        stored = await self._zones.to_change(id_, values.get("name", ""))
        if stored is not None:
            return await self._change(stored, values, checked, expected_version)
        return MISSING if id_ is not None else await self._add(values, checked)

    async def delete(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """The id it had."""
        await self._classes.held()
        stored = await self._zones.to_change(id_, "")
        if stored is None:
            return MISSING
        conflict = version_conflict("tax zone", stored.version, expected_version)
        if conflict is not None:
            return conflict
        await self._zones.remove(id_)
        return id_

    async def _add(self, values: dict[str, Any], parts: _Checked) -> ZoneRow | Problem:
        flaw = text_flaw(values.get("name", ""), MAX_NAME, "name")
        added = flaw or await self._zones.add(values)
        if isinstance(added, Problem):
            return added
        if parts.areas is not ABSENT:
            await self._zones.add_areas({added.id: parts.areas})
        if parts.rates is not ABSENT:
            await self._zones.add_rates({added.id: parts.rates})
        return added

    async def _change(
        self,
        stored: ZoneRow,
        values: dict[str, Any],
        parts: _Checked,
        expected_version: int | None,
    ) -> ZoneRow | Problem:
        conflict = version_conflict("tax zone", stored.version, expected_version)
        if conflict is not None:
            return conflict
        changes = {name: new for name, new in values.items() if new != getattr(stored, name)}
        moved = await self._put_areas(stored.id, parts.areas)
        rated = await self._put_rates(stored.id, parts.rates)
        if not (changes or moved or rated):
            return stored
        return await self._zones.change(stored.id, changes)

    async def _put_areas(self, id_: int, areas: Sequence[Area] | Absent) -> bool:
        """Whether they are others now."""
        if areas is ABSENT:
            return False
        stored = (await self._zones.areas([id_])).get(id_, ())
        if [_area(row) for row in stored] == list(areas):
            return False
        await self._zones.set_areas(id_, areas)
        return True

    async def _put_rates(self, id_: int, rates: Sequence[WantedRate] | Absent) -> bool:
        if rates is ABSENT:
            return False
        stored: Rows = (await self._zones.rates([id_])).get(id_, ())
        if [_rate(row) for row in stored] == list(rates):
            return False
        await self._zones.set_rates(id_, stored, rates)
        return True


def _checked(parts: ZoneParts, class_ids: Sequence[int]) -> _Checked | Problem:
    areas = parts.areas if parts.areas is ABSENT else checked_areas(parts.areas, "areas")
    if isinstance(areas, Problem):
        return areas
    rates = parts.rates if parts.rates is ABSENT else settled_rates(parts.rates, class_ids)
    return rates if isinstance(rates, Problem) else _Checked(areas, rates)


def _area(row: Any) -> Area:
    return Area(row.country, row.region, tuple(row.postal_codes))


def _rate(row: Any) -> WantedRate:
    return WantedRate(row.name, row.percent, row.class_id, row.compound, row.applies_to_shipping)
