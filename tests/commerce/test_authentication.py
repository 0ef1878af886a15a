"""Keys and tokens at the same door, and how soon a change counts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce import authentication as module
from commerce.authentication import Authenticator
from commerce.core import remembered
from commerce.core.clock import Clock, system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM, Scope, ViewerKind
from commerce.staff.kinds import BuiltInRole
from commerce.wiring import Services
from tests.support.services import PORTS
from tests.support.staff import make_member, open_session, role_id_of


class Monotonic:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Monotonic:
    moved = Monotonic()
    monkeypatch.setattr(remembered, "monotonic", moved)
    return moved


def door(open_unit: OpenUnit, clock: Clock = system_clock) -> Authenticator:
    return Authenticator(open_unit, clock, PORTS.access_tokens)


async def test_a_key_and_a_token_are_told_by_their_form(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    key: Any = await services.api_keys.create("shop", frozenset({Scope.READ_STOCK}), "shopkit")
    assert not isinstance(key, Problem)
    session = await open_session(uow, await make_member(uow))
    authenticator = door(open_unit)
    by_key, by_token = (
        await authenticator.viewer(key.text),
        await authenticator.viewer(session.access_token),
    )
    assert by_key is not None
    assert by_token is not None
    assert (by_key.kind, by_token.kind) == (ViewerKind.API_KEY, ViewerKind.STAFF)
    assert by_token.session_id == session.session_id
    assert await authenticator.dialect(key.text) == "shopkit"
    assert await authenticator.dialect(session.access_token) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_members SET active = false",
        "DELETE FROM sessions",
        "UPDATE sessions SET expires_at = now() - interval '1 second'",
    ],
)
async def test_an_end_counts_after_a_second(
    uow: UnitOfWork, open_unit: OpenUnit, seconds: Monotonic, change: str
) -> None:
    session = await open_session(uow, await make_member(uow))
    authenticator = door(open_unit)
    assert await authenticator.viewer(session.access_token) is not None
    await uow.change(text(change))
    seconds.now += 1.0
    assert await authenticator.viewer(session.access_token) is None


async def test_another_role_counts_after_a_second(
    uow: UnitOfWork, open_unit: OpenUnit, seconds: Monotonic
) -> None:
    member = await make_member(uow)
    session = await open_session(uow, member)
    authenticator = door(open_unit)
    before = await authenticator.viewer(session.access_token)
    support = await role_id_of(uow, BuiltInRole.SUPPORT)
    await uow.change(text(f"UPDATE staff_members SET role_id = {support}"))
    seconds.now += 1.0
    after = await authenticator.viewer(session.access_token)
    assert before is not None
    assert after is not None
    assert before.may(Scope.WRITE_STAFF)
    assert not after.may(Scope.WRITE_STAFF)


async def test_what_is_known_costs_nothing_for_a_second_and_use_is_noted_each_minute(
    uow: UnitOfWork, open_unit: OpenUnit, seconds: Monotonic, statements: list[str]
) -> None:
    session = await open_session(uow, await make_member(uow))
    later = timedelta()
    authenticator = door(open_unit, lambda: system_clock() + later)

    async def cost(passed: float) -> int:
        seconds.now += passed
        statements.clear()
        assert await authenticator.viewer(session.access_token) is not None
        return len(statements)

    assert [await cost(passed) for passed in (0, 0.9, 0.2, 0.1)] == [1, 0, 1, 0]
    later = timedelta(seconds=61)
    assert [await cost(passed) for passed in (1, 1)] == [2, 1]
    used: datetime = await uow.scalar(text("SELECT last_used_at FROM sessions"))
    assert used > system_clock() + timedelta(seconds=30)


async def test_made_up_tokens_never_reach_the_database(
    open_unit: OpenUnit, statements: list[str]
) -> None:
    authenticator = door(open_unit)
    for made_up in ("a.b.c", "..", "e30.e30.e30", "é.é.é", "x." * 200):
        assert await authenticator.viewer(made_up) is None
    assert statements == []


async def test_memory_of_tokens_is_bounded(
    open_unit: OpenUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBER_TOKENS", 10)
    authenticator = door(open_unit)
    for number in range(50):
        await authenticator.viewer(f"made.up.{number}")
    assert len(authenticator._tokens._known) <= 10
