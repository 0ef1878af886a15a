"""People who work on the store."""

from functools import cache
from typing import Any

from argon2 import PasswordHasher, Type
from sqlalchemy import insert, select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM, Scope, Viewer, ViewerKind
from commerce.identity.kinds import Audience, Holder
from commerce.identity.passwords import MEMORY_KIB
from commerce.identity.service.sessions import IssuedSession
from commerce.staff.kinds import BuiltInRole
from commerce.staff.models import Role, StaffMember
from commerce.staff.rules.roles import scopes_of_role
from commerce.wiring import Services
from tests.support.services import PORTS

PASSWORD = "correct horse battery"


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`, made once with today's parameters."""
    return PasswordHasher(2, MEMORY_KIB, 1, type=Type.ID).hash(PASSWORD)


async def role_id_of(uow: UnitOfWork, which: BuiltInRole) -> int:
    return int(await uow.scalar(select(col(Role.id)).where(col(Role.built_in) == which.value)))


async def make_role(uow: UnitOfWork, name: str, *scopes: Scope) -> int:
    stored = insert(Role).values(name=name, scopes=[scope.value for scope in scopes])
    return int(await uow.scalar(stored.returning(col(Role.id))))


async def make_member(
    uow: UnitOfWork,
    email: str = "ada@shop.example",
    role: BuiltInRole | int = BuiltInRole.OWNER,
    **values: Any,
) -> int:
    """The id of a member who has accepted, with `PASSWORD`."""
    role_id = role if isinstance(role, int) else await role_id_of(uow, role)
    given = {
        "email": email,
        "name": email.partition("@")[0].title(),
        "role_id": role_id,
        "password_hash": password_hash(),
        "accepted_at": system_clock(),
    } | values
    return int(await uow.scalar(insert(StaffMember).values(**given).returning(col(StaffMember.id))))


async def viewer_of(uow: UnitOfWork, member_id: int, session_id: int | None = None) -> Viewer:
    """The member as the server knows them."""
    statement = (
        select(col(Role.built_in), col(Role.scopes))
        .join(StaffMember, col(StaffMember.role_id) == col(Role.id))
        .where(col(StaffMember.id) == member_id)
    )
    row = await uow.row(statement)
    assert row is not None
    scopes = scopes_of_role(row.built_in, row.scopes)
    return Viewer(ViewerKind.STAFF, member_id, scopes, session_id=session_id)


async def open_session(uow: UnitOfWork, member_id: int) -> IssuedSession:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    return await services.sessions.open(Holder(Audience.STAFF, member_id))
