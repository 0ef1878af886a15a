"""Staff as identity knows them: who signs in with which password, and may do what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer, ViewerKind
from commerce.identity.models import Session
from commerce.identity.ports import Account, SignedIn
from commerce.identity.repository.sessions import live
from commerce.staff.models import Role, StaffMember
from commerce.staff.repository.members import ACCEPTED, same_email
from commerce.staff.rules.roles import scopes_of_role

ACCOUNT = (
    col(StaffMember.id),
    col(StaffMember.email),
    col(StaffMember.password_hash),
    col(StaffMember.active),
    col(StaffMember.accepted_at),
    col(StaffMember.locale),
    col(StaffMember.name),
)


class StaffAccounts:
    """Implements identity's `Accounts`. There is no viewer yet: it is about to be found out."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_email(self, email: str) -> Account | None:
        return await self._account(same_email(email))

    async def by_id(self, id_: int) -> Account | None:
        return await self._account(col(StaffMember.id) == id_)

    async def confirm(self, id_: int, password_hash: str, at: datetime) -> bool:
        statement = (
            update(StaffMember)
            .where(_active(id_), col(StaffMember.password_hash) == password_hash)
            .values(last_sign_in_at=at)
        )
        return await self._uow.change(statement) == 1

    async def store_password(
        self,
        id_: int,
        new_hash: str,
        at: datetime,
        *,
        replacing: str | None,
        by_mail: bool = False,
    ) -> bool:
        stored = col(StaffMember.password_hash)
        statement = (
            update(StaffMember)
            .where(_active(id_), stored.is_not_distinct_from(replacing))
            .values(password_hash=new_hash, updated_at=at)
        )
        return await self._uow.change(statement) == 1

    async def signed_in(self, session_id: int, at: datetime) -> SignedIn | None:
        statement = (
            select(
                col(StaffMember.id),
                col(Role.built_in),
                col(Role.scopes),
                col(Session.last_used_at),
            )
            .join(StaffMember, col(StaffMember.id) == col(Session.staff_id))
            .join(Role, col(Role.id) == col(StaffMember.role_id))
            .where(col(Session.id) == session_id, live(at), col(StaffMember.active))
        )
        row = await self._uow.row(statement)
        return None if row is None else SignedIn(_viewer(row, session_id), row.last_used_at)

    async def viewer(self, id_: int) -> Viewer | None:
        statement = (
            select(col(StaffMember.id), col(Role.built_in), col(Role.scopes))
            .join(Role, col(Role.id) == col(StaffMember.role_id))
            .where(_active(id_))
        )
        row = await self._uow.row(statement)
        return None if row is None else _viewer(row, None)

    async def _account(self, which: ColumnElement[bool]) -> Account | None:
        row = await self._uow.row(select(*ACCOUNT).where(which))
        if row is None:
            return None
        active = row.active and row.accepted_at is not None
        return Account(row.id, row.email, row.password_hash, active, row.locale, row.name)


def _active(id_: int) -> ColumnElement[bool]:
    return (col(StaffMember.id) == id_) & col(StaffMember.active) & ACCEPTED


def _viewer(row: Row[Any], session_id: int | None) -> Viewer:
    scopes = scopes_of_role(row.built_in, row.scopes)
    return Viewer(ViewerKind.STAFF, row.id, scopes, session_id=session_id)
