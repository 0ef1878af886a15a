"""What carts and orders do to stock, as the schema tells it; and transfers."""

from datetime import timedelta
from typing import Any

import pytest

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import SYSTEM, Scope
from commerce.inventory.rules.promises import Want
from commerce.wiring import Services
from resolvers.schema import policies
from tests.conftest import Ask
from tests.support.catalog import make_product, make_variant
from tests.support.graphql import schema
from tests.support.inventory import make_level, make_location

TRANSFER = """
mutation ($input: StockTransferInput!) { stockTransfer(input: $input) {
  stockLevels { onHand available variant { sku } location { code } }
  movements { databaseId delta kind reference location { code } }
  userErrors { code message path ... on InsufficientStockError { available } }
} }
"""
AVAILABILITY = """{ variant(sku: "A") {
  availability { inStock lowStock quantity } product { inStock }
  stockLevels { nodes { onHand reserved held allocated available lowStock } } }
  products(where: { inStock: true }) { nodes { title } } }"""
RESERVATIONS = """query ($where: StockReservationWhere, $first: Int) {
  stockReservations(where: $where, first: $first) { totalCount { count }
    nodes { cartId quantity backordered expiresAt variant { sku } location { code } } } }"""
LATER = system_clock() + timedelta(days=1)  # later than the end of the suite


async def _stocked(uow: UnitOfWork, on_hand: int, sku: str = "A", **values: Any) -> tuple[Any, Any]:
    """A variant, and the default location that holds it."""
    main = await make_location(uow)
    variant = await make_variant(uow, await make_product(uow), sku=sku, **values)
    await make_level(uow, variant, main, on_hand, low_stock_threshold=1)
    return variant, main


def _ids(variant: Any, *locations: Any) -> list[str]:
    places = [global_id("StockLocation", location.id) for location in locations]
    return [global_id("ProductVariant", variant.id), *places]


async def _hold(uow: UnitOfWork, cart: int, wants: dict[int, int], until: Any = LATER) -> None:
    services = Services(uow, SYSTEM, system_clock)
    await uow.transact(lambda: services.reservations.hold(cart, wants, until))


async def _transfer(ask: Ask, **values: Any) -> Any:
    answer = await ask(TRANSFER, {"input": values})
    assert "errors" not in answer
    return answer["data"]["stockTransfer"]


async def test_what_carts_hold_and_orders_have_cannot_be_bought(ask: Ask, uow: UnitOfWork) -> None:
    variant, _ = await _stocked(uow, 5)
    services = Services(uow, SYSTEM, system_clock)
    await _hold(uow, 1, {variant.id: 2})
    wants = [Want(1, variant.id, 1)]
    await uow.transact(lambda: services.allocations.allocate(1, wants, None))
    shown = (await ask(AVAILABILITY))["data"]
    assert shown["variant"] == {
        "availability": {"inStock": True, "lowStock": False, "quantity": 2},
        "product": {"inStock": True},
        "stockLevels": {
            "nodes": [
                {
                    "onHand": 5,
                    "reserved": 3,
                    "held": 2,
                    "allocated": 1,
                    "available": 2,
                    "lowStock": False,
                }
            ]
        },
    }
    await _hold(uow, 2, {variant.id: 2})
    gone = (await ask(AVAILABILITY))["data"]
    assert gone["variant"]["availability"] == {"inStock": False, "lowStock": True, "quantity": 0}
    assert gone["variant"]["product"] == {"inStock": False}
    assert gone["products"]["nodes"] == []


async def test_holds_that_are_over_take_nothing_away(ask: Ask, uow: UnitOfWork) -> None:
    variant, _ = await _stocked(uow, 2)
    await _hold(uow, 1, {variant.id: 2}, system_clock() - timedelta(seconds=1))
    shown = (await ask(AVAILABILITY))["data"]
    assert shown["variant"]["availability"]["quantity"] == 2
    assert shown["variant"]["stockLevels"]["nodes"][0]["held"] == 0
    assert len(shown["products"]["nodes"]) == 1


async def test_staff_see_what_carts_hold(ask: Ask, uow: UnitOfWork, statements: list[str]) -> None:
    variant, main = await _stocked(uow, 9)
    for cart in range(1, 4):
        await _hold(uow, cart, {variant.id: cart}, LATER + timedelta(seconds=cart))
    await _hold(uow, 4, {variant.id: 1}, system_clock() - timedelta(seconds=1))
    costs = []
    for first in (1, 3):
        statements.clear()
        found = (await ask(RESERVATIONS, {"first": first}))["data"]["stockReservations"]
        costs.append(len(statements))
        assert found["totalCount"]["count"] == 3
        assert [row["quantity"] for row in found["nodes"]] == [1, 2, 3][:first]
    assert costs[0] == costs[1]
    row = found["nodes"][0]
    assert (row["cartId"], row["backordered"]) == (global_id("Cart", 1), False)
    assert (row["variant"], row["location"]) == ({"sku": "A"}, {"code": "main"})
    _, place = _ids(variant, main)
    for where, count in (({"locationId": place}, 3), ({"variantId": place}, 0)):
        found = (await ask(RESERVATIONS, {"where": where}))["data"]["stockReservations"]
        assert found["totalCount"]["count"] == count


async def test_reservations_are_for_those_who_read_stock(
    ask_anonymously: Ask, uow: UnitOfWork
) -> None:
    known = policies(schema())
    assert known["Query", "stockReservations"].scopes == frozenset({Scope.READ_STOCK})
    assert known["Mutation", "stockTransfer"].scopes == frozenset({Scope.WRITE_STOCK})
    variant, _ = await _stocked(uow, 9)
    await _hold(uow, 1, {variant.id: 1})
    found = await ask_anonymously("{ stockReservations { nodes { quantity } } }")
    assert found == {"data": {"stockReservations": {"nodes": []}}}


async def test_a_transfer_moves_both_ends_once(ask: Ask, uow: UnitOfWork) -> None:
    variant, _ = await _stocked(uow, 5)
    shop = await make_location(uow, "shop", is_default=False)
    id_, target = _ids(variant, shop)
    sent = {"toLocationId": target, "items": [{"variantId": id_, "quantity": 3}], "reference": "T"}
    done = await _transfer(ask, **sent)
    assert done["userErrors"] == []
    assert [(row["onHand"], row["location"]["code"]) for row in done["stockLevels"]] == [
        (2, "main"),
        (3, "shop"),
    ]
    assert {(row["delta"], row["kind"]) for row in done["movements"]} == {
        (-3, "TRANSFER"),
        (3, "TRANSFER"),
    }
    assert await _transfer(ask, **sent) == done
    other = {**sent, "items": [{"variantId": id_, "quantity": 1}]}
    assert [error["code"] for error in (await _transfer(ask, **other))["userErrors"]] == [
        "IDEMPOTENCY_CONFLICT"
    ]
    back = {"fromLocationId": target, "items": [{"variantId": id_, "quantity": 3}]}
    assert [row["onHand"] for row in (await _transfer(ask, **back))["stockLevels"]] == [0, 5]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"items": []}, "INVALID", ["items"]),
        ({"toLocationId": None}, "INVALID", ["toLocationId"]),
        ({"fromLocationId": "SHOP"}, "INVALID", ["toLocationId"]),
        ({"fromLocationId": "nonsense"}, "NOT_FOUND", ["fromLocationId"]),
        ({"toLocationId": global_id("StockLocation", 2**40)}, "NOT_FOUND", ["toLocationId"]),
        ({"toLocationId": "MAIN"}, "INVALID", ["toLocationId"]),
        ({"items": ["VARIANT", "VARIANT"]}, "INVALID", ["items", "1", "variantId"]),
        (
            {"items": [{"variantId": global_id("Product", 1), "quantity": 1}]},
            "NOT_FOUND",
            ["items", "0", "variantId"],
        ),
        (
            {"items": [{"variantId": global_id("ProductVariant", 2**40), "quantity": 1}]},
            "NOT_FOUND",
            ["items", "0", "variantId"],
        ),
        ({"quantity": 0}, "INVALID", ["items", "0", "quantity"]),
        ({"quantity": -1}, "INVALID", ["items", "0", "quantity"]),
        ({"quantity": 4}, "INSUFFICIENT_STOCK", ["items", "0", "quantity"]),
        ({"reason": "x" * 201}, "INVALID", ["reason"]),
    ],
)
async def test_a_transfer_that_cannot_be_changes_nothing(
    ask: Ask, uow: UnitOfWork, change: dict[str, Any], code: str, path: list[str]
) -> None:
    """Of five units a cart holds two."""
    variant, main = await _stocked(uow, 5)
    shop = await make_location(uow, "shop", is_default=False)
    await _hold(uow, 1, {variant.id: 2})
    id_, target, default = _ids(variant, shop, main)
    item = {"variantId": id_, "quantity": change.pop("quantity", 1)}
    named = {"SHOP": target, "MAIN": default, "VARIANT": item}
    sent: dict[str, Any] = {"toLocationId": target, "items": [item], **change}
    sent["items"] = [named.get(one, one) if isinstance(one, str) else one for one in sent["items"]]
    for name in ("fromLocationId", "toLocationId"):
        sent[name] = named.get(sent.get(name), sent.get(name))
    done = await _transfer(ask, **sent)
    assert [(error["code"], error["path"]) for error in done["userErrors"]] == [(code, path)]
    shown = (await ask(AVAILABILITY))["data"]["variant"]["stockLevels"]["nodes"]
    assert [level["onHand"] for level in shown] == [5]
