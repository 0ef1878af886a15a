"""A store keeps an owner, also when two of them go at the same time."""

import pytest
from sqlalchemy import text

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.staff.kinds import BuiltInRole
from commerce.staff.problems import LastOwner
from commerce.staff.repository.members import StaffMemberRepository
from commerce.staff.repository.roles import RoleRepository
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import Work, side_by_side, transacted
from tests.support.staff import make_member, role_id_of

Patch = pytest.MonkeyPatch


async def two_owners(database: Database) -> list[int]:
    async def work(services: Services) -> list[int]:
        return [
            await make_member(services.uow, "ada@shop.example"),
            await make_member(services.uow, "bo@shop.example"),
        ]

    ids: list[int] = await transacted(database, work)
    return ids


async def ways_out(database: Database) -> list[Work]:
    """One owner is deactivated, the other one demoted."""
    one, other = await two_owners(database)
    async with units_on(database)() as uow:
        support = await role_id_of(uow, BuiltInRole.SUPPORT)
    return [
        lambda services: services.staff_members.deactivate(one),
        lambda services: services.staff_members.change(other, {"role_id": support}),
    ]


async def owners_left(database: Database) -> int:
    async with units_on(database)() as uow:
        query = """SELECT count(*) FROM staff_members JOIN roles ON roles.id = role_id
            WHERE built_in = 'owner' AND active"""
        return int(await uow.scalar(text(query)))


def meet_after_looking(patch: Patch) -> None:
    """Both have counted the owners before either of them is gone."""
    meeting, looked = Meeting(), StaffMemberRepository.has_other_owner

    async def together(self: StaffMemberRepository, id_: int) -> bool:
        found = await looked(self, id_)
        await meeting.arrive()
        return found

    patch.setattr(StaffMemberRepository, "has_other_owner", together)


async def test_of_two_owners_who_go_at_once_one_stays(
    database: Database, monkeypatch: Patch
) -> None:
    works = await ways_out(database)
    meet_after_looking(monkeypatch)
    answers = await side_by_side(database, works)
    assert [isinstance(answer, LastOwner) for answer in answers].count(True) == 1
    assert await owners_left(database) == 1


async def test_without_the_lock_both_would_go(database: Database, monkeypatch: Patch) -> None:
    """What `lock_owner` prevents."""

    async def unlocked(_self: RoleRepository) -> None:
        return None

    works = await ways_out(database)
    monkeypatch.setattr(RoleRepository, "lock_owner", unlocked)
    meet_after_looking(monkeypatch)
    await side_by_side(database, works)
    assert await owners_left(database) == 0
