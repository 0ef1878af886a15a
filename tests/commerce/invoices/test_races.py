"""Numbers given out side by side; each test has a twin that shows what happens without the guard.

A number that is drawn as order numbers are, outside of what is rolled back, leaves a hole.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import Any, Final

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.pool import Database
from commerce.core.problems import Problem
from commerce.invoices.models import Invoice
from commerce.invoices.repository.series import SeriesRepository, Taking
from commerce.wiring import Services
from tests.support.invariants import Books
from tests.support.invoices import invoices_now, make_series
from tests.support.orders import place_order
from tests.support.services import side_by_side

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
MANY: Final = int(os.environ.get("COMMERCE_TEST_INVOICES", "30"))  # noqa: TID251  # the suite's own switch
SERIES: Final = ("a", "b")


async def _orders(database: Database, count: int) -> list[Any]:
    async with units_on(database)() as uow:
        for code in SERIES:
            await make_series(uow, code, prefix=f"{code.upper()}-", suffix="")
        return [await place_order(uow) for _ in range(count)]


async def _issue_all(database: Database, orders: Sequence[Any]) -> list[Any]:
    """Of two series by turns, all at the same time."""

    def work(order: Any, series: str) -> Any:
        async def issue(services: Services) -> Any:
            return await services.invoices.issue(order.id, series)

        return issue

    works = [work(order, SERIES[place % 2]) for place, order in enumerate(orders)]
    return await side_by_side(database, works)


async def _numbers(database: Database) -> dict[str, list[int]]:
    async with units_on(database)() as uow:
        rows = await invoices_now(uow)
    return {
        code: sorted(row.number_value for row in rows if row.number.startswith(code.upper()))
        for code in SERIES
    }


def _max_and_one(patch: Patch) -> None:
    async def take(self: SeriesRepository, id_: int, _year: int) -> Taking:
        own = col(Invoice.series_id) == id_
        last = await self._uow.scalar(select(func.max(col(Invoice.number_value))).where(own))
        await asyncio.sleep(0.1)
        return Taking((last or 0) + 1, 0)

    patch.setattr(SeriesRepository, "take", take)


def _beside_the_transaction(patch: Patch, database: Database) -> None:
    """As a sequence does it."""
    guarded = SeriesRepository.take

    async def take(self: SeriesRepository, id_: int, year: int) -> Taking:
        async with units_on(database)() as other:
            drawing = SeriesRepository(other, self._viewer)
            return await other.transact(lambda: guarded(drawing, id_, year))

    patch.setattr(SeriesRepository, "take", take)


async def test_numbers_have_no_gap_and_come_once(database: Database) -> None:
    answers = await _issue_all(database, await _orders(database, MANY))
    assert not [answer for answer in answers if isinstance(answer, Problem | Exception)]
    half = list(range(1, MANY // 2 + 1))
    assert await _numbers(database) == {"a": half, "b": half}


async def test_of_numbers_that_are_looked_up_many_are_the_same(
    database: Database, monkeypatch: Patch
) -> None:
    """The table's own check stops them at the last moment, with an error instead of an invoice."""
    _max_and_one(monkeypatch)
    answers = await _issue_all(database, await _orders(database, 6))
    assert IntegrityError in {type(answer) for answer in answers}


async def _one_is_rolled_back(database: Database) -> dict[str, list[int]]:
    first, failing, last = await _orders(database, 3)

    async def fail(services: Services) -> Any:
        await services.invoices.issue(failing.id, "a")
        raise RuntimeError("nothing of this stays")

    await _issue_all(database, [first])
    answers = await side_by_side(database, [fail])
    assert isinstance(answers[0], RuntimeError)
    await _issue_all(database, [last])
    return await _numbers(database)


async def test_what_is_rolled_back_leaves_no_hole(database: Database) -> None:
    assert await _one_is_rolled_back(database) == {"a": [1, 2], "b": []}


async def test_numbers_from_beside_the_transaction_leave_a_hole(
    database: Database, monkeypatch: Patch, books: Books
) -> None:
    books.add_up = False
    _beside_the_transaction(monkeypatch, database)
    assert await _one_is_rolled_back(database) == {"a": [1, 3], "b": []}


async def test_an_order_asked_for_many_times_has_one_invoice(database: Database) -> None:
    (order,) = await _orders(database, 1)
    answers = await _issue_all(database, [order] * 8)
    assert len({answer.id for answer in answers}) == 1
    assert sum(len(found) for found in (await _numbers(database)).values()) == 1
