"""Price lists."""

from collections.abc import Collection as Keys
from typing import Any, Final

from sqlalchemy import Row, Select, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import NotFound, Taken
from commerce.core.viewer import Viewer
from commerce.pricing.models import Price, PriceList
from commerce.pricing.visibility import visible_price_lists

PriceListRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(PriceList))
BY_CODE = (SortKey(col(PriceList.code)), SortKey(col(PriceList.id)))
GROUP_KEY: Final = "fk_price_lists_customer_group_id"
NO_GROUP: Final = NotFound("There is no CustomerGroup with this id.", ("customer_group_id",))
DEFAULT_LOCK: Final = 0x707269636573  # "prices": one change of the default list at a time


class PriceListRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, PriceListRow]:
        statement = self._visible().where(among(col(PriceList.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_groups(self, ids: Keys[int]) -> dict[int, list[PriceListRow]]:
        """Of each customer group the lists that are for it alone, by code."""
        group = col(PriceList.customer_group_id)
        statement = self._visible().where(among(group, ids)).order_by(col(PriceList.code))
        found: dict[int, list[PriceListRow]] = {}
        for row in await self._uow.rows(statement):
            found.setdefault(row.customer_group_id, []).append(row)
        return found

    async def page(self, args: PageArgs) -> Page[PriceListRow]:
        """By code."""
        rows = await self._uow.rows(paged(self._visible(), BY_CODE, args))
        return page_of(rows, len(BY_CODE), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def default(self) -> PriceListRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(PriceList.is_default)))

    async def to_write_into(self, id_: int | None) -> PriceListRow | None:
        """The list (None: the default one), held so that its currency stays what it is."""
        which = col(PriceList.is_default) if id_ is None else col(PriceList.id) == id_
        return await self._uow.row(select(*COLUMNS).where(which).with_for_update(read=True))

    async def to_change(self, id_: int | None, code: str | None) -> PriceListRow | None:
        """The list with this id, else the one with this code, locked."""
        which = col(PriceList.code) == code if id_ is None else col(PriceList.id) == id_
        return await self._uow.row(select(*COLUMNS).where(which).with_for_update())

    async def has_prices(self, id_: int) -> bool:
        found: bool = await self._uow.scalar(
            select(exists().where(col(Price.price_list_id) == id_))
        )
        return found

    async def lock_default(self) -> None:
        """Until this transaction ends no other one changes which list is the default."""
        await self._uow.row(select(func.pg_advisory_xact_lock(DEFAULT_LOCK)))

    async def unset_default(self) -> None:
        await self._uow.change(
            update(PriceList)
            .where(col(PriceList.is_default))
            .values(is_default=False, version=col(PriceList.version) + 1, updated_at=func.now())
        )

    async def add(self, values: Changes) -> PriceListRow | NotFound | None:
        """A new list; None, and nothing is written, when its code or place is in use."""
        statement = insert(PriceList).values(**values).on_conflict_do_nothing().returning(*COLUMNS)
        try:
            added = await self._uow.row(statement)
        except IntegrityError as error:
            if violated_constraint(error) == GROUP_KEY:
                return NO_GROUP
            raise
        if added is not None:
            self._uow.record(Event(EventType.PRICE_LIST_CREATED, "PriceList", added.id))
        return added

    async def change(self, id_: int, changes: Changes) -> PriceListRow | Taken | NotFound:
        """The changed row of a list that is locked."""
        statement = (
            update(PriceList)
            .where(col(PriceList.id) == id_)
            .values(**changes, version=col(PriceList.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        try:
            changed = (await self._uow.rows(statement))[0]
        except IntegrityError as error:
            if violated_constraint(error) == "uq_price_lists_code":
                return Taken("Another price list has this code.", ("code",))
            if violated_constraint(error) == GROUP_KEY:
                return NO_GROUP
            raise
        data = {"changed": sorted(changes)}
        self._uow.record(Event(EventType.PRICE_LIST_UPDATED, "PriceList", id_, data))
        return changed

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_price_lists(self._viewer))
