"""Rates that a service provides, and what holds when it does not answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from commerce.core.db import UnitOfWork, units_on
from commerce.core.places import Area, Place
from commerce.core.pool import Database
from commerce.core.viewer import SYSTEM
from commerce.integrations.json_service import JsonService
from commerce.integrations.tax_service import HttpTaxService
from commerce.taxes.models import TaxAnswer
from commerce.wiring import Services
from tests.support.json_services import JsonDouble, json_double
from tests.support.services import PORTS, side_by_side
from tests.support.taxes import make_tax_class, make_tax_zone

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BERLIN = Place("DE", None, "10115")
VAT = {"name": "VAT", "percent": "19"}
LOW = {"name": "VAT", "percent": "7"}


@pytest.fixture
async def double() -> AsyncIterator[JsonDouble]:
    async with json_double() as found:
        found.says({"rates": {"standard": [VAT], "reduced": [VAT, LOW]}, "seconds": 3600})
        yield found


def asking(uow: UnitOfWork, double: JsonDouble, at: datetime = NOW) -> Services:
    provider = HttpTaxService(JsonService(double.url, None, 0.3), rest=0)
    return Services(uow, SYSTEM, lambda: at, replace(PORTS, tax_provider=provider))


async def _percents(services: Services, class_id: int | None = None) -> list[Decimal]:
    table = await services.tax_rates.table(BERLIN)
    return [rate.percent for rate in table.of(class_id)]


async def test_its_answer_is_kept_until_it_is_over(uow: UnitOfWork, double: JsonDouble) -> None:
    await make_tax_zone(uow, "Germany", [Area("DE")], ("Own", "1", None))
    reduced = await make_tax_class(uow)
    services = asking(uow, double)
    assert await _percents(services) == [Decimal(1)], "nobody has asked yet"
    for _ in range(2):
        await services.tax_rates.prepare(BERLIN)
        await services.tax_rates.prepare(Place("DE", None, "10 115"))
    assert len(double.requests) == 1
    assert await _percents(services) == [Decimal(19)]
    table = await services.tax_rates.table(BERLIN)
    usual, both = table.of(None), table.of(reduced.id)
    assert both[0] == usual[0], "the same rate of two classes is one rate"
    assert [rate.id for rate in both] == [-1, -2]
    late = asking(uow, double, NOW + timedelta(hours=2))
    assert await _percents(late) == [Decimal(1)]
    await late.tax_rates.prepare(BERLIN)
    assert (len(double.requests), await _percents(late)) == (2, [Decimal(19)])


async def test_reading_asks_nobody_and_takes_one_statement(
    uow: UnitOfWork, double: JsonDouble, statements: list[str]
) -> None:
    services = asking(uow, double)
    await services.tax_rates.prepare(BERLIN)
    statements.clear()
    assert await _percents(services) == [Decimal(19)]
    assert (len(statements), len(double.requests)) == (1, 1)


@pytest.mark.parametrize(
    ("status", "body", "wait"),
    [
        ("500 Oops", b"{}", 0.0),
        ("200 OK", b"<html>", 0.0),
        ("200 OK", b'{"rates": {"other": []}}', 0.0),
        ("200 OK", b"{}", 5.0),
    ],
)
async def test_without_an_answer_the_zones_say_it_and_the_log_tells(
    uow: UnitOfWork, double: JsonDouble, status: str, body: bytes, wait: float
) -> None:
    await make_tax_zone(uow, "Germany", [Area("DE")], ("Own", "1", None))
    double.status, double.body, double.wait = status, body, wait
    services = asking(uow, double)
    with capture_logs() as logs:
        await services.tax_rates.prepare(BERLIN)
    assert [entry["event"] for entry in logs] == ["tax_service_failed"]
    assert "10115" not in str(logs)
    assert await _percents(services) == [Decimal(1)]


async def test_a_class_it_was_not_asked_about_makes_it_be_asked_again(
    uow: UnitOfWork, double: JsonDouble
) -> None:
    services = asking(uow, double)
    await services.tax_rates.prepare(BERLIN)
    await make_tax_class(uow)
    await services.tax_rates.prepare(BERLIN)
    assert [body["classes"] for _, _, body in double.requests] == [
        ["standard"],
        ["standard", "reduced"],
    ]


async def test_nobody_is_asked_inside_a_transaction(uow: UnitOfWork, double: JsonDouble) -> None:
    services = asking(uow, double)
    with pytest.raises(RuntimeError, match="transaction"):
        await uow.transact(lambda: services.tax_rates.prepare(BERLIN))
    assert double.requests == []


async def test_a_place_without_a_country_is_not_asked_about(
    uow: UnitOfWork, double: JsonDouble
) -> None:
    await asking(uow, double).tax_rates.prepare(Place())
    assert double.requests == []


async def test_old_answers_are_forgotten(uow: UnitOfWork, double: JsonDouble) -> None:
    await asking(uow, double).tax_rates.prepare(BERLIN)
    assert await asking(uow, double).tax_rates.forget_expired() == 0
    late = asking(uow, double, NOW + timedelta(hours=2))
    assert await late.tax_rates.forget_expired() == 1


async def test_many_carts_at_once_keep_one_answer(database: Database, double: JsonDouble) -> None:
    await side_by_side(database, [lambda services: services.tax_settings.ensure()])

    async def prepare() -> None:
        async with units_on(database)() as uow:
            await asking(uow, double).tax_rates.prepare(BERLIN)

    await asyncio.gather(*(prepare() for _ in range(20)))
    async with units_on(database)() as uow:
        assert await uow.scalar(select(func.count()).select_from(TaxAnswer)) == 1
        assert await _percents(asking(uow, double)) == [Decimal(19)]
