"""Writers side by side; each test has a twin that shows what happens without the guard."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.core.db import units_on
from commerce.core.money import amount_flaw
from commerce.core.pool import Database
from commerce.core.problems import Invalid
from commerce.pricing.models import Price, PriceList
from commerce.pricing.repository import prices as prices_sql
from commerce.pricing.repository.lists import COLUMNS, PriceListRepository
from commerce.pricing.rules.prices import PriceEntry
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.pricing import make_price_list
from tests.support.services import side_by_side, transacted

Patch = pytest.MonkeyPatch


async def _nothing(*_ignored: Any) -> None:
    return None


async def _filled(
    database: Database, *codes: str, variants: int = 0
) -> tuple[list[int], list[int]]:
    """The ids of lists (the first is the default one) and of variants."""
    async with units_on(database)() as uow:
        lists = [await make_price_list(uow, code, is_default=code == codes[0]) for code in codes]
        product = await make_product(uow)
        made = [await make_variant(uow, product, option_key=str(n)) for n in range(variants)]
        return [one.id for one in lists], [one.id for one in made]


async def _read(database: Database, statement: Any) -> list[Any]:
    async with units_on(database)() as uow:
        return [tuple(row) for row in await uow.rows(statement)]


async def _defaults(database: Database) -> list[Any]:
    return await _read(database, select(col(PriceList.id)).where(col(PriceList.is_default)))


async def _make_both_default(database: Database, patch: Patch) -> list[Any]:
    """Two callers make a list of their own the default one; answers what each got."""
    unset = PriceListRepository.unset_default

    async def slowly(self: PriceListRepository) -> None:
        await unset(self)
        await asyncio.sleep(0.05)

    patch.setattr(PriceListRepository, "unset_default", slowly)
    lists, _ = await _filled(database, "one", "two", "three")

    async def make_default(id_: int, services: Services) -> Any:
        return await services.prices.upsert(id_, {"is_default": True})

    return await side_by_side(database, [partial(make_default, id_) for id_ in lists[1:]])


async def test_two_who_change_the_default_list_take_turns(
    database: Database, monkeypatch: Patch
) -> None:
    answers = await _make_both_default(database, monkeypatch)
    assert [answer.is_default for answer in answers] == [True, True]
    assert len(await _defaults(database)) == 1


async def test_without_the_lock_the_second_of_them_fails(
    database: Database, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(PriceListRepository, "lock_default", _nothing)
    answers = await _make_both_default(database, monkeypatch)
    assert [isinstance(answer, IntegrityError) for answer in answers].count(True) == 1


async def _ensure_eight_times(database: Database, patch: Patch) -> list[Any]:
    """All eight have found no default list before the first one adds it."""
    all_looked = asyncio.Barrier(8)
    find = PriceListRepository.default

    async def together(self: PriceListRepository) -> Any:
        found = await find(self)
        if found is None:
            await all_looked.wait()
        return found

    async def ensure(services: Services) -> Any:
        return await services.prices.ensure_default_list("EUR")

    patch.setattr(PriceListRepository, "default", together)
    return await side_by_side(database, [ensure] * 8)


async def test_one_of_many_starting_at_once_makes_the_default_list(
    database: Database, monkeypatch: Patch
) -> None:
    answers = await _ensure_eight_times(database, monkeypatch)
    assert {answer.id for answer in answers} == {row[0] for row in await _defaults(database)}
    assert len(await _read(database, select(col(PriceList.id)))) == 1


async def test_without_on_conflict_the_others_fail(database: Database, monkeypatch: Patch) -> None:
    async def add(self: PriceListRepository, values: dict[str, Any]) -> Any:
        return await self._uow.row(insert(PriceList).values(**values).returning(*COLUMNS))

    monkeypatch.setattr(PriceListRepository, "add", add)
    answers = await _ensure_eight_times(database, monkeypatch)
    assert [isinstance(answer, IntegrityError) for answer in answers].count(True) == 7


async def _price_while_the_currency_changes(database: Database, patch: Patch) -> list[Any]:
    """One writes 9.99 into a list while another makes it one in yen; answers what each got."""
    lists, variants = await _filled(database, "base", variants=1)
    reading = asyncio.Event()
    find = PriceListRepository.to_write_into

    async def slowly(self: PriceListRepository, id_: int | None) -> Any:
        found = await find(self, id_)
        reading.set()
        await asyncio.sleep(0.1)
        return found

    patch.setattr(PriceListRepository, "to_write_into", slowly)

    async def write(services: Services) -> Any:
        return await services.prices.set_prices([PriceEntry(variants[0], Decimal("9.99"))])

    async def change(services: Services) -> Any:
        await reading.wait()
        return await services.prices.upsert(lists[0], {"currency": "JPY"})

    return await side_by_side(database, [write, change])


async def _flaws(database: Database) -> list[str | None]:
    amounts = select(col(Price.amount), col(PriceList.currency)).join_from(Price, PriceList)
    return [amount_flaw(*row) for row in await _read(database, amounts)]


async def test_a_list_keeps_its_currency_while_prices_are_written_into_it(
    database: Database, monkeypatch: Patch
) -> None:
    written, refused = await _price_while_the_currency_changes(database, monkeypatch)
    assert written[0].amount == Decimal("9.99")
    assert isinstance(refused, Invalid)
    assert await _flaws(database) == [None]


async def test_without_the_lock_on_the_list_cents_of_a_yen_are_written(
    database: Database, monkeypatch: Patch
) -> None:
    async def find(self: PriceListRepository, _id: int | None) -> Any:
        return await self._uow.row(select(*COLUMNS).where(col(PriceList.is_default)))

    monkeypatch.setattr(PriceListRepository, "to_write_into", find)
    await _price_while_the_currency_changes(database, monkeypatch)
    assert await _flaws(database) == ["has more than 0 decimals, which JPY does not have"]


@pytest.fixture
async def slow_prices(database: Database) -> AsyncIterator[None]:
    """Every row takes its time to be written, so that two statements surely meet halfway."""
    async with database.writer() as connection:
        await connection.execute(
            text(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END $$"
            )
        )
        await connection.execute(
            text("CREATE TRIGGER slow BEFORE INSERT ON prices FOR EACH ROW EXECUTE FUNCTION slow()")
        )
    yield
    async with database.writer() as connection:
        await connection.execute(text("DROP FUNCTION slow CASCADE"))


async def _cross(database: Database) -> int:
    """Writes the same prices forwards and backwards; answers how many tries that took."""
    _, variants = await _filled(database, "base", variants=4)
    tries = 0

    async def write(entries: list[PriceEntry], services: Services) -> Any:
        nonlocal tries
        tries += 1
        return await services.prices.set_prices(entries)

    entries = [PriceEntry(id_, Decimal(1)) for id_ in variants]
    works = [partial(write, entries), partial(write, entries[::-1])]
    for answer in await side_by_side(database, works):
        assert len(answer) == 4
    return tries


@pytest.mark.usefixtures("slow_prices")
async def test_writers_of_the_same_prices_in_opposite_order_do_not_deadlock(
    database: Database,
) -> None:
    assert await _cross(database) == 2


@pytest.mark.usefixtures("slow_prices")
async def test_without_an_order_of_their_own_they_deadlock(
    database: Database, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(prices_sql, "sorted", lambda entries, key: entries, raising=False)
    assert await _cross(database) > 2


async def test_prices_that_are_refused_leave_the_others_as_they_were(database: Database) -> None:
    _, variants = await _filled(database, "base", variants=2)

    async def write(services: Services, *amounts: str) -> Any:
        pairs = zip(variants, amounts, strict=True)
        return await services.prices.set_prices([PriceEntry(id_, Decimal(a)) for id_, a in pairs])

    await transacted(database, lambda services: write(services, "1", "2"))
    refused = await transacted(database, lambda services: write(services, "3", "-4"))
    assert isinstance(refused, Invalid)
    stored = await _read(database, select(col(Price.amount)).order_by(col(Price.variant_id)))
    assert stored == [(1,), (2,)]
