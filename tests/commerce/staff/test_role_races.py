"""A role is not deleted under the hands of whoever gives it to somebody."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from commerce.core.pool import Database
from commerce.core.problems import InUse
from commerce.core.viewer import Scope
from commerce.staff.kinds import BuiltInRole
from commerce.staff.repository.roles import RoleRepository
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import side_by_side, transacted
from tests.support.staff import make_member, make_role

Patch = pytest.MonkeyPatch


async def given_and_deleted(database: Database, patch: Patch) -> list[Any]:
    """What comes of giving a role and deleting it at the same time."""

    async def prepared(services: Services) -> tuple[int, int]:
        await make_member(services.uow)
        member = await make_member(services.uow, "bo@shop.example", BuiltInRole.SUPPORT)
        return member, await make_role(services.uow, "Helper", Scope.READ_STOCK)

    member, role = await transacted(database, prepared)
    meeting, looked, remove = Meeting(), RoleRepository.to_give, RoleRepository.remove

    async def looks(self: RoleRepository, id_: int) -> Any:
        found = await looked(self, id_)
        await meeting.arrive()
        return found

    async def removes(self: RoleRepository, id_: int) -> Any:
        answer = await remove(self, id_)
        await meeting.arrive()
        return answer

    patch.setattr(RoleRepository, "to_give", looks)
    patch.setattr(RoleRepository, "remove", removes)
    return await side_by_side(
        database,
        [
            lambda services: services.staff_members.change(member, {"role_id": role}),
            lambda services: services.roles.remove(role),
        ],
    )


async def test_one_of_the_two_is_told_why_not(database: Database, monkeypatch: Patch) -> None:
    given, deleted = await given_and_deleted(database, monkeypatch)
    assert not isinstance(given, Exception)
    assert isinstance(deleted, InUse) or getattr(given, "code", "") == "NOT_FOUND"


async def test_without_the_lock_giving_it_would_fail_in_the_database(
    database: Database, monkeypatch: Patch
) -> None:
    async def unlocked(self: RoleRepository, id_: int) -> Any:
        return (await self.by_ids([id_])).get(id_)

    monkeypatch.setattr(RoleRepository, "to_give", unlocked)
    given, _ = await given_and_deleted(database, monkeypatch)
    assert isinstance(given, IntegrityError)
