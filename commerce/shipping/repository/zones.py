"""Zones and their areas."""

from collections import defaultdict
from collections.abc import Collection as Keys
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.locks import Rank
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.places import Area
from commerce.core.problems import InUse, Taken
from commerce.core.unique import row_or_taken
from commerce.core.viewer import Viewer
from commerce.shipping.models import ShippingZone, ShippingZoneArea
from commerce.shipping.visibility import visible_shipping

ZoneRow = Row[Any]
Changes = dict[str, Any]

COLUMNS: Final = tuple(columns_of(ShippingZone))
AREA: Final = tuple(columns_of(ShippingZoneArea))
BY_NAME: Final = (SortKey(func.lower(col(ShippingZone.name))), SortKey(col(ShippingZone.id)))
TAKEN: Final = {
    "uq_shipping_zones_name": Taken("Another zone has this name.", ("name",)),
    "uq_shipping_zones_external_id": Taken("Another zone has this id.", ("external_id",)),
}


class ZoneRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, ZoneRow]:
        statement = self._visible().where(among(col(ShippingZone.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[ZoneRow]:
        """By name."""
        rows = await self._uow.rows(paged(self._visible(), BY_NAME, args))
        return page_of(rows, len(BY_NAME), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def areas_by_zone(self, ids: Keys[int]) -> dict[int, Sequence[Row[Any]]]:
        """In the order they were given."""
        area = ShippingZoneArea
        statement = (
            select(*AREA)
            .where(among(col(area.zone_id), ids), visible_shipping(self._viewer))
            .order_by(col(area.zone_id), col(area.position))
        )
        found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in await self._uow.rows(statement):
            found[row.zone_id].append(row)
        return dict(found)

    async def to_change(self, id_: int | None, values: Changes) -> ZoneRow | None:
        """The zone with this id, else with the `external_id` of `values`, else with their name;
        locked.
        """
        if id_ is not None:
            which = col(ShippingZone.id) == id_
        elif values.get("external_id") is not None:
            which = col(ShippingZone.external_id) == values["external_id"]
        else:
            which = func.lower(col(ShippingZone.name)) == func.lower(values.get("name", ""))
        rows = await self._uow.locked(Rank.SETTINGS, self._visible().where(which))
        return next(iter(rows), None)

    async def add(self, values: Changes) -> ZoneRow | Taken:
        return await row_or_taken(
            self._uow, insert(ShippingZone).values(**values).returning(*COLUMNS), TAKEN
        )

    async def change(self, id_: int, changes: Changes) -> ZoneRow | Taken:
        """The changed row of a zone that is locked."""
        version = col(ShippingZone.version) + 1
        return await row_or_taken(
            self._uow,
            update(ShippingZone)
            .where(col(ShippingZone.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS),
            TAKEN,
        )

    async def cover(self, id_: int, areas: Sequence[Area]) -> None:
        """Let a zone that is locked be these areas and no others."""
        area = ShippingZoneArea
        await self._uow.change(delete(area).where(col(area.zone_id) == id_))
        rows = [
            {
                "zone_id": id_,
                "position": place,
                "country": one.country,
                "region": one.region,
                "postal_codes": list(one.postal_codes),
            }
            for place, one in enumerate(areas)
        ]
        if rows:
            await self._uow.change(insert(area).values(rows))

    async def remove(self, id_: int) -> InUse | None:
        try:
            await self._uow.change(delete(ShippingZone).where(col(ShippingZone.id) == id_))
        except IntegrityError as error:
            if violated_constraint(error) == "fk_shipping_methods_zone_id":
                return InUse("Shipping methods are for this zone: change them first.", ("id",))
            raise
        return None

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_shipping(self._viewer))
