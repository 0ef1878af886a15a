"""What happens side by side; each guard has a twin that shows what happens without it."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.problems import Problem
from commerce.taxes.models import TaxClass, TaxRate
from commerce.taxes.repository.classes import COLUMNS, TaxClassRepository
from commerce.taxes.rules.wanted import WantedRate
from commerce.taxes.service.zones import ZoneParts
from commerce.wiring import Services
from tests.support.services import Work, side_by_side, transacted

TASKS = 12


@pytest.fixture
async def store(database: Database) -> Database:
    await transacted(database, lambda services: services.tax_settings.ensure())
    return database


def _new_default(number: int) -> Work:
    values = {"name": f"Class {number}", "is_default": True}
    return lambda services: services.tax_classes.upsert(None, dict(values))


async def _unlocked(repository: TaxClassRepository) -> Any:
    return await repository._uow.rows(select(*COLUMNS).order_by(col(TaxClass.id)))


def _failures(answers: list[Any]) -> list[Any]:
    return [one for one in answers if isinstance(one, BaseException | Problem)]


async def test_many_new_defaults_leave_one(store: Database) -> None:
    answers = await side_by_side(store, [_new_default(number) for number in range(TASKS)])
    assert _failures(answers) == []
    async with units_on(store)() as uow:
        defaults = select(func.count()).where(col(TaxClass.is_default))
        assert await uow.scalar(defaults) == 1


async def test_without_the_lock_new_defaults_collide(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TaxClassRepository, "held", _unlocked)
    answers = await side_by_side(store, [_new_default(number) for number in range(TASKS)])
    assert _failures(answers) != []


def _set_rates(zone_id: int, class_id: int, number: int) -> Work:
    rates = [WantedRate(name, Decimal(number), class_id) for name in (f"Rate {number}", "Same")]

    async def work(services: Services) -> Any:
        if number % 4 == 3:
            return await services.tax_classes.upsert(None, {"code": "books", "name": f"B{number}"})
        return await services.tax_zones.upsert(zone_id, {}, ZoneParts(rates=rates))

    return work


async def test_zones_and_classes_are_changed_one_after_the_other(store: Database) -> None:
    books = await transacted(store, lambda one: one.tax_classes.upsert(None, {"name": "Books"}))
    zone = await transacted(
        store, lambda one: one.tax_zones.upsert(None, {"name": "Zone"}, ZoneParts())
    )
    works = [_set_rates(zone.id, books.id, number) for number in range(TASKS)]
    works.append(lambda services: services.tax_classes.delete(books.id))
    answers = await side_by_side(store, works)
    assert [one for one in answers if isinstance(one, BaseException)] == []
    async with units_on(store)() as uow:
        orphans = select(func.count()).where(col(TaxRate.class_id) == books.id)
        assert await uow.scalar(orphans) == 0
