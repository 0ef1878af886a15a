"""Which rates hold where."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.places import Area, Place
from commerce.core.viewer import SYSTEM
from commerce.taxes.kinds import ShippingTax
from commerce.taxes.models import TaxSettings
from commerce.taxes.rules.table import TaxTable
from commerce.wiring import Services
from tests.support.taxes import make_tax_class, make_tax_zone

BERLIN = Place("DE", None, "10115")


async def _table(uow: UnitOfWork, place: Place) -> TaxTable:
    return await Services(uow, SYSTEM, system_clock).tax_rates.table(place)


def _named(rates: Any) -> list[tuple[str, Decimal]]:
    return [(rate.name, rate.percent) for rate in rates]


async def test_goods_are_taxed_by_class_in_the_zone_of_their_buyer(uow: UnitOfWork) -> None:
    reduced = await make_tax_class(uow)
    standard = (await _table(uow, BERLIN)).default_class
    await make_tax_zone(
        uow,
        "Germany",
        [Area("DE")],
        ("VAT 19", "19", standard),
        ("VAT 7", "7", reduced.id),
        ("Levy", "0.5", None),
    )
    table = await _table(uow, BERLIN)
    usual = [("VAT 19", Decimal(19)), ("Levy", Decimal("0.5"))]
    assert _named(table.of(standard)) == _named(table.of(None)) == usual
    assert _named(table.of(reduced.id)) == [("VAT 7", Decimal(7)), ("Levy", Decimal("0.5"))]
    assert _named(table.of(404)) == usual, "a class that is gone is the default one"
    assert table.of(standard, taxable=False) == ()
    assert _named(table.shipping or ()) == usual
    elsewhere = await _table(uow, Place("FR"))
    assert (elsewhere.of(None), elsewhere.shipping) == ((), ())


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (Place("US", "CA", "90210"), "Beverly Hills"),
        (Place("US", "CA", "94016"), "California"),
        (Place("US", "NY"), "Union"),
        (Place("CA"), "World"),
        (Place(), "World"),
    ],
)
async def test_the_closest_zone_wins_then_priority_then_age(
    uow: UnitOfWork, place: Place, zone: str
) -> None:
    for name, area, priority in (
        ("Older", Area("US"), 1),
        ("World", Area(), 9),
        ("Union", Area("US"), 2),
        ("Younger", Area("US"), 2),
        ("California", Area("US", "CA"), 0),
        ("Beverly Hills", Area("US", "CA", ("90209-90213",)), 0),
    ):
        await make_tax_zone(uow, name, [area, Area("AT")], (name, "1", None), priority=priority)
    assert _named((await _table(uow, place)).of(None)) == [(zone, Decimal(1))]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ShippingTax.CLASS, [("VAT 7", Decimal(7))]),
        (ShippingTax.GOODS, None),
        (ShippingTax.NONE, []),
    ],
)
async def test_the_store_says_how_shipping_is_taxed(
    uow: UnitOfWork, kind: ShippingTax, expected: list[Any] | None
) -> None:
    reduced = await make_tax_class(uow)
    await make_tax_zone(uow, "Germany", [Area("DE")], ("VAT 7", "7", reduced.id))
    await uow.change(update(TaxSettings).values(shipping_tax=kind, shipping_class_id=reduced.id))
    table = await _table(uow, BERLIN)
    assert (None if table.shipping is None else _named(table.shipping)) == expected
    assert _named(table.shipping_of(reduced.id) or ()) == [("VAT 7", Decimal(7))]
    assert table.shipping_of(None) == table.shipping


async def test_two_statements_are_enough_however_many_zones(
    uow: UnitOfWork, statements: list[str]
) -> None:
    for number in range(5):
        areas = [Area("DE", None, (f"{number}*",)), Area("FR", None, (f"{number}*",))]
        await make_tax_zone(uow, f"Zone {number}", areas, (f"Tax {number}", "1", None))
    statements.clear()
    table = await _table(uow, BERLIN)
    assert _named(table.of(None)) == [("Tax 1", Decimal(1))]
    assert len(statements) == 2
