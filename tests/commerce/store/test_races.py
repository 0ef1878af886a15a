"""Settings changed from many sides; the twins show what happens without the lock."""

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.db import UnitOfWork, units_on
from commerce.core.locks import Rank
from commerce.core.pool import Database
from commerce.core.problems import VersionConflict
from commerce.store.models import MenuItem
from commerce.wiring import Services
from tests.support.services import side_by_side, transacted

Patch = pytest.MonkeyPatch
WRITERS = 6
ITEM = dict.fromkeys(("product_id", "category_id", "collection_id", "page_id"))


def _without_locks(patch: Patch) -> None:
    async def read(self: UnitOfWork, _rank: Rank, statement: Any, *_more: Any) -> Any:
        found = await self.rows(statement)
        await asyncio.sleep(0.05)
        return found

    patch.setattr(UnitOfWork, "locked", read)


async def _rename(shop: Database) -> list[type]:
    """Several people change the version they have all seen."""

    async def rename(name: str, services: Services) -> Any:
        return await services.store.change({"name": name}, expected_version=1)

    works = [partial(rename, f"Shop {number}") for number in range(WRITERS)]
    return [type(answer) for answer in await side_by_side(shop, works)]


async def test_of_many_who_change_the_same_version_one_does(database: Database) -> None:
    answers = await _rename(database)
    assert answers.count(VersionConflict) == WRITERS - 1


async def test_without_the_lock_they_overwrite_each_other(
    database: Database, monkeypatch: Patch
) -> None:
    _without_locks(monkeypatch)
    assert VersionConflict not in await _rename(database)


async def _fill(shop: Database) -> list[Any]:
    """Several people set the items of a menu: what is there in the end, by title."""

    async def fill(title: str, services: Services) -> Any:
        item = {"title": title, "url": "", "new_tab": False, **ITEM, "items": []}
        return await services.menus.upsert(None, {"code": "main", "title": "Main"}, [item])

    await transacted(shop, partial(fill, "first"))
    works = [partial(fill, str(number)) for number in range(WRITERS)]
    answers = await side_by_side(shop, works)
    async with units_on(shop)() as uow:
        assert len(await uow.rows(select(col(MenuItem.place)))) == 1
    return [answer for answer in answers if isinstance(answer, Exception)]


async def test_menus_set_at_once_hold_one_of_what_was_set(database: Database) -> None:
    assert await _fill(database) == []


async def test_without_the_lock_items_collide(database: Database, monkeypatch: Patch) -> None:
    """`fill` deletes what the others have not yet added."""
    _without_locks(monkeypatch)
    monkeypatch.setattr(
        "commerce.store.repository.menus.MenuRepository.change", _changed_without_waiting
    )
    assert await _fill(database) != []


async def _changed_without_waiting(self: Any, id_: int, _changes: Any) -> Any:
    return (await self.by_ids([id_]))[id_]
