from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.core.places import Place
from commerce.shipping.kinds import ShippingKind, TableBasis
from commerce.shipping.ports import CarrierRate
from commerce.shipping.rules.parcels import Parcel, digest_of, is_offered, price_of

PARCEL = Parcel("EUR", Decimal("49.90"), 1200, 3, frozenset({7}), frozenset({70, 71}))


def _method(**values: Any) -> Any:
    given = {
        "kind": ShippingKind.FLAT,
        "table_by": TableBasis.WEIGHT,
        "price": Decimal("4.90"),
        "percent": Decimal(0),
        "free_from": None,
        "rates": [],
        "customer_group_ids": [],
        "excluded_product_ids": [],
        "excluded_category_ids": [],
    }
    for bound in ("weight_grams", "quantity", "subtotal"):
        given |= {f"min_{bound}": None, f"max_{bound}": None}
    return SimpleNamespace(**{**given, **values})


def _row(first: str, last: str | None, price: str, **more: str) -> Mapping[str, Any]:
    zeros = {"percent": "0", "per_item": "0", "per_kilogram": "0"}
    return {"from": first, "to": last, "price": price, **zeros, **more}


@pytest.mark.parametrize(
    ("limits", "offered"),
    [
        ({}, True),
        ({"min_weight_grams": 1200, "max_weight_grams": 1200}, True),
        ({"min_weight_grams": 1201}, False),
        ({"max_weight_grams": 1199}, False),
        ({"min_quantity": 4}, False),
        ({"max_quantity": 2}, False),
        ({"min_subtotal": Decimal("49.90"), "max_subtotal": Decimal("49.90")}, True),
        ({"min_subtotal": Decimal("49.91")}, False),
        ({"max_subtotal": Decimal("49.89")}, False),
        ({"excluded_product_ids": [6, 7]}, False),
        ({"excluded_product_ids": [6, 8]}, True),
        ({"excluded_category_ids": [71]}, False),
        ({"customer_group_ids": [3]}, False),
        ({"customer_group_ids": [0]}, True),  # whoever is in no group counts to the built-in one
    ],
)
def test_a_method_is_offered_within_its_limits(limits: dict[str, Any], offered: bool) -> None:
    assert is_offered(_method(**limits), PARCEL) is offered


def test_a_method_for_a_group_is_for_its_customers() -> None:
    trade = replace(PARCEL, customer_group_id=3)
    assert is_offered(_method(customer_group_ids=[3]), trade)
    assert not is_offered(_method(customer_group_ids=[0]), trade)


@pytest.mark.parametrize(
    ("values", "price"),
    [
        ({}, "4.90"),
        ({"percent": Decimal(10)}, "9.89"),
        ({"price": Decimal(0), "percent": Decimal("0.5")}, "0.25"),  # 0.2495, half up
        ({"free_from": Decimal("49.90")}, "0"),
        ({"free_from": Decimal("49.91")}, "4.90"),
        ({"kind": ShippingKind.PICKUP, "price": Decimal(0)}, "0"),
    ],
)
def test_a_flat_price_may_have_a_percentage_and_an_end(values: dict[str, Any], price: str) -> None:
    assert price_of(_method(**values), PARCEL, None) == Decimal(price)


BY_WEIGHT = [_row("0", "1000", "3"), _row("1000", "5000", "5"), _row("6000", None, "9")]


@pytest.mark.parametrize(
    ("weight", "price"),
    [(0, "3"), (999, "3"), (1000, "5"), (5000, "5"), (5001, None), (6000, "9"), (10**9, "9")],
)
def test_of_rows_that_touch_the_later_one_counts_and_gaps_have_no_price(
    weight: int, price: str | None
) -> None:
    method = _method(kind=ShippingKind.TABLE, rates=BY_WEIGHT, price=Decimal(0))
    found = price_of(method, replace(PARCEL, weight_grams=weight), None)
    assert found == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    ("basis", "price"),
    [
        (TableBasis.SUBTOTAL, "6"),
        (TableBasis.DISCOUNTED_SUBTOTAL, "7"),
        (TableBasis.QUANTITY, "8"),
    ],
)
def test_rows_are_chosen_by_what_the_method_says(basis: TableBasis, price: str) -> None:
    rates = [_row("0", "10", "8"), _row("40", "45", "7"), _row("46", None, "6")]
    method = _method(kind=ShippingKind.TABLE, table_by=basis, rates=rates, price=Decimal(0))
    discounted = replace(PARCEL, discounted_subtotal=Decimal("44.91"))
    assert price_of(method, discounted, None) == Decimal(price)


def test_without_discounts_the_discounted_subtotal_is_the_subtotal() -> None:
    method = _method(
        kind=ShippingKind.TABLE,
        table_by=TableBasis.DISCOUNTED_SUBTOTAL,
        rates=[_row("49.90", None, "6")],
    )
    assert price_of(method, PARCEL, None) == Decimal("10.90")


def test_a_row_adds_up_what_it_says_with_the_methods_own_price() -> None:
    rates = [_row("0", None, "1", percent="10", per_item="0.5", per_kilogram="2.204623")]
    method = _method(kind=ShippingKind.TABLE, rates=rates)
    # 4.90 + 1 + 4.99 + 1.50 + 2.6455476
    assert price_of(method, PARCEL, None) == Decimal("15.04")


def test_a_carriers_price_gets_the_methods_own_added() -> None:
    method = _method(kind=ShippingKind.CARRIER)
    rate = CarrierRate(Decimal("7.10"), "EUR")
    assert price_of(method, PARCEL, rate) == Decimal("12.00")
    assert price_of(method, PARCEL, replace(rate, currency="USD")) is None
    assert price_of(method, PARCEL, None) is None
    generous = _method(kind=ShippingKind.CARRIER, free_from=Decimal(1))
    assert price_of(generous, PARCEL, rate) == 0
    assert price_of(generous, PARCEL, None) is None


def test_prices_have_the_decimals_of_their_currency() -> None:
    yen = replace(PARCEL, currency="JPY", subtotal=Decimal(4999))
    method = _method(price=Decimal(500), percent=Decimal("0.5"))
    assert str(price_of(method, yen, None)) == "525"


def test_what_a_carrier_is_told_the_same_is_kept_under_the_same_word() -> None:
    place = Place("GB", None, "SW1A 1AA")
    word = digest_of(place, PARCEL)
    assert digest_of(Place("GB", None, "sw1a1aa"), replace(PARCEL, product_ids=frozenset())) == word
    assert digest_of(Place("GB", None, "SW1A 1AB"), PARCEL) != word
    assert digest_of(place, replace(PARCEL, weight_grams=1201)) != word


def test_a_carrier_is_told_amounts_as_people_write_them() -> None:
    stored = replace(PARCEL, subtotal=Decimal("49.900000"))
    assert str(stored.freight.subtotal) == "49.90"
    place = Place("DE", None, "10115")
    assert digest_of(place, stored) == digest_of(place, PARCEL)
