"""Which methods a purchase can be paid with."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import OpenUnit, UnitOfWork
from commerce.core.problems import Invalid
from commerce.core.viewer import ANONYMOUS, SYSTEM
from commerce.payments.rules.offers import Sale, suits
from commerce.wiring import Services
from tests.support.payments import make_method
from tests.support.services import PORTS

FREE = {
    "currencies": [],
    "countries": [],
    "customer_group_ids": [],
    "shipping_method_ids": [],
    "min_total": None,
    "max_total": None,
}
SALE = Sale("EUR", Decimal(50), "DE", customer_group_id=3, shipping_method_id=7)


@pytest.mark.parametrize(
    ("restricted", "fits"),
    [
        ({}, True),
        ({"currencies": ["USD"]}, False),
        ({"currencies": ["USD", "EUR"]}, True),
        ({"countries": ["DE"]}, True),
        ({"countries": ["AT"]}, False),
        ({"customer_group_ids": [3]}, True),
        ({"customer_group_ids": [0]}, False),
        ({"shipping_method_ids": [7]}, True),
        ({"shipping_method_ids": [8]}, False),
        ({"min_total": Decimal(50), "max_total": Decimal(50)}, True),
        ({"min_total": Decimal("50.01")}, False),
        ({"max_total": Decimal("49.99")}, False),
    ],
)
def test_restrictions(restricted: dict[str, Any], fits: bool) -> None:
    assert suits(SimpleNamespace(**{**FREE, **restricted}), SALE) is fits


@pytest.mark.parametrize(
    ("restricted", "fits"),
    [
        ({"countries": ["DE"]}, False),
        ({"shipping_method_ids": [7]}, False),
        ({"customer_group_ids": [0]}, True),
        ({"customer_group_ids": [3]}, False),
    ],
)
def test_what_is_not_known_yet(restricted: dict[str, Any], fits: bool) -> None:
    method = SimpleNamespace(**{**FREE, **restricted})
    assert suits(method, Sale("EUR", Decimal(50))) is fits


async def test_what_is_offered(uow: UnitOfWork) -> None:
    services = Services(uow, ANONYMOUS, system_clock, PORTS)
    await make_method(uow, "late", provider="manual", position=2)
    await make_method(uow, "off", provider="manual", active=False)
    await make_method(uow, "gone", provider="no longer set up")
    await make_method(uow, "far", provider="manual", countries=["NZ"])
    await make_method(uow, "early", provider="manual", position=1)
    methods = services.payment_methods
    assert [method.code for method in await methods.offered(SALE)] == ["early", "late"]
    assert (await methods.usable("late", SALE)).code == "late"
    for code in ("off", "gone", "far", "none", "\0"):
        assert isinstance(await methods.usable(code, SALE), Invalid)


async def test_a_new_store_has_one_method(open_unit: OpenUnit, uow: UnitOfWork) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    methods = services.repositories.payment_methods
    for _ in range(2):
        await methods.ensure_first()
    (first,) = await services.payment_methods.offered(SALE)
    assert (first.code, first.provider) == ("manual", "manual")


async def test_a_store_with_methods_gets_none(uow: UnitOfWork) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    await make_method(uow, "own", provider="manual")
    await services.repositories.payment_methods.ensure_first()
    assert [method.code for method in await services.payment_methods.offered(SALE)] == ["own"]
