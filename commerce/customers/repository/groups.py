"""Customer groups."""

from collections.abc import Collection as Keys
from typing import Any, Final

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.events import Event, EventType
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import InUse, Taken
from commerce.core.unique import row_or_taken
from commerce.core.viewer import Viewer
from commerce.customers.criteria import GroupWhere
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.models import Customer, CustomerGroup
from commerce.customers.repository.group_filters import conditions
from commerce.customers.visibility import visible_groups

GroupRow = Row[Any]
Changes = dict[str, Any]

COLUMNS = tuple(columns_of(CustomerGroup))
BY_ID = (SortKey(col(CustomerGroup.id)),)
TAKEN = {
    "uq_customer_groups_name": Taken("Another group has this name.", ("name",)),
    "uq_customer_groups_external_id": Taken("Another group has this id.", ("external_id",)),
}

GROUP: Final = "CustomerGroup"


class GroupRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, GroupRow]:
        statement = self._visible().where(among(col(CustomerGroup.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def by_external_id(self, external_id: str) -> GroupRow | None:
        named = col(CustomerGroup.external_id) == external_id
        return await self._uow.row(self._visible().where(named))

    async def page(self, where: GroupWhere, args: PageArgs) -> Page[GroupRow]:
        """The built-in one first, then in the order of adding."""
        found = self._visible().where(*conditions(where))
        rows = await self._uow.rows(paged(found, BY_ID, args, filtered=where != GroupWhere()))
        return page_of(rows, len(BY_ID), args)

    async def count(self, where: GroupWhere, limit: int | None) -> Count:
        found = self._visible().where(*conditions(where))
        return count_of(await self._uow.scalar(counted(found, limit)), limit)

    async def to_change(self, id_: int | None, values: Changes) -> GroupRow | None:
        """The group with this id, else with the `external_id` of `values`, else with their name;
        locked.
        """
        if id_ is not None:
            which = col(CustomerGroup.id) == id_
        elif values.get("external_id") is not None:
            which = col(CustomerGroup.external_id) == values["external_id"]
        else:
            which = func.lower(col(CustomerGroup.name)) == func.lower(values.get("name", ""))
        return await self._uow.row(select(*COLUMNS).where(which).with_for_update())

    async def ensure_general(self) -> None:
        values = {"id": GENERAL_GROUP, "name": "General"}
        await self._uow.change(insert(CustomerGroup).values(**values).on_conflict_do_nothing())

    async def add(self, values: Changes) -> GroupRow | Taken:
        statement = insert(CustomerGroup).values(**values).returning(*COLUMNS)
        added = await row_or_taken(self._uow, statement, TAKEN)
        if not isinstance(added, Taken):
            self._uow.record(Event(EventType.CUSTOMER_GROUP_CREATED, GROUP, added.id))
        return added

    async def change(self, id_: int, changes: Changes) -> GroupRow | Taken:
        """The changed row of a group that is locked."""
        version = col(CustomerGroup.version) + 1
        changed = await row_or_taken(
            self._uow,
            update(CustomerGroup)
            .where(col(CustomerGroup.id) == id_)
            .values(**changes, version=version, updated_at=func.now())
            .returning(*COLUMNS),
            TAKEN,
        )
        if not isinstance(changed, Taken):
            data = {"changed": sorted(changes)}
            self._uow.record(Event(EventType.CUSTOMER_GROUP_UPDATED, GROUP, id_, data))
        return changed

    async def dissolve(self, id_: int) -> int | InUse:
        """Delete a group that is locked; how many customers went to the built-in one."""
        moved = await self._uow.change(
            update(Customer)
            .where(col(Customer.group_id) == id_)
            .values(
                group_id=GENERAL_GROUP, version=col(Customer.version) + 1, updated_at=func.now()
            )
        )
        try:
            await self._uow.change(delete(CustomerGroup).where(col(CustomerGroup.id) == id_))
        except IntegrityError as error:
            if (violated_constraint(error) or "").startswith("fk_"):
                return InUse("A price list is for this group: change it first.", ("id",))
            raise
        self._uow.record(Event(EventType.CUSTOMER_GROUP_DELETED, GROUP, id_, {"moved": moved}))
        return moved

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_groups(self._viewer))
