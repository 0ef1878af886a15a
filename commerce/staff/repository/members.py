"""Staff members in SQL. No password's hash is among the columns."""

from collections.abc import Collection as Keys
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork, among
from commerce.core.keyset import SortKey, count_of, counted, page_of, paged
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.viewer import Viewer
from commerce.staff.models import Role, StaffMember
from commerce.staff.repository.roles import IS_OWNER
from commerce.staff.visibility.members import visible_staff

MemberRow = Row[Any]
Changes = dict[str, Any]

SECRET = frozenset({"password_hash"})
COLUMNS = tuple(column for column in columns_of(StaffMember) if column.name not in SECRET)
# What a member may do comes with the row that is to be changed.
RIGHTS = (col(Role.built_in), col(Role.scopes))
BY_NAME = (SortKey(col(StaffMember.name)), SortKey(col(StaffMember.id)))
ACCEPTED = col(StaffMember.accepted_at).is_not(None)


def same_email(email: str) -> ColumnElement[bool]:
    return func.lower(col(StaffMember.email)) == email.lower()


class StaffMemberRepository:
    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self._uow = uow
        self._viewer = viewer

    async def by_ids(self, ids: Keys[int]) -> dict[int, MemberRow]:
        statement = self._visible().where(among(col(StaffMember.id), ids))
        return {row.id: row for row in await self._uow.rows(statement)}

    async def page(self, args: PageArgs) -> Page[MemberRow]:
        """By name."""
        rows = await self._uow.rows(paged(self._visible(), BY_NAME, args))
        return page_of(rows, len(BY_NAME), args)

    async def count(self, limit: int | None) -> Count:
        return count_of(await self._uow.scalar(counted(self._visible(), limit)), limit)

    async def to_change(self, id_: int) -> MemberRow | None:
        """The member with the role's rights, locked."""
        return await self._locked(col(StaffMember.id) == id_)

    async def to_change_by_email(self, email: str) -> MemberRow | None:
        return await self._locked(same_email(email))

    async def add(self, values: Changes) -> MemberRow | None:
        """A new member; None, and nothing is written, when the address is somebody else's."""
        statement = (
            insert(StaffMember).values(**values).on_conflict_do_nothing().returning(*COLUMNS)
        )
        return await self._uow.row(statement)

    async def change(self, id_: int, changes: Changes) -> MemberRow:
        """The changed row of a member who is locked."""
        statement = (
            update(StaffMember)
            .where(col(StaffMember.id) == id_)
            .values(**changes, version=col(StaffMember.version) + 1, updated_at=func.now())
            .returning(*COLUMNS)
        )
        return await self._uow.row(statement)  # type: ignore[return-value]  # locked, so it is there

    async def accept(self, id_: int, values: Changes, at: datetime) -> MemberRow | None:
        """Take up an open invitation; None when it is not open any more."""
        statement = (
            update(StaffMember)
            .where(col(StaffMember.id) == id_, ~ACCEPTED, col(StaffMember.active))
            .values(
                **values,
                accepted_at=at,
                version=col(StaffMember.version) + 1,
                updated_at=func.now(),
            )
            .returning(*COLUMNS)
        )
        return await self._uow.row(statement)

    async def withdraw(self, id_: int) -> int:
        """Delete an invitation that was not accepted: how many there were."""
        open_one = (col(StaffMember.id) == id_, ~ACCEPTED)
        return await self._uow.change(delete(StaffMember).where(*open_one))

    async def has_other_owner(self, id_: int) -> bool:
        """Whether another owner can sign in."""
        statement = (
            select(col(StaffMember.id))
            .join(Role, col(Role.id) == col(StaffMember.role_id))
            .where(IS_OWNER, ACCEPTED, col(StaffMember.active), col(StaffMember.id) != id_)
            .limit(1)
        )
        return await self._uow.scalar(statement) is not None

    async def _locked(self, which: ColumnElement[bool]) -> MemberRow | None:
        statement = (
            select(*COLUMNS, *RIGHTS)
            .join(Role, col(Role.id) == col(StaffMember.role_id))
            .where(which, visible_staff(self._viewer))
            .with_for_update(key_share=True, of=StaffMember)
        )
        return await self._uow.row(statement)

    def _visible(self) -> Select[Any]:
        return select(*COLUMNS).where(visible_staff(self._viewer))
