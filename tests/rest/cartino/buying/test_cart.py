"""The current cart, its older names, and carts by their number."""

import json as written
from typing import Any

import httpx
import pytest

from commerce.core.viewer import Scope
from tests.conftest import Ask
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import Counter
from tests.rest.conftest import MakeKey

CART = "query ($id: ID!) { cart(id: $id) { totalQuantity } }"


def units(cart: Any) -> list[tuple[str, int]]:
    return [(item["sku"], item["quantity"]) for item in cart["items"]]


async def filled(buyer: Buyer, counter: Counter, quantity: int = 2) -> Any:
    item = {"variant_id": counter.shirt.id, "quantity": quantity}
    return await buyer.data("POST", "/cart/items", item, 201)


@pytest.mark.parametrize("base", ["/api", "/api/v1"])
@pytest.mark.parametrize("older", [False, True])
async def test_a_cart_is_filled_changed_and_emptied(
    client: httpx.AsyncClient, make_key: MakeKey, counter: Counter, base: str, older: bool
) -> None:
    buyer = Buyer(client, await make_key("cartino"), base)
    adding, items = ("/cart/add", "/cart/lines") if older else ("/cart/items", "/cart/items")
    empty = await buyer.data("GET", "/cart")
    assert (empty["items"], empty["items_count"], str(empty["total"])) == ([], 0, "0.00")
    item = {"variant_id": counter.shirt.id}
    cart = await buyer.data("POST", adding, item, 201)
    assert units(cart) == [("TS-RED-M", 1)]
    cart = await buyer.data("POST", adding, {**item, "quantity": 2}, 201)
    assert (cart["id"], units(cart)) == (empty["id"], [("TS-RED-M", 3)])
    line = cart["items"][0]["id"]
    cart = await buyer.data("PUT", f"{items}/{line}", {"quantity": 5})
    assert (units(cart), str(cart["subtotal"])) == ([("TS-RED-M", 5)], "99.95")
    cart = await buyer.data("DELETE", f"{items}/{line}")
    assert units(cart) == []
    await buyer.data("POST", adding, item, 201)
    done = {"message": "Cart cleared successfully"}
    clearing = ("POST", "/cart/clear") if older else ("DELETE", "/cart")
    assert await buyer(*clearing) == (200, done)
    assert (await buyer.data("GET", "/cart"))["items"] == []


async def test_a_token_opens_the_cart_it_came_with(buyer: Buyer, counter: Counter) -> None:
    mine = await filled(buyer, counter)
    token = buyer.heard["X-Cart-Token"]
    cookie = buyer.heard["Set-Cookie"]
    assert cookie == (f"cart_token={token}; Path=/api; Max-Age=2592000; HttpOnly; SameSite=Lax")
    buyer.token = "visitor-2"
    other = await buyer.data("GET", "/cart")
    assert (other["id"] != mine["id"], other["items"]) == (True, [])
    assert (await buyer.data("GET", "/cart"))["id"] == other["id"]
    buyer.token = buyer.heard["X-Cart-Token"]
    assert (await buyer.data("GET", "/cart"))["id"] == other["id"]
    buyer.token = token
    assert (await buyer.data("GET", "/cart"))["id"] == mine["id"]
    buyer.token = None
    status, shown = await buyer("GET", "/cart", Cookie=f"cart_token={token}")
    assert (status, shown["data"]["id"]) == (200, mine["id"])


@pytest.mark.parametrize("scopes", [(Scope.READ_PRODUCTS,), (Scope.READ_CARTS, Scope.WRITE_CARTS)])
async def test_each_key_has_a_cart_of_its_own(
    client: httpx.AsyncClient, make_key: MakeKey, counter: Counter, scopes: tuple[Scope, ...]
) -> None:
    one = Buyer(client, await make_key("cartino", *scopes))
    two = Buyer(client, await make_key("cartino", *scopes))
    mine = await filled(one, counter)
    one.token = one.heard["X-Cart-Token"]
    assert (await one.data("GET", "/cart"))["id"] == mine["id"]
    assert (await two.data("GET", "/cart"))["items"] == []
    line = mine["items"][0]["id"]
    assert (await two("PUT", f"/cart/items/{line}", {"quantity": 9}))[0] == 404
    assert (await two("DELETE", f"/cart/items/{line}"))[0] == 200
    assert units(await one.data("GET", "/cart")) == [("TS-RED-M", 2)]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"variant_id": ["The variant_id field is required."]}),
        (
            {"variant_id": "x", "quantity": 0},
            {
                "variant_id": ["The variant_id must be an integer."],
                "quantity": ["The quantity must be greater than 0."],
            },
        ),
    ],
)
async def test_items_that_do_not_fit_are_refused(
    buyer: Buyer, counter: Counter, body: Any, errors: Any
) -> None:
    assert await buyer.refused("POST", "/cart/items", body) == errors
    assert (await buyer.data("GET", "/cart"))["items"] == []


async def test_what_is_not_there_is_not_found(buyer: Buyer, counter: Counter) -> None:
    missing = (404, {"message": "Not Found"})
    assert await buyer("POST", "/cart/items", {"variant_id": 404}) == missing
    assert await buyer("PUT", "/cart/items/404", {"quantity": 1}) == missing
    await filled(buyer, counter)
    assert await buyer("PUT", "/cart/items/404", {"quantity": 1}) == missing
    assert await buyer("GET", "/carts/404/items") == missing
    assert await buyer("PATCH", "/cart-items/404", {"quantity": 1}) == missing


async def test_an_item_that_is_taken_out_twice_is_out(buyer: Buyer, counter: Counter) -> None:
    line = (await filled(buyer, counter))["items"][0]["id"]
    for _ in range(2):
        cart = await buyer.data("DELETE", f"/cart/items/{line}")
        assert cart["items"] == []


async def test_adding_again_under_a_key_adds_once(buyer: Buyer, counter: Counter) -> None:
    item = {"variant_id": counter.shirt.id, "quantity": 2}
    for _ in range(2):
        status, shown = await buyer("POST", "/cart/items", item, Idempotency_Key="add-1")
        assert (status, units(shown["data"])) == (201, [("TS-RED-M", 2)])
    assert buyer.heard["Idempotent-Replayed"] == "true"


async def test_carts_by_their_number(buyer: Buyer, counter: Counter, ask: Ask) -> None:
    cart = await buyer.data("GET", "/cart")
    path = f"/carts/{cart['id']}/items"
    item = {"product_variant_id": counter.shirt.id, "quantity": 2}
    added = await buyer.data("POST", path, item, 201)
    assert (added["sku"], added["quantity"]) == ("TS-RED-M", 2)
    engraved = await buyer.data("POST", path, {**item, "data": {"engraving": "JD"}}, 201)
    assert engraved["id"] != added["id"]
    status, listed = await buyer("GET", path)
    assert (status, [row["id"] for row in listed["data"]]) == (200, [added["id"], engraved["id"]])
    assert listed["meta"]["total"] == 2
    changed = await buyer.data("PATCH", f"/cart-items/{added['id']}", {"quantity": 4})
    assert changed["quantity"] == 4
    gone = (200, {"message": "Cart item deleted successfully"})
    assert await buyer("DELETE", f"/cart-items/{engraved['id']}") == gone
    assert units(await buyer.data("GET", "/cart")) == [("TS-RED-M", 4)]


async def test_a_cart_needs_a_key(client: httpx.AsyncClient, counter: Counter) -> None:
    for headers in ({}, {"Authorization": "Bearer sk_live_nobody"}):
        refused = await client.get("/api/v1/cart", headers=headers)
        assert refused.status_code == 401
        assert written.loads(refused.text) == {"message": "Unauthenticated."}


@pytest.mark.parametrize("lines", [1, 6])
async def test_a_cart_costs_the_same_for_any_number_of_items(
    buyer: Buyer, counter: Counter, statements: list[str], lines: int
) -> None:
    for _ in range(lines):
        variant = await counter.another()
        await buyer.data("POST", "/cart/items", {"variant_id": variant.id}, 201)
    await buyer.data("GET", "/cart")  # a key is remembered for a second
    statements.clear()
    await buyer.data("GET", "/cart")
    assert len(statements) == STATEMENTS


STATEMENTS = 6
