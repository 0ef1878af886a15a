from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from resolvers.schema import policies
from tests.conftest import Ask
from tests.support.catalog import make_product, make_variant
from tests.support.graphql import schema
from tests.support.inventory import make_level, make_location

ADJUST = """
mutation ($input: StockAdjustInput!) { stockAdjust(input: $input) {
  stockLevels { onHand reserved available variant { sku } location { code } }
  movements { databaseId delta kind reason reference actor variant { sku } location { code } }
  userErrors { code message path
    ... on InsufficientStockError { available } ... on QuantityChangedError { current } }
} }
"""


async def _stocked(uow: UnitOfWork, on_hand: int = 5, **values: Any) -> tuple[str, str]:
    """The global ids of a variant with the sku `A` and of the default location."""
    main = await make_location(uow)
    variant = await make_variant(uow, await make_product(uow), sku="A")
    await make_level(uow, variant, main, on_hand, **values)
    return global_id("ProductVariant", variant.id), global_id("StockLocation", main.id)


async def _adjust(ask: Ask, *changes: dict[str, Any], **values: Any) -> Any:
    answer = await ask(ADJUST, {"input": {"changes": list(changes), **values}})
    assert "errors" not in answer
    return answer["data"]["stockAdjust"]


async def test_stock_is_adjusted_and_the_ledger_says_why(ask: Ask, uow: UnitOfWork) -> None:
    variant, location = await _stocked(uow, 5, reserved=1)
    sold = {"variantId": variant, "change": {"delta": -3}, "changeFromQuantity": 5}
    done = await _adjust(ask, sold, reason="sale", reference="order-7")
    assert done["userErrors"] == []
    assert done["stockLevels"] == [
        {
            "onHand": 2,
            "reserved": 1,
            "available": 1,
            "variant": {"sku": "A"},
            "location": {"code": "main"},
        }
    ]
    (movement,) = done["movements"]
    assert {name: movement[name] for name in movement if name != "databaseId"} == {
        "delta": -3,
        "kind": "ADJUSTMENT",
        "reason": "sale",
        "reference": "order-7",
        "actor": "api_key:1",
        "variant": {"sku": "A"},
        "location": {"code": "main"},
    }
    assert await _adjust(ask, sold, reason="sale", reference="order-7") == done
    counted = {"variantId": variant, "locationId": location, "change": {"setTo": 9}}
    recounted = await _adjust(ask, counted)
    assert [(row["delta"], row["kind"]) for row in recounted["movements"]] == [(7, "COUNT")]


async def test_more_than_is_available_is_refused_with_what_is(ask: Ask, uow: UnitOfWork) -> None:
    variant, _ = await _stocked(uow, 5, reserved=3)
    refused = await _adjust(ask, {"variantId": variant, "change": {"delta": -3}})
    assert refused == {
        "stockLevels": [],
        "movements": [],
        "userErrors": [
            {
                "code": "INSUFFICIENT_STOCK",
                "message": "Only 2 are available.",
                "path": ["changes", "0", "change", "delta"],
                "available": 2,
            }
        ],
    }


async def test_another_quantity_than_expected_is_refused_with_what_it_is(
    ask: Ask, uow: UnitOfWork
) -> None:
    variant, _ = await _stocked(uow, 5)
    change = {"variantId": variant, "change": {"setTo": 1}, "changeFromQuantity": 4}
    (error,) = (await _adjust(ask, change))["userErrors"]
    assert (error["code"], error["current"]) == ("QUANTITY_CHANGED", 5)
    assert error["path"] == ["changes", "0", "changeFromQuantity"]


async def test_a_reference_is_not_used_for_two_things(ask: Ask, uow: UnitOfWork) -> None:
    variant, _ = await _stocked(uow, 5)
    await _adjust(ask, {"variantId": variant, "change": {"delta": -1}}, reference="r")
    refused = await _adjust(ask, {"variantId": variant, "change": {"delta": -2}}, reference="r")
    assert [error["code"] for error in refused["userErrors"]] == ["IDEMPOTENCY_CONFLICT"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"variantId": global_id("Product", 1)}, ["changes", "0", "variantId"]),
        ({"locationId": "nonsense"}, ["changes", "0", "locationId"]),
        ({"locationId": global_id("StockLocation", 2**40)}, ["changes", "0", "locationId"]),
    ],
)
async def test_ids_of_something_else_are_not_found(
    ask: Ask, uow: UnitOfWork, change: dict[str, Any], path: list[str]
) -> None:
    variant, _ = await _stocked(uow, 5)
    given = {"variantId": variant, "change": {"delta": 1}, **change}
    (error,) = (await _adjust(ask, given))["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_FOUND", path)


@pytest.mark.parametrize("change", [{}, {"delta": 1, "setTo": 1}, {"delta": None}, {"setTo": None}])
async def test_a_change_is_either_a_delta_or_a_count(
    ask: Ask, uow: UnitOfWork, change: dict[str, Any]
) -> None:
    variant, _ = await _stocked(uow, 5)
    given = {"changes": [{"variantId": variant, "change": change}]}
    answer = await ask(ADJUST, {"input": given})
    assert answer["errors"]
    assert answer.get("data") is None
    found = await ask('{ variant(sku: "A") { availability { quantity } } }')
    assert found["data"]["variant"]["availability"]["quantity"] == 5


async def test_250_changes_are_the_most(ask: Ask, uow: UnitOfWork) -> None:
    variant, _ = await _stocked(uow, 5)
    changes = [{"variantId": variant, "change": {"delta": 1}}] * 251
    answer = await ask(ADJUST, {"input": {"changes": changes}})
    assert [error["message"] for error in answer["errors"]] == ["changes takes at most 250 items."]


AVAILABILITY = """{ variant(sku: "A") {
  availability { inStock backorder lowStock quantity } product { inStock } } }"""


@pytest.mark.parametrize(
    ("variant", "on_hand", "threshold", "expected"),
    [
        ({}, 5, None, (True, False, False, 5)),
        ({}, 5, 5, (True, False, True, 5)),
        ({}, 0, 0, (False, False, True, 0)),
        ({"backorder": BackorderPolicy.ALLOW}, 0, None, (True, True, False, 0)),
        ({"track_stock": False}, 0, 9, (True, False, False, None)),
    ],
)
async def test_what_is_said_of_a_variants_stock(
    ask: Ask,
    uow: UnitOfWork,
    variant: dict[str, Any],
    on_hand: int,
    threshold: int | None,
    expected: tuple[bool, bool, bool, int | None],
) -> None:
    main = await make_location(uow)
    made = await make_variant(uow, await make_product(uow), sku="A", **variant)
    await make_level(uow, made, main, on_hand, low_stock_threshold=threshold)
    found = (await ask(AVAILABILITY))["data"]["variant"]
    assert tuple(found["availability"].values()) == expected
    assert found["product"]["inStock"] is expected[0]


async def test_a_variant_without_any_level_is_not_in_stock(ask: Ask, uow: UnitOfWork) -> None:
    await make_variant(uow, await make_product(uow), sku="A")
    found = (await ask(AVAILABILITY))["data"]["variant"]
    assert tuple(found["availability"].values()) == (False, False, False, 0)


async def test_quantities_beyond_32_bits_are_shown_as_the_most_there_is(
    ask: Ask, uow: UnitOfWork
) -> None:
    variant = await make_variant(uow, await make_product(uow), sku="A")
    for number in range(3):
        place = await make_location(uow, f"l{number}", is_default=False)
        await make_level(uow, variant, place, 1_000_000_000)
    found = (await ask(AVAILABILITY))["data"]["variant"]
    assert found["availability"]["quantity"] == 2**31 - 1


def test_how_many_there_are_is_told_only_to_readers_of_stock() -> None:
    known = {field: policy.scopes for field, policy in policies(schema()).items()}
    guarded = {frozenset({Scope.READ_STOCK})}
    assert {known["Availability", "quantity"], known["ProductVariant", "stockLevels"]} == guarded
    assert {known["ProductVariant", "stockMovements"], known["Query", "stockLevels"]} == guarded
    assert {known["Query", "stockMovements"], known["Query", "stockLocations"]} == guarded
    assert known["Availability", "inStock"] == frozenset()
    prices = frozenset({Scope.READ_PRICES})
    assert {known["VariantPricing", "cost"], known["VariantPricing", "priceList"]} == {prices}
    assert known["Query", "priceLists"] == prices
    for name, scope in (
        ("stockAdjust", Scope.WRITE_STOCK),
        ("stockLevelUpdate", Scope.WRITE_STOCK),
        ("stockLocationUpsert", Scope.WRITE_STOCK),
        ("pricesSet", Scope.WRITE_PRICES),
        ("priceListUpsert", Scope.WRITE_PRICES),
    ):
        assert known["Mutation", name] == {scope}


LISTING = """
query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Product {
  inStock variants(first: 3) { nodes { availability { inStock lowStock } } }
} } }
"""


async def test_availability_of_1_and_50_products_costs_the_same_statements(
    ask_anonymously: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    main = await make_location(uow)
    ids = []
    for number in range(50):
        product = await make_product(uow, f"P {number}")
        ids.append(global_id("Product", product.id))
        for key in "abc":
            variant = await make_variant(uow, product, option_key=key)
            await make_level(uow, variant, main, number % 2)
    for count in (1, 50):
        statements.clear()
        found = await ask_anonymously(LISTING, {"ids": ids[:count]})
        shown = [node["inStock"] for node in found["data"]["nodes"]]
        assert shown == [bool(number % 2) for number in range(count)]
        assert len(statements) == 4  # products, in stock, variants, availability


NESTED = """
query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ProductVariant {
  stockLevels(first: 1) {
    nodes { onHand location { code } } totalCount { count } pageInfo { hasNextPage }
  }
  stockMovements(first: 1) { nodes { delta location { code } } totalCount { count } }
} } }
"""


async def test_levels_and_movements_of_1_and_50_variants_cost_the_same_statements(
    ask: Ask, uow: UnitOfWork, statements: list[str]
) -> None:
    places = [
        await make_location(uow, code, is_default=code == "main") for code in ("main", "shop")
    ]
    product = await make_product(uow)
    ids = []
    for number in range(50):
        variant = await make_variant(uow, product, option_key=str(number))
        ids.append(global_id("ProductVariant", variant.id))
        for place in places:
            await make_level(uow, variant, place, number + 1)
    for count in (1, 50):
        statements.clear()
        found = (await ask(NESTED, {"ids": ids[:count]}))["data"]["nodes"]
        assert found == [
            {
                "stockLevels": {
                    "nodes": [{"onHand": number + 1, "location": {"code": "main"}}],
                    "totalCount": {"count": 2},
                    "pageInfo": {"hasNextPage": True},
                },
                "stockMovements": {
                    "nodes": [{"delta": number + 1, "location": {"code": "shop"}}],
                    "totalCount": {"count": 2},
                },
            }
            for number in range(count)
        ]
        # variants, levels, movements, two counts, the locations of levels and of movements
        assert len(statements) == 7


LEVELS = """
query ($where: StockLevelWhere, $first: Int, $after: String) {
  stockLevels(where: $where, first: $first, after: $after) {
    nodes { onHand lowStock variant { sku } location { code } }
    totalCount { count } pageInfo { endCursor hasNextPage }
  }
}
"""


async def _four_levels(uow: UnitOfWork) -> dict[str, str]:
    """Variants `A` and `B` at `main` and `shop`; A at main is low. Answers ids by name."""
    ids = {}
    places = [
        await make_location(uow, code, is_default=code == "main") for code in ("main", "shop")
    ]
    product = await make_product(uow)
    for sku in "AB":
        variant = await make_variant(uow, product, option_key=sku, sku=sku)
        ids[sku] = global_id("ProductVariant", variant.id)
        for place in places:
            threshold = {"A": 5, "B": None}[sku] if place is places[0] else 1
            await make_level(uow, variant, place, 3, low_stock_threshold=threshold)
            ids[place.code] = global_id("StockLocation", place.id)
    return ids


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, ["A main", "A shop", "B main", "B shop"]),
        ({"lowStock": True}, ["A main"]),
        ({"lowStock": False}, ["A shop", "B main", "B shop"]),
        ({"variantId": "B"}, ["B main", "B shop"]),
        ({"locationId": "shop"}, ["A shop", "B shop"]),
        ({"variantId": "A", "locationId": "shop", "lowStock": False}, ["A shop"]),
        ({"variantId": "main"}, []),
        ({"locationId": "nonsense"}, []),
    ],
)
async def test_levels_are_filtered(
    ask: Ask, uow: UnitOfWork, where: dict[str, Any], expected: list[str]
) -> None:
    ids = await _four_levels(uow)
    given = {
        key: ids.get(value, value) if isinstance(value, str) else value
        for key, value in where.items()
    }
    found = (await ask(LEVELS, {"where": given}))["data"]["stockLevels"]
    shown = [f"{node['variant']['sku']} {node['location']['code']}" for node in found["nodes"]]
    assert shown == expected
    assert found["totalCount"] == {"count": len(expected)}


async def test_levels_are_paged_and_a_cursor_is_bound_to_its_filter(
    ask: Ask, uow: UnitOfWork
) -> None:
    await _four_levels(uow)
    first = (await ask(LEVELS, {"first": 3}))["data"]["stockLevels"]
    assert first["pageInfo"]["hasNextPage"] is True
    after = first["pageInfo"]["endCursor"]
    rest = (await ask(LEVELS, {"first": 3, "after": after}))["data"]["stockLevels"]
    assert [node["variant"]["sku"] + node["location"]["code"] for node in rest["nodes"]] == [
        "Bshop"
    ]
    foreign = await ask(LEVELS, {"after": after, "where": {"lowStock": True}})
    assert "not issued for this list" in foreign["errors"][0]["message"]


async def test_movements_are_filtered_newest_first(ask: Ask, uow: UnitOfWork) -> None:
    ids = await _four_levels(uow)
    query = """query ($where: StockMovementWhere) { stockMovements(where: $where) {
      nodes { variant { sku } location { code } } totalCount { count } } }"""
    for where, expected in (
        ({}, ["B shop", "B main", "A shop", "A main"]),
        ({"variantId": ids["A"]}, ["A shop", "A main"]),
        ({"locationId": ids["main"]}, ["B main", "A main"]),
        ({"variantId": ids["A"], "locationId": ids["main"]}, ["A main"]),
    ):
        found = (await ask(query, {"where": where}))["data"]["stockMovements"]
        shown = [f"{node['variant']['sku']} {node['location']['code']}" for node in found["nodes"]]
        assert shown == expected
        assert found["totalCount"] == {"count": len(expected)}


async def test_a_threshold_is_set_and_cleared(ask: Ask, uow: UnitOfWork) -> None:
    variant, location = await _stocked(uow, 5)
    query = """mutation ($input: StockLevelUpdateInput!) { stockLevelUpdate(input: $input) {
      stockLevel { lowStockThreshold lowStock } userErrors { code path } } }"""
    for threshold, low in ((5, True), (None, False)):
        given = {"variantId": variant, "lowStockThreshold": threshold}
        done = (await ask(query, {"input": given}))["data"]["stockLevelUpdate"]
        assert done["stockLevel"] == {"lowStockThreshold": threshold, "lowStock": low}
    bad = {"variantId": variant, "locationId": location, "lowStockThreshold": -1}
    refused = (await ask(query, {"input": bad}))["data"]["stockLevelUpdate"]
    assert refused["userErrors"] == [{"code": "INVALID", "path": ["lowStockThreshold"]}]
    missing = await ask(query, {"input": {"variantId": variant}})
    assert missing["errors"][0]["message"] == "lowStockThreshold must be given; null is never."


async def test_a_location_is_added_changed_and_listed(ask: Ask, uow: UnitOfWork) -> None:
    query = """mutation ($input: StockLocationUpsertInput!) { stockLocationUpsert(input: $input) {
      stockLocation { id code name isDefault active version } userErrors { code path } } }"""
    given = {"name": "Back Room", "isDefault": True}
    added = (await ask(query, {"input": given}))["data"]["stockLocationUpsert"]["stockLocation"]
    assert added == {
        "id": added["id"],
        "code": "back-room",
        "name": "Back Room",
        "isDefault": True,
        "active": True,
        "version": 1,
    }
    refused = await ask(query, {"input": {"id": added["id"], "active": False}})
    assert refused["data"]["stockLocationUpsert"] == {
        "stockLocation": None,
        "userErrors": [{"code": "INVALID", "path": ["active"]}],
    }
    listed = await ask("{ stockLocations { nodes { name } totalCount { count } } }")
    assert listed["data"]["stockLocations"] == {
        "nodes": [{"name": "Back Room"}],
        "totalCount": {"count": 1},
    }


async def test_locations_and_movements_are_nothing_to_the_storefront(
    ask: Ask, ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    variant, location = await _stocked(uow, 5)
    movement = "{ stockMovements { nodes { id } } }"
    ids = [location, (await ask(movement))["data"]["stockMovements"]["nodes"][0]["id"]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await ask_anonymously(query, {"ids": ids}) == {"data": {"nodes": [None, None]}}
    assert await ask(query, {"ids": ids}) == {"data": {"nodes": [{"id": id_} for id_ in ids]}}
    writer = Viewer(ViewerKind.API_KEY, 2, frozenset({Scope.WRITE_STOCK}))
    change = {"changes": [{"variantId": variant, "change": {"delta": 1}}]}
    done = await ask(ADJUST, {"input": change}, viewer=writer)
    assert done["data"]["stockAdjust"]["stockLevels"][0]["location"] == {"code": "main"}


async def test_a_level_is_found_by_its_number(ask: Ask, uow: UnitOfWork) -> None:
    await _stocked(uow, 5, reserved=1)
    listed = await ask("{ stockLevels { nodes { id databaseId available } } }")
    (level,) = listed["data"]["stockLevels"]["nodes"]
    assert level["id"] == global_id("StockLevel", level["databaseId"])
    query = "query ($id: ID!) { node(id: $id) { ... on StockLevel { databaseId available } } }"
    found = await ask(query, {"id": level["id"]})
    assert found["data"]["node"] == {"databaseId": level["databaseId"], "available": 4}
    stranger = Viewer(ViewerKind.API_KEY, 2, frozenset())
    assert (await ask(query, {"id": level["id"]}, viewer=stranger))["data"]["node"] is None


async def test_locations_are_listed_by_whether_they_sell(ask: Ask, uow: UnitOfWork) -> None:
    await make_location(uow)
    await make_location(uow, "closed", is_default=False, active=False)
    query = """query ($where: StockLocationWhere) {
      stockLocations(where: $where) { nodes { code } totalCount { count } } }"""
    for where, codes in (
        ({"active": True}, ["main"]),
        ({"active": False}, ["closed"]),
        ({}, ["closed", "main"]),
    ):
        shown = (await ask(query, {"where": where}))["data"]["stockLocations"]
        assert [node["code"] for node in shown["nodes"]] == codes
        assert shown["totalCount"] == {"count": len(codes)}
