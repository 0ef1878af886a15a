"""Stock: levels, movements, items and locations over the real schema and database."""

from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.viewer import Scope
from tests.rest.cartino.calling import Cartino
from tests.rest.conftest import MakeKey
from tests.support.inventory import make_location
from tests.support.store import Store


class Stock:
    """A product with 5 units at the default location, and another location."""

    def __init__(self, variant: int, main: int, other: int) -> None:
        self.variant, self.main, self.other = variant, main, other


@pytest.fixture
async def stock(store: Store, uow: UnitOfWork, cartino: Cartino) -> Stock:
    product = await store.sell("Mug", stock=5)
    shown = await cartino.data("GET", f"/products/{product.id}")
    other = await make_location(uow, "depot", is_default=False)
    found = await cartino.data("GET", "/locations")
    main = next(each["id"] for each in found if each["is_default"])
    return Stock(shown["variants"][0]["id"], main, other.id)


async def level_of(cartino: Cartino, stock: Stock) -> Any:
    (level,) = await cartino.data("GET", f"/inventory/levels?variant_id={stock.variant}")
    return level


async def test_levels_are_listed(cartino: Cartino, stock: Stock) -> None:
    level = await level_of(cartino, stock)
    assert level == {
        "id": level["id"],
        "variant_id": stock.variant,
        "location_id": stock.main,
        "location": {"id": stock.main, "name": "Main", "code": "main"},
        "quantity": 5,
        "available_quantity": 5,
        "reserved_quantity": 0,
        "available": 5,
        "is_low_stock": False,
    }
    for query, found in (
        (f"location_id={stock.main}", 1),
        (f"location_id={stock.other}", 0),
        ("low_stock=true", 0),
        ("low_stock=false", 1),
        ("variant_id=999", 0),
    ):
        status, shown = await cartino("GET", f"/inventory/levels?{query}")
        assert (status, shown["meta"]["total"], len(shown["data"])) == (200, found, found)
    assert list(await cartino.refused("GET", "/inventory/levels?low_stock=maybe")) == ["low_stock"]


async def test_a_level_is_set(cartino: Cartino, stock: Stock) -> None:
    path = f"/inventory/levels/{(await level_of(cartino, stock))['id']}"
    for _ in range(2):
        given = {"available": 9, "location_id": stock.main}
        assert (await cartino.data("PUT", path, given))["available"] == 9
    moved = await cartino.data("GET", f"/inventory-items/{stock.variant}/movements")
    assert [row["quantity"] for row in moved] == [4, 5]
    other = {"available": 1, "location_id": stock.other}
    assert list(await cartino.refused("PUT", path, other)) == ["location_id"]
    assert await cartino.refused("PUT", path, {}) == {
        "available": ["The available field is required."]
    }
    assert (await cartino("PUT", "/inventory/levels/99999", {"available": 1}))[0] == 404
    assert (await level_of(cartino, stock))["quantity"] == 9


async def test_a_movement_is_written(cartino: Cartino, stock: Stock) -> None:
    given = {"variant_id": stock.variant, "location_id": stock.main, "quantity": 3}
    more = {"type": "adjustment", "reason": "found"}
    made = await cartino.data("POST", "/inventory/movements", {**given, **more}, 201)
    assert made == {
        "id": made["id"],
        "type": "adjustment",
        "quantity": 3,
        "reason": "found",
        "location": {"id": stock.main, "name": "Main"},
        "user": made["user"],
        "created_at": made["created_at"],
    }
    assert made["user"]["name"] == f"api_key:{made['user']['id']}"
    out = {**given, "quantity": 2, "type": "adjustment_out"}
    assert (await cartino.data("POST", "/inventory/movements", out, 201))["quantity"] == -2
    for body, field in (
        ({**given, "quantity": -100}, "quantity"),
        ({**given, "quantity": 0}, "quantity"),
        ({**given, "variant_id": 9999}, "variant_id"),
        ({**given, "location_id": 9999}, "location_id"),
        ({**given, "type": "gift"}, "type"),
    ):
        assert list(await cartino.refused("POST", "/inventory/movements", body)) == [field]
    assert (await level_of(cartino, stock))["quantity"] == 6


async def test_an_item_is_a_variants_stock(cartino: Cartino, stock: Stock) -> None:
    path = f"/inventory-items/{stock.variant}"
    item = await cartino.data("GET", path)
    assert (item["quantity"], item["available_quantity"], len(item["levels"])) == (5, 5, 1)
    changed = await cartino.data("POST", f"{path}/adjust", {"quantity": 2, "reason": "gift"})
    assert changed["quantity"] == 7
    there = {"quantity": 4, "location_id": stock.other}
    assert (await cartino.data("POST", f"{path}/adjust", there))["quantity"] == 11
    assert len(await cartino.data("GET", f"{path}/levels")) == 2
    assert len(await cartino.data("GET", f"/variants/{stock.variant}/inventory/levels")) == 2
    for wanted, enough in ((11, True), (12, False)):
        body = {"quantity": wanted}
        assert await cartino.data("POST", f"{path}/check-availability", body) == {
            "available": enough,
            "available_quantity": 11,
            "requested_quantity": wanted,
        }
    variant = await cartino.data(
        "POST", f"/variants/{stock.variant}/inventory/adjust", {"quantity": -1}
    )
    assert variant["inventory_quantity"] == 10
    for missing in ("", "/levels", "/movements"):
        assert (await cartino("GET", f"/inventory-items/9999{missing}"))[0] == 404


async def test_units_go_to_another_location(cartino: Cartino, stock: Stock) -> None:
    path = f"/inventory-levels/{(await level_of(cartino, stock))['id']}"
    assert (await cartino.data("POST", f"{path}/adjust", {"quantity": 1}))["quantity"] == 6
    given = {"target_location_id": stock.other, "quantity": 4}
    assert (await cartino.data("POST", f"{path}/transfer", given))["quantity"] == 2
    (there,) = await cartino.data("GET", f"/locations/{stock.other}/stock")
    assert (there["quantity"], there["variant_id"]) == (4, stock.variant)
    (moved,) = await cartino.data("GET", f"/locations/{stock.other}/movements")
    assert (moved["type"], moved["quantity"]) == ("transfer", 4)
    for body, field in (
        ({**given, "quantity": 3}, "quantity"),
        ({**given, "target_location_id": 9999}, "target_location_id"),
        ({"quantity": 1}, "target_location_id"),
    ):
        assert list(await cartino.refused("POST", f"{path}/transfer", body)) == [field]


async def test_locations(cartino: Cartino, stock: Stock, uow: UnitOfWork) -> None:
    await make_location(uow, "closed", is_default=False, active=False)
    for query, codes in (
        ("", ["closed", "depot", "main"]),
        ("?is_active=true", ["depot", "main"]),
        ("?is_active=0", ["closed"]),
        ("?per_page=1&page=2", ["depot"]),
    ):
        assert [row["code"] for row in await cartino.data("GET", f"/locations{query}")] == codes
    for unknown in ("type=store", "near[lat]=1"):
        assert len(await cartino.refused("GET", f"/locations?{unknown}")) == 1
    assert (await cartino("GET", "/locations/9999/stock"))[0] == 404


async def test_stock_needs_scopes(
    client: httpx.AsyncClient, make_key: MakeKey, stock: Stock
) -> None:
    nobody = Cartino(client, await make_key("cartino", Scope.READ_PRODUCTS))
    reader = Cartino(client, await make_key("cartino", Scope.READ_PRODUCTS, Scope.READ_STOCK))
    for path in ("/inventory/levels", "/locations", f"/inventory-items/{stock.variant}"):
        assert (await nobody("GET", path))[0] == 403
        assert (await reader("GET", path))[0] == 200
    given = {"variant_id": stock.variant, "quantity": 1}
    assert (await reader("POST", "/inventory/movements", given))[0] == 403


@pytest.mark.parametrize("products", [1, 6])
async def test_levels_cost_the_same_however_many(
    cartino: Cartino, store: Store, statements: list[str], products: int
) -> None:
    for place in range(products):
        await store.sell(f"Mug {place}")
    await cartino("GET", "/inventory/levels")
    statements.clear()
    await cartino("GET", "/inventory/levels")
    assert len(statements) == 4, statements
