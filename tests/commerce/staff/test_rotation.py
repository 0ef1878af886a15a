"""Two secrets of one key, one after the other."""

from datetime import UTC, datetime, timedelta
from typing import Any

from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.pool import Database
from commerce.core.viewer import Scope
from commerce.staff.authenticator import Authenticator
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService, IssuedKey
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import side_by_side, transacted

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def service(uow: UnitOfWork, at: datetime = NOON) -> ApiKeyService:
    return ApiKeyService(ApiKeyRepository(uow), lambda: at)


async def issue(uow: UnitOfWork) -> IssuedKey:
    issued = await service(uow).create("shop", frozenset({Scope.READ_STOCK}))
    assert isinstance(issued, IssuedKey)
    return issued


async def rotate(uow: UnitOfWork, id_: int, hours: int = 24, at: datetime = NOON) -> IssuedKey:
    rotated = await service(uow, at).rotate(id_, hours)
    assert isinstance(rotated, IssuedKey)
    return rotated


async def works(open_unit: OpenUnit, text: str, at: datetime = NOON) -> bool:
    return await Authenticator(open_unit, lambda: at).viewer(text) is not None


async def test_both_secrets_work_until_the_overlap_ends(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    first = await issue(uow)
    second = await rotate(uow, first.row.id)
    late = NOON + timedelta(hours=24)
    assert await works(open_unit, first.text, late - timedelta(seconds=1))
    assert not await works(open_unit, first.text, late)
    assert await works(open_unit, second.text, late)


async def test_without_an_overlap_the_old_secret_ends_at_once(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    first = await issue(uow)
    second = await rotate(uow, first.row.id, hours=0)
    assert not await works(open_unit, first.text)
    assert await works(open_unit, second.text)


async def test_rotating_again_after_a_lost_answer_cuts_nobody_off(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    first = await issue(uow)
    lost = await rotate(uow, first.row.id)
    third = await rotate(uow, first.row.id)
    assert await works(open_unit, first.text)
    assert not await works(open_unit, lost.text)
    assert await works(open_unit, third.text)


async def test_a_secret_that_was_taken_up_is_the_one_to_overlap(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    first = await issue(uow)
    second = await rotate(uow, first.row.id)
    assert await works(open_unit, second.text)
    third = await rotate(uow, first.row.id)
    assert not await works(open_unit, first.text)
    assert await works(open_unit, second.text)
    assert await works(open_unit, third.text)


async def test_a_secret_nobody_took_up_gives_way_even_when_the_key_was_used_just_now(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    first = await issue(uow)
    assert await works(open_unit, first.text)
    second = await rotate(uow, first.row.id)
    assert await works(open_unit, first.text)
    assert await works(open_unit, second.text, NOON + timedelta(seconds=1))
    await rotate(uow, first.row.id)
    assert not await works(open_unit, first.text)
    assert await works(open_unit, second.text)


async def test_revoking_ends_both_secrets(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    first = await issue(uow)
    second = await rotate(uow, first.row.id)
    await service(uow).revoke(first.row.id)
    assert not await works(open_unit, first.text)
    assert not await works(open_unit, second.text)


async def test_expiry_ends_both_secrets(uow: UnitOfWork, open_unit: OpenUnit) -> None:
    issued = await service(uow).create(
        "shop", frozenset({Scope.READ_STOCK}), "shopkit", NOON + timedelta(hours=1)
    )
    assert isinstance(issued, IssuedKey)
    second = await rotate(uow, issued.row.id)
    assert second.text[:10] == issued.text[:10]
    assert await works(open_unit, issued.text)
    for text in (issued.text, second.text):
        assert not await works(open_unit, text, NOON + timedelta(hours=1))


class Met(ApiKeyRepository):
    """Two rotations meet when they have read the key."""

    meeting: Meeting

    async def to_change(self, id_: int) -> Any:
        found = await super().to_change(id_)
        await self.meeting.arrive()
        return found


async def test_two_rotations_at_once_leave_one_new_secret_and_the_used_one(
    database: Database,
) -> None:
    first = await transacted(database, lambda services: issue(services.uow))
    Met.meeting = Meeting()

    def work(services: Services) -> Any:
        return ApiKeyService(Met(services.uow), services.clock).rotate(first.row.id)

    rotated = await side_by_side(database, [work, work])

    async def good(services: Services) -> list[bool]:
        row = await ApiKeyRepository(services.uow).by_public_id(first.row.public_id)
        assert row is not None
        return [row.previous_sha256 == first.row.secret_sha256] + [
            row.secret_sha256 == one.row.secret_sha256 for one in rotated
        ]

    kept, *present = await transacted(database, good)
    assert kept
    assert sorted(present) == [False, True]


class Naive(Met):
    """The rule removed: whatever secret is there becomes the one that overlaps."""

    async def rotate(
        self, id_: int, secret_sha256: bytes, hint: str, at: datetime, until: datetime | None
    ) -> Any:
        stored = await self.own(id_)
        assert stored is not None
        values = {"previous_sha256": stored.secret_sha256, "previous_until": until}
        return await self.change(id_, {"secret_sha256": secret_sha256, **values})


async def test_without_the_rule_the_used_secret_is_lost(database: Database) -> None:
    first = await transacted(database, lambda services: issue(services.uow))
    Met.meeting = Meeting()

    def work(services: Services) -> Any:
        return ApiKeyService(Naive(services.uow), services.clock).rotate(first.row.id)

    await side_by_side(database, [work, work])
    row = await transacted(
        database, lambda services: ApiKeyRepository(services.uow).own(first.row.id)
    )
    assert row.previous_sha256 != first.row.secret_sha256
