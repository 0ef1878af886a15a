from decimal import Decimal
from typing import Any

import pytest

from commerce.catalog.rules.tree import VariantNode
from commerce.interchange.rules.sets import StockSet, VariantSet
from commerce.interchange.rules.terms import (
    Terms,
    price_entry,
    says_prices,
    stock_counts,
    stock_of,
    term_flaws,
)
from commerce.inventory.rules.stock import StockCount
from commerce.pricing.rules.prices import PriceEntry

OLD, NEW = VariantNode({}, id=1), VariantNode({}, id=2)
TERMS = Terms(
    currency="EUR",
    prices={1: (Decimal("9.50"), Decimal(12), None)},
    locations={None: 5, "main": 5, "outlet": 6},
    levels={(1, 5): 3},
)


@pytest.mark.parametrize(
    ("node", "values", "entry"),
    [
        (OLD, {}, None),
        (OLD, {"price": Decimal("9.5000")}, None),
        (OLD, {"price": Decimal(8)}, PriceEntry(1, Decimal(8), Decimal(12), None)),
        (OLD, {"compare_at": None}, PriceEntry(1, Decimal("9.50"), None, None)),
        (OLD, {"cost": Decimal(4)}, PriceEntry(1, Decimal("9.50"), Decimal(12), Decimal(4))),
        (OLD, {"price": None}, PriceEntry(1, None, Decimal(12), None)),
        (NEW, {}, None),
        (NEW, {"price": None}, None),
        (NEW, {"price": Decimal(0)}, PriceEntry(2, Decimal(0))),
    ],
)
def test_only_what_is_given_and_different_is_written(
    node: VariantNode, values: dict[str, Any], entry: PriceEntry | None
) -> None:
    assert price_entry(TERMS, node, VariantSet(**values)) == entry


@pytest.mark.parametrize(
    ("node", "stock", "counts"),
    [
        (OLD, [StockSet(3)], []),
        (OLD, [StockSet(4)], [StockCount(1, 5, 4)]),
        (OLD, [StockSet(3, "main"), StockSet(7, "outlet")], [StockCount(1, 6, 7)]),
        (NEW, [StockSet(0)], []),
        (NEW, [StockSet(1)], [StockCount(2, 5, 1)]),
    ],
)
def test_only_levels_that_differ_are_counted(
    node: VariantNode, stock: Any, counts: list[StockCount]
) -> None:
    assert list(stock_counts(TERMS, node, VariantSet(stock=stock))) == counts
    assert list(stock_counts(TERMS, node, VariantSet())) == []


def test_the_default_location_may_have_to_be_made_yet() -> None:
    row = VariantSet(stock=[StockSet(1)])
    assert list(stock_counts(Terms(), NEW, row)) == [StockCount(2, None, 1)]
    assert list(term_flaws(Terms(), NEW, row, ())) == []


@pytest.mark.parametrize(
    ("node", "values", "paths"),
    [
        (OLD, {"price": Decimal(-1)}, [("price",)]),
        (OLD, {"price": Decimal("1.005")}, [("price",)]),
        (OLD, {"compare_at": Decimal("NaN")}, [("compare_at",)]),
        (OLD, {"cost": Decimal("1e30")}, [("cost",)]),
        (OLD, {"cost": Decimal(1)}, []),
        (NEW, {"cost": Decimal(1)}, [("price",)]),
        (NEW, {"cost": None}, []),
        (NEW, {"price": None, "cost": Decimal(1)}, []),
        (OLD, {"stock": [StockSet(-1)]}, [("stock", "0", "on_hand")]),
        (OLD, {"stock": [StockSet(2**31)]}, [("stock", "0", "on_hand")]),
        (OLD, {"stock": [StockSet(1, "moon")]}, [("stock", "0", "location")]),
        (OLD, {"stock": [StockSet(1), StockSet(2, "main")]}, [("stock", "1", "location")]),
    ],
)
def test_flaws_say_where(node: VariantNode, values: dict[str, Any], paths: Any) -> None:
    assert [flaw.path for flaw in term_flaws(TERMS, node, VariantSet(**values), ())] == paths


def test_amounts_follow_the_lists_currency() -> None:
    yen = Terms(currency="JPY")
    row = VariantSet(price=Decimal("9.5"))
    assert [flaw.path for flaw in term_flaws(yen, NEW, row, ("variants", "0"))] == [
        ("variants", "0", "price")
    ]


def test_prices_need_a_list_to_be_in() -> None:
    assert [flaw.path for flaw in term_flaws(Terms(), NEW, VariantSet(price=Decimal(1)), ())] == [
        ("price",)
    ]
    assert list(term_flaws(Terms(), NEW, VariantSet(price=None), ())) == []


def test_what_rows_say_is_seen() -> None:
    assert says_prices([VariantSet(), VariantSet(cost=None)])
    assert not says_prices([VariantSet(sku="a")])
    assert stock_of([VariantSet(), VariantSet(stock=[StockSet(1)])]) == [StockSet(1)]
