"""Stock locations."""

from collections.abc import Collection as Keys
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Taken
from commerce.core.viewer import Viewer
from commerce.inventory.models import StockLocation
from commerce.inventory.rules.stock import LocationFilter
from commerce.inventory.visibility import visible_stock

LocationRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(StockLocation))
BY_CODE = (SortKey(col(StockLocation.code)), SortKey(col(StockLocation.id)))
DEFAULT_LOCK: Final = 0x73746F636B  # "stock": one change of the default location at a time


class LocationRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, LocationRow]:
        statement = self._visible().where(among(col(StockLocation.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, where: LocationFilter, args: PageArgs) -> Page[LocationRow]:
        """By code."""
        rows = await self._uow.rows(paged(self._matching(where), BY_CODE, args))
        return page_of(rows, len(BY_CODE), args)

    async def count(self, where: LocationFilter, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._matching(where), limit)), limit)

    async def default(self) -> LocationRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(StockLocation.is_default)))

    async def named(self, ids: Keys[int]) -> dict[int | None, int]:
        """Each of `ids` that there is, as itself, and None as the default location."""
        which = or_(among(col(StockLocation.id), ids), col(StockLocation.is_default))
        found: dict[int | None, int] = {}
        columns = (col(StockLocation.id), col(StockLocation.is_default))
        for row in await self._uow.rows(select(*columns).where(which)):
            found[row.id] = row.id
            if row.is_default:
                found[None] = row.id
        return found

    async def to_change(self, id_: int | None, code: str | None) -> LocationRow | None:
        """The location with this id, else the one with this code, locked."""
        which = col(StockLocation.code) == code if id_ is None else col(StockLocation.id) == id_
        return await self._uow.row(select(*COLUMNS).where(which).with_for_update())

    async def lock_default(self) -> None:
        """Until this transaction ends no other one changes which location is the default."""
        await self._uow.row(select(func.pg_advisory_xact_lock(DEFAULT_LOCK)))

    async def unset_default(self) -> None:
        version = col(StockLocation.version) + 1
        await self._uow.change(
            update(StockLocation)
            .where(col(StockLocation.is_default))
            .values(is_default=False, version=version, updated_at=func.now())
        )

    async def add(self, values: Changes) -> LocationRow | None:
        """A new location; None, and nothing is written, when its code or place is in use."""
        statement = (
            insert(StockLocation).values(**values).on_conflict_do_nothing().returning(*COLUMNS)
        )
        added = await self._uow.row(statement)
        if added is not None:
            self._uow.record(Event(EventType.STOCK_LOCATION_CREATED, "StockLocation", added.id))
        return added

    async def change(self, id_: int, changes: Changes) -> LocationRow | Taken:
        """The changed row of a location that is locked."""
        version = col(StockLocation.version) + 1
        statement = (
            update(StockLocation)
            .where(col(StockLocation.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS)
        )
        try:
            changed = (await self._uow.rows(statement))[0]
        except IntegrityError as error:
            if violated_constraint(error) == "uq_stock_locations_code":
                return Taken("Another stock location has this code.", ("code",))
            raise
        data = {"changed": sorted(changes)}
        self._uow.record(Event(EventType.STOCK_LOCATION_UPDATED, "StockLocation", id_, data))
        return changed

    def _matching(self, where: LocationFilter) -> Select[Any]:
        if where.active is None:
            return self._visible()
        return self._visible().where(col(StockLocation.active).is_(where.active))

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_stock(self._viewer))
