from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Invalid, NotFound, Taken, VersionConflict
from commerce.core.viewer import SYSTEM
from commerce.pricing.models import PriceList
from commerce.pricing.rules.prices import PriceEntry
from commerce.pricing.service import PriceService
from commerce.wiring import Services
from tests.support.catalog import make_product, make_variant
from tests.support.pricing import make_price, make_price_list

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def prices(uow: UnitOfWork) -> PriceService:
    return Services(uow, SYSTEM, system_clock).prices


async def _lists(uow: UnitOfWork) -> list[tuple[str, bool, int]]:
    columns = (col(PriceList.code), col(PriceList.is_default), col(PriceList.version))
    rows = await uow.rows(select(*columns).order_by(col(PriceList.code)))
    return [tuple(row) for row in rows]


async def test_a_list_is_added_and_found_again_by_its_code(
    uow: UnitOfWork, prices: PriceService
) -> None:
    values = {"name": "Spring Sale", "currency": "EUR", "priority": 3, "starts_at": NOON}
    added: Any = await prices.upsert(None, values)
    assert (added.code, added.priority, added.is_default) == ("spring-sale", 3, False)
    again: Any = await prices.upsert(None, values)
    assert (again.id, again.version) == (added.id, 1)
    changed: Any = await prices.upsert(None, {"code": "spring-sale", "priority": 4})
    assert (changed.id, changed.priority, changed.version) == (added.id, 4, 2)


async def test_another_list_becomes_the_default_in_one_step(
    uow: UnitOfWork, prices: PriceService
) -> None:
    await make_price_list(uow, "old", is_default=True)
    new = await make_price_list(uow, "new")
    changed: Any = await prices.upsert(new.id, {"is_default": True})
    assert changed.is_default is True
    assert await _lists(uow) == [("new", True, 2), ("old", False, 2)]
    await prices.upsert(new.id, {"is_default": True})
    assert await _lists(uow) == [("new", True, 2), ("old", False, 2)]
    await prices.upsert(None, {"name": "Third", "currency": "USD", "is_default": True})
    assert await _lists(uow) == [("new", False, 3), ("old", False, 2), ("third", True, 1)]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"is_default": False}, ("is_default",)),
        ({"active": False}, ("active",)),
        ({"customer_group_id": 4}, ("customer_group_id",)),
        ({"starts_at": NOON}, ("starts_at",)),
        ({"ends_at": NOON}, ("ends_at",)),
        ({"name": " "}, ("name",)),
        ({"code": "Not A Code"}, ("code",)),
        ({"currency": "XXQ"}, ("currency_code",)),
    ],
)
async def test_the_default_list_stays_for_everybody_always(
    uow: UnitOfWork, prices: PriceService, changes: dict[str, Any], path: tuple[str, ...]
) -> None:
    base = await make_price_list(uow, is_default=True)
    problem = await prices.upsert(base.id, changes)
    assert isinstance(problem, Invalid)
    assert problem.path == path
    assert await _lists(uow) == [("base", True, 1)]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"currency": "EUR"}, ("name",)),
        ({"name": "New"}, ("currency_code",)),
        ({"name": "!!", "currency": "EUR"}, ("code",)),
        (
            {"name": "N", "currency": "EUR", "starts_at": NOON, "ends_at": NOON - timedelta(1)},
            ("ends_at",),
        ),
    ],
)
async def test_a_new_list_that_cannot_be_is_not_added(
    uow: UnitOfWork, prices: PriceService, values: dict[str, Any], path: tuple[str, ...]
) -> None:
    problem = await prices.upsert(None, values)
    assert isinstance(problem, Invalid)
    assert problem.path == path
    assert await _lists(uow) == []


async def test_an_edit_of_an_older_version_is_refused(
    uow: UnitOfWork, prices: PriceService
) -> None:
    base = await make_price_list(uow, version=5)
    problem = await prices.upsert(base.id, {"name": "Mine"}, expected_version=4)
    assert isinstance(problem, VersionConflict)
    assert problem.current == 5
    changed: Any = await prices.upsert(base.id, {"name": "Mine"}, expected_version=5)
    assert (changed.name, changed.version) == ("Mine", 6)


async def test_a_list_that_is_not_there_is_not_found(prices: PriceService) -> None:
    expected = NotFound("There is no price list with this id.", ("id",))
    assert await prices.upsert(1, {"name": "Mine"}) == expected


async def test_two_lists_do_not_share_a_code(uow: UnitOfWork, prices: PriceService) -> None:
    await make_price_list(uow, "one")
    two = await make_price_list(uow, "two")
    assert isinstance(await prices.upsert(two.id, {"code": "one"}), Taken)


async def test_the_currency_is_fixed_once_there_are_prices(
    uow: UnitOfWork, prices: PriceService
) -> None:
    empty, full = [await make_price_list(uow, code) for code in ("empty", "full")]
    variant = await make_variant(uow, await make_product(uow))
    await make_price(uow, full, variant, "9.99")
    changed: Any = await prices.upsert(empty.id, {"currency": "JPY"})
    assert changed.currency == "JPY"
    problem = await prices.upsert(full.id, {"currency": "JPY"})
    assert isinstance(problem, Invalid)
    assert problem.path == ("currency_code",)


async def test_amounts_are_checked_in_the_currency_of_their_list(
    uow: UnitOfWork, prices: PriceService
) -> None:
    yen = await make_price_list(uow, "yen", currency="JPY")
    variant = await make_variant(uow, await make_product(uow))
    half: Any = await prices.set_prices([PriceEntry(variant.id, Decimal("10.5"))], yen.id)
    assert half.path == ("prices", "0", "price")
    assert "JPY" in half.message
    whole: Any = await prices.set_prices([PriceEntry(variant.id, Decimal(10))], yen.id)
    assert (whole[0].amount, whole[0].currency) == (10, "JPY")


async def test_prices_are_not_written_into_a_list_that_is_not_there(prices: PriceService) -> None:
    expected = NotFound("There is no such price list.", ("price_list_id",))
    assert await prices.set_prices([], 7) == expected
    assert await prices.set_prices([]) == expected


async def test_the_default_list_is_made_once(uow: UnitOfWork, prices: PriceService) -> None:
    made = await prices.ensure_default_list("EUR")
    assert (made.code, made.currency, made.is_default) == ("default", "EUR", True)
    assert await prices.ensure_default_list("USD") == made
    assert await _lists(uow) == [("default", True, 1)]


async def test_a_list_called_default_does_not_keep_the_default_list_from_being_made(
    uow: UnitOfWork, prices: PriceService
) -> None:
    await make_price_list(uow, "default")
    await prices.ensure_default_list("EUR")
    assert await _lists(uow) == [("default", False, 1), ("default-eur", True, 1)]
