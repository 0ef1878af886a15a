"""First uses of a current cart, at once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text
from sqlmodel import col

from commerce.carts.models import KEPT_OPEN, Cart
from commerce.carts.repository.carts import COLUMNS, until
from commerce.carts.repository.keeping import KeptCartRepository
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.viewer import Viewer, ViewerKind
from commerce.wiring import Services
from tests.support.races import Meeting
from tests.support.services import PORTS

KEY = Viewer(ViewerKind.API_KEY, 3)
CALLERS = 4
INDEX = f"CREATE UNIQUE INDEX uq_carts_kept_open ON carts (kept_by, kept_for) WHERE {KEPT_OPEN}"


async def _open(database: Database) -> Any:
    async with units_on(database)() as uow:
        services = Services(uow, KEY, system_clock, PORTS)
        return await uow.transact(
            lambda: services.cart_keeping.open("visitor"), keep=lambda _: True
        )


async def _opened_at_once(database: Database, patch: pytest.MonkeyPatch) -> list[int]:
    """Nobody finds one before everybody has looked. Answers the ids of all carts there are."""
    meeting, look = Meeting(CALLERS), KeptCartRepository.open
    looked: set[int] = set()

    async def open_together(self: KeptCartRepository, *of: Any) -> Any:
        found = await look(self, *of)
        if id(self) not in looked:
            looked.add(id(self))
            await meeting.arrive()
        return found

    patch.setattr(KeptCartRepository, "open", open_together)
    answers = await asyncio.gather(*(_open(database) for _ in range(CALLERS)))
    async with units_on(database)() as uow:
        stored = list(await uow.scalars(select(col(Cart.id))))
    assert {answer.cart.id for answer in answers} <= set(stored)
    return stored


async def test_many_first_uses_at_once_make_one_cart(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(await _opened_at_once(database, monkeypatch)) == 1


async def test_looked_for_and_added_in_two_steps_there_are_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the index nor the statement that minds it."""

    async def add(self: Any, kept: Any, values: Any, at: Any) -> Any:
        row = {"kept_by": kept.kept_by, "kept_for": kept.kept_for, **values}
        added = insert(Cart).values(**row, expires_at=until()).returning(*COLUMNS)
        return await self._uow.row(added, {"at": at})

    monkeypatch.setattr(KeptCartRepository, "add", add)
    async with database.writer() as connection:
        await connection.execute(text("DROP INDEX uq_carts_kept_open"))
    try:
        assert len(await _opened_at_once(database, monkeypatch)) == CALLERS
    finally:
        async with database.writer() as connection:
            await connection.execute(delete(Cart))
            await connection.execute(text(INDEX))
