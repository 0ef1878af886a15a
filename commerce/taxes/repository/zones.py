"""Tax zones with their areas and rates."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    Numeric,
    Row,
    Select,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.core.arrays import table_of
from commerce.core.columns import columns_of
from commerce.core.comparisons import text_is
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.places import Area
from commerce.core.problems import Taken
from commerce.core.viewer import Viewer
from commerce.taxes.criteria import ZoneWhere
from commerce.taxes.models import TaxRate, TaxZone, TaxZoneArea
from commerce.taxes.rules.wanted import WantedRate
from commerce.taxes.visibility import visible_zones

ZoneRow = Row[Any]
Rows = Sequence[Row[Any]]
Changes = dict[str, Any]

COLUMNS: Final = tuple(columns_of(TaxZone))
AREA: Final = tuple(columns_of(TaxZoneArea))
RATE: Final = tuple(columns_of(TaxRate))
BY_PRIORITY: Final = (SortKey(col(TaxZone.priority), descending=True), SortKey(col(TaxZone.id)))
# What of a rate changes while it stays the same one.
SAID: Final[Mapping[str, TypeEngine[Any]]] = {
    "percent": Numeric(9, 6),
    "compound": Boolean(),
    "applies_to_shipping": Boolean(),
}
TAKEN: Final = Taken("Another tax zone has this name.", ("name",))


class TaxZoneRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, ZoneRow]:
        statement = self._visible().where(among(col(TaxZone.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, where: ZoneWhere, args: PageArgs) -> Page[ZoneRow]:
        """The highest priority first, then in the order of adding."""
        found = self._matching(where)
        rows = await self._uow.rows(paged(found, BY_PRIORITY, args, filtered=where != ZoneWhere()))
        return page_of(rows, len(BY_PRIORITY), args)

    async def count(self, where: ZoneWhere, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._matching(where), limit)), limit)

    async def areas(self, zone_ids: Keys[int]) -> dict[int, Rows]:
        """Those of each zone, in its order."""
        owner = col(TaxZoneArea.zone_id)
        order = (owner, col(TaxZoneArea.position), col(TaxZoneArea.id))
        statement = select(*AREA).where(among(owner, zone_ids)).order_by(*order)
        return _by_zone(await self._uow.rows(statement))

    async def rates(self, zone_ids: Keys[int]) -> dict[int, Rows]:
        """Those of each zone, in its order."""
        owner = col(TaxRate.zone_id)
        order = (owner, col(TaxRate.position), col(TaxRate.id))
        statement = select(*RATE).where(among(owner, zone_ids)).order_by(*order)
        return _by_zone(await self._uow.rows(statement))

    async def to_change(self, id_: int | None, name: str) -> ZoneRow | None:
        """The zone with this id, else the one with this name; locked."""
        named = func.lower(col(TaxZone.name)) == func.lower(name)
        which = named if id_ is None else col(TaxZone.id) == id_
        rows = await self._uow.locked(Rank.SETTINGS, select(*COLUMNS).where(which))
        return rows[0] if rows else None

    async def add(self, values: Changes) -> ZoneRow | Taken:
        return await self._written(insert(TaxZone).values(**values).returning(*COLUMNS))

    async def add_missing(self, names: Sequence[str]) -> Rows:
        """Zones with these names, those apart that are there already."""
        rows = [{"name": name} for name in names]
        new = insert(TaxZone).values(rows).on_conflict_do_nothing()
        return await self._uow.rows(new.returning(*COLUMNS))

    async def named(self, names: Sequence[str]) -> Rows:
        wanted = [name.lower() for name in names]
        statement = select(*COLUMNS).where(func.lower(col(TaxZone.name)).in_(wanted))
        return await self._uow.rows(statement.order_by(col(TaxZone.name)))

    async def change(self, id_: int, changes: Changes) -> ZoneRow | Taken:
        """The changed row of a zone that is locked."""
        return await self._written(
            update(TaxZone)
            .where(col(TaxZone.id) == id_)
            .values(**changes, version=col(TaxZone.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )

    async def remove(self, id_: int) -> None:
        await self._uow.change(delete(TaxZone).where(col(TaxZone.id) == id_))

    async def set_areas(self, zone_id: int, areas: Sequence[Area]) -> None:
        await self._uow.change(delete(TaxZoneArea).where(col(TaxZoneArea.zone_id) == zone_id))
        await self.add_areas({zone_id: areas})

    async def add_areas(self, areas: Mapping[int, Sequence[Area]]) -> None:
        rows = [
            {
                "zone_id": zone_id,
                "position": place,
                "country": area.country,
                "region": area.region,
                "postal_codes": list(area.postal_codes),
            }
            for zone_id, some in areas.items()
            for place, area in enumerate(some)
        ]
        if rows:
            await self._uow.change(insert(TaxZoneArea).values(rows))

    async def set_rates(self, zone_id: int, stored: Rows, wanted: Sequence[WantedRate]) -> None:
        """Rates keep their ids while class and name are the same: orders know them by these."""
        known = {(row.class_id, row.name): row.id for row in stored}
        kept = {known[rate.key] for rate in wanted if rate.key in known}
        gone = [row.id for row in stored if row.id not in kept]
        if gone:
            await self._uow.change(delete(TaxRate).where(among(col(TaxRate.id), gone)))
        await self._change_rates(
            [
                (known[rate.key], place, *_said(rate))
                for place, rate in enumerate(wanted)
                if rate.key in known
            ]
        )
        await self.add_rates({zone_id: wanted}, known)

    async def add_rates(
        self, rates: Mapping[int, Sequence[WantedRate]], known: Keys[Any] = ()
    ) -> None:
        """Those that are not `known` already, each in its place among all."""
        rows = [
            {
                "zone_id": zone_id,
                "position": place,
                "class_id": rate.class_id,
                "name": rate.name,
                **dict(zip(SAID, _said(rate), strict=True)),
            }
            for zone_id, some in rates.items()
            for place, rate in enumerate(some)
            if rate.key not in known
        ]
        if rows:
            await self._uow.change(insert(TaxRate).values(rows))

    async def _change_rates(self, rates: Sequence[tuple[Any, ...]]) -> None:
        """(id, position, ...) as `SAID` names the rest, in one statement."""
        if not rates:
            return
        types: dict[str, TypeEngine[Any]] = {"id": BigInteger(), "position": Integer(), **SAID}
        given = table_of("given", types, rates)
        await self._uow.change(
            update(TaxRate)
            .where(col(TaxRate.id) == given.c.id)
            .values({name: given.c[name] for name in ("position", *SAID)})
        )

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_zones(self._viewer))

    def _matching(self, where: ZoneWhere) -> Select[Any]:
        found = self._visible()
        if where.ids is not None:
            found = found.where(among(col(TaxZone.id), where.ids))
        if where.name is not None:
            found = found.where(text_is(col(TaxZone.name), where.name))
        if where.country is not None:
            there = select(col(TaxZoneArea.zone_id)).where(
                col(TaxZoneArea.country) == where.country
            )
            found = found.where(col(TaxZone.id).in_(there))
        return found

    async def _written(self, statement: Any) -> ZoneRow | Taken:
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # new, or locked
        except IntegrityError as error:
            if violated_constraint(error) != "uq_tax_zones_name":
                raise
            return TAKEN


def _said(rate: WantedRate) -> tuple[Decimal, bool, bool]:
    """In the order of `SAID`."""
    return rate.percent, rate.compound, rate.applies_to_shipping


def _by_zone(rows: Rows) -> dict[int, Rows]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.zone_id].append(row)
    return dict(found)
