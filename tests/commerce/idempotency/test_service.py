"""Calls that are done once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, units_on
from commerce.core.pool import Database
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM, Viewer, ViewerKind
from commerce.idempotency.problems import InFlightError, KeyReusedError
from commerce.idempotency.repository import IdempotencyRepository
from commerce.idempotency.rules import KEPT, LEASE
from commerce.idempotency.service import Answered, Asked
from commerce.privacy.kinds import ErasureReason
from commerce.wiring import Services
from tests.support.calls import ASKED, STEPS, Shop
from tests.support.services import PORTS

OTHER = Viewer(ViewerKind.API_KEY, 2)


@pytest.fixture
def shop(open_unit: OpenUnit) -> Shop:
    return Shop(open_unit)


@pytest.fixture
def busy_shop(database: Database) -> Shop:
    """One with a connection for each call."""
    return Shop(units_on(database))


@pytest.mark.parametrize("asked", [ASKED, STEPS])
async def test_a_call_is_done_once_and_answered_the_same(shop: Shop, asked: Asked) -> None:
    first = await shop.call(asked)
    again = await shop.call(asked)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.answer == first.answer
    assert await shop.brands() == 1


@pytest.mark.parametrize("asked", [ASKED, STEPS])
async def test_a_key_stands_for_one_request(shop: Shop, asked: Asked) -> None:
    await shop.call(asked)
    with pytest.raises(KeyReusedError):
        await shop.call(replace(asked, request=b"add another one"))
    assert await shop.brands() == 1


@pytest.mark.parametrize(
    ("viewer", "address"),
    [
        (OTHER, ""),
        (Viewer(ViewerKind.STAFF, 1), ""),
        (Viewer(ViewerKind.GUEST, tokens=frozenset({"a"})), ""),
        (Viewer(ViewerKind.GUEST, tokens=frozenset({"b"})), ""),
        (Viewer(ViewerKind.ANONYMOUS), "192.0.2.1"),
        (Viewer(ViewerKind.ANONYMOUS), "192.0.2.2"),
    ],
)
async def test_keys_are_their_callers_own(shop: Shop, viewer: Viewer, address: str) -> None:
    await shop.call()
    await shop.call(viewer=viewer, address=address)
    again = await shop.call(viewer=viewer, address=address)
    assert again.replayed
    assert await shop.brands() == 2
    assert len(set(shop.asked)) == 2


async def test_services_are_told_the_same_key_each_time(shop: Shop) -> None:
    with pytest.raises(ValueError, match="no"):
        await shop.call(STEPS, raises=ValueError("no"))
    await shop.call(STEPS)
    assert shop.asked[0] == shop.asked[1] is not None


async def test_what_is_refused_is_undone_and_leaves_the_key_free(shop: Shop) -> None:
    assert not (await shop.call(refused=True)).replayed
    assert (await shop.brands(), await shop.count("idempotency_keys")) == (0, 0)
    assert not (await shop.call(replace(ASKED, request=b"put right"))).replayed


async def test_what_fails_is_undone_and_leaves_the_key_free(shop: Shop) -> None:
    with pytest.raises(ValueError, match="no"):
        await shop.call(raises=ValueError("no"))
    assert (await shop.brands(), await shop.count("idempotency_keys")) == (0, 0)


async def test_steps_that_fail_may_be_run_again_by_the_same_call_alone(shop: Shop) -> None:
    with pytest.raises(ValueError, match="no"):
        await shop.call(STEPS, raises=ValueError("no"))
    assert await shop.brands() == 1  # what was done stays done
    with pytest.raises(KeyReusedError):
        await shop.call(replace(STEPS, request=b"something else"))
    assert not (await shop.call(STEPS)).replayed
    assert (await shop.call(STEPS)).replayed


async def test_the_same_call_meanwhile_is_told_to_wait(busy_shop: Shop) -> None:
    async def same() -> None:
        with pytest.raises(InFlightError):
            await busy_shop.call()

    await busy_shop.call(meanwhile=same)
    assert await busy_shop.brands() == 1


async def test_another_call_meanwhile_is_told_that_the_key_is_taken(busy_shop: Shop) -> None:
    async def other() -> None:
        with pytest.raises(KeyReusedError):
            await busy_shop.call(replace(ASKED, request=b"something else"))

    await busy_shop.call(meanwhile=other)
    assert await busy_shop.brands() == 1


async def taken_over(shop: Shop) -> tuple[bool, bool]:
    """Whether the owner who was taken for dead, and who took over, did the call."""
    told: list[Answered] = []

    async def take_over() -> None:
        shop.now += LEASE
        told.append(await shop.call())

    try:
        late = await shop.call(meanwhile=take_over)
    except InFlightError:
        return False, not told[0].replayed
    return not late.replayed, not told[0].replayed


async def test_a_dead_owners_call_is_taken_over_and_done_once(busy_shop: Shop) -> None:
    assert await taken_over(busy_shop) == (False, True)
    assert await busy_shop.brands() == 1


async def test_without_the_owners_mark_both_do_it(
    busy_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def keep(*_arguments: object) -> bool:
        return True

    monkeypatch.setattr(IdempotencyRepository, "keep", keep)
    assert await taken_over(busy_shop) == (True, True)
    assert await busy_shop.brands() == 2


async def test_nobody_takes_over_before_the_lease_has_run_out(busy_shop: Shop) -> None:
    async def too_early() -> None:
        busy_shop.now += LEASE - timedelta(seconds=1)
        with pytest.raises(InFlightError):
            await busy_shop.call()

    await busy_shop.call(meanwhile=too_early)
    assert (await busy_shop.call()).replayed


async def test_answers_expire(shop: Shop) -> None:
    await shop.call()
    shop.now += KEPT - timedelta(seconds=1)
    assert (await shop.call()).replayed
    assert await shop.forget() == 0
    shop.now += timedelta(seconds=1)
    assert not (await shop.call()).replayed
    assert await shop.brands() == 2
    shop.now += KEPT
    assert (await shop.forget(), await shop.count("idempotency_keys")) == (1, 0)


async def test_what_the_erased_called_is_forgotten(shop: Shop) -> None:
    async with shop.open_unit() as uow:
        id_ = await uow.scalar(text("INSERT INTO customers (email) VALUES ('a@b.c') RETURNING id"))
        await shop.call(viewer=Viewer(ViewerKind.CUSTOMER, id_))
        services = Services(uow, SYSTEM, system_clock, PORTS)
        erased = await services.privacy.erase(id_, None, ErasureReason.CUSTOMER_REQUEST)
    assert not isinstance(erased, Problem)
    assert await shop.count("idempotency_keys") == 0


async def test_nothing_of_a_call_can_be_read_in_the_database(shop: Shop) -> None:
    await shop.call()
    async with shop.open_unit() as uow:
        row = await uow.row(text("SELECT * FROM idempotency_keys"))
    assert row is not None
    stored = b" ".join(part if isinstance(part, bytes) else str(part).encode() for part in row)
    for word in (b"canary", b"order-17", b"add a brand", b"api_key"):
        assert word not in stored
