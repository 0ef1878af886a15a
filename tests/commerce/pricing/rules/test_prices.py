from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.problems import Invalid
from commerce.pricing.rules.prices import PriceEntry, entries_flaw, list_flaw, on_sale, tiers

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLAIN: dict[str, Any] = {"currency": "EUR", "is_default": False, "active": True}


@pytest.mark.parametrize(
    ("amount", "compare_at", "sale"),
    [("9.99", None, False), ("9.99", "9.99", False), ("9.99", "10", True), ("9.99", "5", False)],
)
def test_a_price_is_a_sale_below_what_it_is_compared_with(
    amount: str, compare_at: str | None, sale: bool
) -> None:
    assert on_sale(Decimal(amount), Decimal(compare_at) if compare_at else None) is sale


@dataclass(frozen=True)
class _Offer:
    min_quantity: int
    amount: int


@pytest.mark.parametrize(
    ("best_first", "expected"),
    [
        ([], []),
        ([(1, 10)], [(1, 10)]),
        ([(10, 8), (5, 9), (1, 10)], [(1, 10), (5, 9), (10, 8)]),
        # a better list from 5 units on: the ordinary list's tier for 10 is never the price
        ([(5, 7), (10, 8), (1, 10)], [(1, 10), (5, 7)]),
        # a better list from 1 unit on hides all of the other
        ([(1, 7), (10, 6), (1, 10)], [(1, 7)]),
        # nothing is sold below 3 units
        ([(3, 7)], [(3, 7)]),
    ],
)
def test_tiers_are_the_prices_a_growing_quantity_passes_through(
    best_first: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert tiers([_Offer(*offer) for offer in best_first]) == [_Offer(*tier) for tier in expected]


@pytest.mark.parametrize(
    ("entries", "currency", "path"),
    [
        ([PriceEntry(1, Decimal("9.99"))], "EUR", None),
        ([PriceEntry(1, None)], "EUR", None),
        ([PriceEntry(1, Decimal(1)), PriceEntry(1, Decimal(1), min_quantity=2)], "EUR", None),
        ([PriceEntry(1, Decimal(1)), PriceEntry(1, Decimal(2))], "EUR", ("prices", "1")),
        ([PriceEntry(1, None), PriceEntry(1, Decimal(2))], "EUR", ("prices", "1")),
        ([PriceEntry(1, Decimal("10.5"))], "JPY", ("prices", "0", "price")),
        ([PriceEntry(1, Decimal("1.0005"))], "KWD", ("prices", "0", "price")),
        ([PriceEntry(1, Decimal("1.005"))], "KWD", None),
        ([PriceEntry(1, Decimal("Infinity"))], "EUR", ("prices", "0", "price")),
        ([PriceEntry(1, Decimal(1), Decimal(-1))], "EUR", ("prices", "0", "compare_at")),
        ([PriceEntry(1, Decimal(1), None, Decimal("0.001"))], "EUR", ("prices", "0", "cost")),
        ([PriceEntry(1, Decimal(1), min_quantity=2**31)], "EUR", ("prices", "0", "min_quantity")),
    ],
)
def test_entries_are_refused_by_their_first_flaw(
    entries: list[PriceEntry], currency: str, path: tuple[str, ...] | None
) -> None:
    flaw = entries_flaw(entries, currency)
    assert (None if flaw is None else flaw.path) == path


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, None),
        ({"currency": "EURO"}, ("currency_code",)),
        ({"currency": None}, ("currency_code",)),
        ({"starts_at": NOON, "ends_at": NOON + timedelta(1)}, None),
        ({"starts_at": NOON, "ends_at": NOON}, ("ends_at",)),
        ({"is_default": True}, None),
        ({"is_default": True, "customer_group_id": 1}, ("customer_group_id",)),
        ({"is_default": True, "starts_at": NOON}, ("starts_at",)),
        ({"is_default": True, "ends_at": NOON}, ("ends_at",)),
        ({"is_default": True, "active": False}, ("active",)),
    ],
)
def test_a_list_is_refused_by_its_first_flaw(
    changes: dict[str, Any], path: tuple[str, ...] | None
) -> None:
    flaw = list_flaw({**PLAIN, **changes})
    assert (None if flaw is None else flaw.path) == path
    assert flaw is None or type(flaw) is Invalid
