"""What is over does not stay: sessions name devices."""

from datetime import timedelta

from sqlalchemy import text

from commerce.bootstrap import prepare_store
from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.identity.kinds import Purpose
from commerce.wiring import Services
from tests.support.services import PORTS
from tests.support.staff import make_member, open_session


async def ids_of(uow: UnitOfWork, table: str) -> list[int]:
    return list(await uow.scalars(text(f"SELECT id FROM {table} ORDER BY id")))


async def test_a_start_forgets_what_is_over_and_nothing_else(
    uow: UnitOfWork, open_unit: OpenUnit
) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    ada, bo = await make_member(uow), await make_member(uow, "bo@shop.example")
    old, new = await open_session(uow, ada), await open_session(uow, bo)
    for holder, life in ((old.holder, timedelta()), (new.holder, timedelta(hours=1))):
        await services.purpose_tokens.issue(Purpose.RESET_PASSWORD, holder, "", life)
    await uow.change(text(f"UPDATE sessions SET expires_at = now() WHERE id = {old.session_id}"))
    await prepare_store(open_unit, system_clock, "EUR")
    assert await ids_of(uow, "sessions") == [new.session_id]
    assert len(await ids_of(uow, "purpose_tokens")) == 1


async def test_signing_in_forgets_ones_own_old_sessions_alone(uow: UnitOfWork) -> None:
    ada, bo = await make_member(uow), await make_member(uow, "bo@shop.example")
    mine, others = await open_session(uow, ada), await open_session(uow, bo)
    await uow.change(text("UPDATE sessions SET expires_at = now()"))
    again = await open_session(uow, ada)
    assert await ids_of(uow, "sessions") == [others.session_id, again.session_id]
    assert mine.session_id < again.session_id
