"""Roles in SQL."""

from collections.abc import Collection as Keys
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among, violated_constraint
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import InUse, Taken
from commerce.core.viewer import Viewer
from commerce.staff.kinds import BuiltInRole
from commerce.staff.models import Role
from commerce.staff.rules.roles import BUILT_IN, names_of
from commerce.staff.visibility.members import visible_roles

RoleRow = Row[Any]

COLUMNS = tuple(columns_of(Role))
BY_ID = (SortKey(col(Role.id)),)
IS_OWNER = col(Role.built_in) == BuiltInRole.OWNER.value


class RoleRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, RoleRow]:
        statement = self._visible().where(among(col(Role.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[RoleRow]:
        """The built-in ones first."""
        rows = await self._uow.rows(paged(self._visible(), BY_ID, args))
        return page_of(rows, len(BY_ID), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def built_in(self, which: BuiltInRole) -> RoleRow | None:
        return await self._uow.row(select(*COLUMNS).where(col(Role.built_in) == which.value))

    async def ensure_built_in(self) -> None:
        """Add the built-in roles that are missing; those that are there stay as they are."""
        rows = [
            {"name": name, "built_in": which.value, "scopes": names_of(scopes)}
            for which, (name, scopes) in BUILT_IN.items()
        ]
        await self._uow.change(insert(Role).values(rows).on_conflict_do_nothing())

    async def to_give(self, id_: int) -> RoleRow | None:
        """The role, which nobody can delete until this transaction ends."""
        statement = self._visible().where(col(Role.id) == id_)
        return await self._uow.row(statement.with_for_update(key_share=True, read=True))

    async def to_change(self, id_: int) -> RoleRow | None:
        """The role, locked."""
        statement = self._visible().where(col(Role.id) == id_)
        return await self._uow.row(statement.with_for_update(key_share=True))

    async def lock_owner(self) -> None:
        """Until this transaction ends no other one takes the owner's role from anybody."""
        await self._uow.row(select(col(Role.id)).where(IS_OWNER).with_for_update(key_share=True))

    async def add(self, values: dict[str, Any]) -> RoleRow | Taken:
        statement = insert(Role).values(**values).on_conflict_do_nothing().returning(*COLUMNS)
        added = await self._uow.row(statement)
        return _taken() if added is None else added

    async def change(self, id_: int, changes: dict[str, Any]) -> RoleRow | Taken:
        """The changed row of a role that is locked."""
        statement = (
            update(Role)
            .where(col(Role.id) == id_)
            .values(**changes, version=col(Role.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        try:
            return await self._uow.row(statement)  # type: ignore[return-value]  # locked, so it is there
        except IntegrityError as error:
            if violated_constraint(error) == "uq_roles_name":
                return _taken()
            raise

    async def remove(self, id_: int) -> InUse | None:
        """Delete a role that nobody has; the database says whether that is so."""
        try:
            await self._uow.change(delete(Role).where(col(Role.id) == id_))
        except IntegrityError as error:
            if violated_constraint(error) == "fk_staff_members_role_id":
                return InUse("Staff members have this role. Give them another one first.", ("id",))
            raise
        return None

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_roles(self._viewer))


def _taken() -> Taken:
    return Taken("Another role has this name.", ("name",))
