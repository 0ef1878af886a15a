"""One key claimed from many sides, and owners who come back from the dead; twins show what happens
without the guard."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, and_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.idempotency import repository
from commerce.idempotency.models import IdempotencyKey
from commerce.idempotency.problems import InFlightError
from commerce.idempotency.repository import Claim, IdempotencyRepository
from commerce.idempotency.rules import LEASE
from tests.support.calls import STEPS, Shop
from tests.support.races import Meeting

Patch = pytest.MonkeyPatch
OWNERS = 6


@pytest.fixture
def shop(database: Database) -> Shop:
    """With a connection for each call."""
    return Shop(units_on(database))


async def claimed_by_many(shop: Shop) -> tuple[int, int]:
    """A dead owner's steps, taken over by several at once: by how many, and who were told to wait.

    Steps show it best: what each of them does stays done.
    """
    with pytest.raises(ValueError, match="dead"):
        await shop.call(STEPS, raises=ValueError("dead"))
    shop.now += LEASE
    working = asyncio.Event()
    calls = [asyncio.create_task(shop.call(STEPS, meanwhile=working.wait)) for _ in range(OWNERS)]
    while sum(task.done() for task in calls) + len(shop.asked) - 1 < OWNERS:  # noqa: ASYNC110  # who is refused sets no event
        await asyncio.sleep(0.01)
    working.set()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    return len(shop.asked) - 1, sum(isinstance(answer, InFlightError) for answer in answers)


async def test_of_many_who_take_a_call_over_one_does_it(shop: Shop) -> None:
    assert await claimed_by_many(shop) == (1, OWNERS - 1)
    assert (await shop.call(STEPS)).replayed


async def test_looking_before_claiming_lets_many_do_it(shop: Shop, monkeypatch: Patch) -> None:
    meeting = Meeting(OWNERS)

    async def claim(self: Any, claim: Claim, request: bytes, now: Any, **values: Any) -> bool:
        columns = col(IdempotencyKey.lease_until), col(IdempotencyKey.answer)
        known = repository.select(*columns).where(col(IdempotencyKey.name_digest) == claim.name)
        row = await self._uow.row(known)
        if row is not None and (row.answer is not None or row.lease_until > now):
            return False
        if row is not None:
            await meeting.arrive()
        fresh = {"request_digest": request, "owner": claim.owner, "answer": None, **values}
        added = insert(IdempotencyKey).values(name_digest=claim.name, **fresh)
        return bool(
            await self._uow.change(
                added.on_conflict_do_update(index_elements=["name_digest"], set_=fresh)
            )
        )

    monkeypatch.setattr(IdempotencyRepository, "claim", claim)
    taken, _ = await claimed_by_many(shop)
    assert taken > 1


def _whoever_owns_it(patch: Patch) -> None:
    """The call while it is in progress, no matter whose it is by now."""

    def named(claim: Claim) -> ColumnElement[bool]:
        same = col(IdempotencyKey.name_digest) == claim.name
        return and_(same, col(IdempotencyKey.answer).is_(None))

    patch.setattr(repository, "_mine", named)


async def back_from_the_dead(shop: Shop, comes_back: Callable[[], Any]) -> bool:
    """Somebody takes over while the owner sleeps. Then the owner `comes_back`, and the same call is
    sent again: whether that one was told to wait for who has taken over."""
    taken_over, done = asyncio.Event(), asyncio.Event()

    async def working() -> None:
        taken_over.set()
        await done.wait()

    async def sleep() -> None:
        shop.now += LEASE
        heirs.append(asyncio.create_task(shop.call(meanwhile=working)))
        await taken_over.wait()
        comes_back()

    heirs: list[asyncio.Task[Any]] = []
    with pytest.raises((InFlightError, ValueError)):
        await shop.call(meanwhile=sleep)
    try:
        await shop.call()
        waits = False
    except InFlightError:
        waits = True
    done.set()
    await asyncio.gather(*heirs, return_exceptions=True)
    return waits


def fails() -> None:
    raise ValueError("what the late owner did came to nothing")


@pytest.mark.parametrize("comes_back", [fails, lambda: None])
async def test_a_late_owner_leaves_the_call_to_who_took_over(
    shop: Shop, comes_back: Callable[[], Any]
) -> None:
    """However it ends: its claim is not there any more, neither to be kept nor to be let go."""
    assert await back_from_the_dead(shop, comes_back)
    assert (await shop.call()).replayed
    assert await shop.brands() == 1


async def test_without_the_owners_mark_a_late_failure_frees_the_key_of_who_took_over(
    shop: Shop, monkeypatch: Patch
) -> None:
    _whoever_owns_it(monkeypatch)
    assert not await back_from_the_dead(shop, fails)


async def late_steps(shop: Shop) -> bytes:
    """What the key stands for when a late owner of steps answers after who took over."""

    async def take_over() -> None:
        shop.now += LEASE
        await shop.call(STEPS)

    await shop.call(STEPS, meanwhile=take_over, answer=b"late")
    return (await shop.call(STEPS)).answer


async def test_the_first_answer_stays_when_a_late_owner_has_another_one(shop: Shop) -> None:
    assert await late_steps(shop) != b"late"


async def test_without_the_guard_the_late_answer_replaces_the_one_that_was_given(
    shop: Shop, monkeypatch: Patch
) -> None:
    def named(claim: Claim) -> ColumnElement[bool]:
        return col(IdempotencyKey.name_digest) == claim.name

    monkeypatch.setattr(repository, "_mine", named)
    assert await late_steps(shop) == b"late"


async def test_a_claim_that_is_sent_twice_is_still_the_owners(shop: Shop) -> None:
    """As when the connection is lost before the first one's answer comes."""
    claim = Claim(b"name", b"owner")
    values = {"lease_until": shop.now + LEASE, "expires_at": shop.now + timedelta(days=1)}
    async with shop.open_unit() as uow:
        keys = IdempotencyRepository(uow)
        for asked in (claim, claim, Claim(b"name", b"other")):
            granted = await keys.claim(asked, b"request", shop.now, **values)
            assert granted is (asked is claim)
