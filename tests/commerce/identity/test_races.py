"""Tokens that are good once are good once, whoever comes at the same time."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import literal, select, text, update
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.identity.models import PurposeToken, Session
from commerce.identity.repository.purpose_tokens import COLUMNS, PurposeTokenRepository
from commerce.identity.repository.sessions import COLUMNS as SESSION_COLUMNS
from commerce.identity.repository.sessions import SessionRepository
from commerce.identity.service.password_changes import RESET_LIFETIME
from commerce.identity.service.purpose_tokens import Redeemed
from commerce.identity.service.sessions import IssuedSession
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import PORTS, side_by_side, transacted
from tests.support.staff import make_member, open_session

PARTIES = 8


async def issued(database: Database) -> tuple[Holder, str]:
    async def work(services: Services) -> tuple[Holder, str]:
        holder = Holder(Audience.STAFF, await make_member(services.uow))
        token = await services.purpose_tokens.issue(
            Purpose.RESET_PASSWORD, holder, "", RESET_LIFETIME
        )
        return holder, token

    answer: tuple[Holder, str] = await transacted(database, work)
    return answer


async def redeemed_by_many(database: Database) -> int:
    _, token = await issued(database)

    async def redeem(services: Services) -> Any:
        return await services.purpose_tokens.redeem(Purpose.RESET_PASSWORD, token)

    answers = await side_by_side(database, [redeem] * PARTIES)
    return sum(isinstance(answer, Redeemed) for answer in answers)


async def test_of_many_who_use_a_link_at_once_one_gets_in(database: Database) -> None:
    assert await redeemed_by_many(database) == 1


async def test_a_link_that_is_looked_at_and_then_deleted_would_let_several_in(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the single statement prevents."""
    meeting = Meeting(PARTIES)

    async def take(self: PurposeTokenRepository, _purpose: Any, sha256: bytes, _at: Any) -> Any:
        row = await self._uow.row(select(*COLUMNS).where(col(PurposeToken.sha256) == sha256))
        await meeting.arrive()
        await self._uow.change(text("DELETE FROM purpose_tokens"))
        return row

    monkeypatch.setattr(PurposeTokenRepository, "take", take)
    assert await redeemed_by_many(database) > 1


async def refreshed_by_many(database: Database) -> tuple[int, int]:
    """How many got tokens, and how many sessions are left."""

    async def work(services: Services) -> IssuedSession:
        return await open_session(services.uow, await make_member(services.uow))

    session: IssuedSession = await transacted(database, work)

    async def refresh() -> Any:
        async with units_on(database)() as uow:
            services = Services(uow, SYSTEM, system_clock, PORTS)
            return await services.sessions.refresh(session.refresh_token)

    answers = await asyncio.gather(*(refresh() for _ in range(PARTIES)))
    async with units_on(database)() as uow:
        left = len(await uow.rows(select(col(Session.id))))
    return sum(isinstance(answer, IssuedSession) for answer in answers), left


async def test_of_many_who_refresh_at_once_one_gets_tokens_and_the_session_ends(
    database: Database,
) -> None:
    assert await refreshed_by_many(database) == (1, 0)


async def test_a_refresh_token_that_is_looked_at_and_then_replaced_would_serve_several(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the single statement prevents."""
    meeting = Meeting(PARTIES)
    mine = col(Session.id)

    async def looked(
        self: SessionRepository, id_: int, used: bytes, new: bytes, *_rest: Any
    ) -> Any:
        stored = await self._uow.scalar(select(col(Session.refresh_sha256)).where(mine == id_))
        await meeting.arrive()
        write = (
            update(Session).where(mine == id_, literal(stored == used)).values(refresh_sha256=new)
        )
        return await self._uow.row(write.returning(*SESSION_COLUMNS))

    monkeypatch.setattr(SessionRepository, "rotate", looked)
    assert (await refreshed_by_many(database))[0] > 1
