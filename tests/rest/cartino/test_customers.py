"""Customers, their addresses and groups over the real schema and database."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope
from commerce.customers.kinds import GroupKind
from tests.conftest import Ask
from tests.rest.cartino.calling import Cartino
from tests.rest.conftest import MakeKey
from tests.support.customers import make_customer, make_group
from tests.support.orders import Item, place_order
from tests.support.pricing import make_price_list

ADA = {
    "email": "ada@shop.test",
    "first_name": "Ada",
    "last_name": "Byron",
    "phone": "+491701234567",
    "accepts_marketing": True,
}
HOME = {
    "first_name": "Ada",
    "last_name": "Byron",
    "address_line_1": "Ring 1",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}


async def added(cartino: Cartino, **values: Any) -> Any:
    return await cartino.data("POST", "/customers", {**ADA, **values}, 201)


async def test_a_customer_is_added(cartino: Cartino, ask: Ask, uow: UnitOfWork) -> None:
    trade = await make_group(uow)
    made = await added(
        cartino,
        company_name="Engines",
        customer_group_id=trade.id,
        date_of_birth="1985-12-10",
        tags=["vip"],
        notes="First.",
        data={"rank": 1},
    )
    assert {name: made[name] for name in ADA} == ADA
    assert (made["orders_count"], made["total_spent"], made["last_order_at"]) == (0, 0, None)
    assert (made["company_name"], made["customer_group_id"]) == ("Engines", trade.id)
    assert (made["date_of_birth"], made["tags"], made["notes"]) == ("1985-12-10", ["vip"], "First.")
    assert (made["status"], made["accepts_sms"], made["data"]) == ("active", False, {"rank": 1})
    assert await cartino.data("GET", f"/customers/{made['id']}") == made
    query = "query ($id: ID!) { customer(id: $id) { email acceptsEmail } }"
    found = await ask(query, {"id": global_id("Customer", made["id"])})
    assert found["data"]["customer"] == {"email": "ada@shop.test", "acceptsEmail": True}


async def test_what_cannot_be_is_named(cartino: Cartino) -> None:
    await added(cartino)
    for body, field, text in (
        ({}, "email", "The email field is required."),
        ({"email": "ADA@shop.test"}, "email", "The email has already been taken."),
        ({"email": "nobody"}, "email", None),
        ({"email": "b@shop.test", "phone": "x"}, "phone", None),
        ({"email": "b@shop.test", "accepts_marketing": "maybe"}, "accepts_marketing", None),
        (
            {"email": "b@shop.test", "customer_group_id": 999},
            "customer_group_id",
            "The selected customer_group_id is invalid.",
        ),
    ):
        errors = await cartino.refused("POST", "/customers", body)
        assert list(errors) == [field]
        assert text in (None, *errors[field])
    assert (await cartino("GET", "/customers"))[1]["meta"]["total"] == 1


async def test_a_customer_is_changed(cartino: Cartino) -> None:
    made = await added(cartino, data={"a": 1})
    path = f"/customers/{made['id']}"
    for _ in range(2):
        given = {"last_name": "Lovelace", "phone": None, "data": {"b": 2}}
        changed = await cartino.data("PUT", path, given)
        assert (changed["first_name"], changed["last_name"]) == ("Ada", "Lovelace")
        assert (changed["phone"], changed["data"]) == (None, {"b": 2})
    await added(cartino, email="b@shop.test")
    assert list(await cartino.refused("PUT", path, {"email": "b@shop.test"})) == ["email"]
    assert (await cartino("PUT", "/customers/9999", {}))[0] == 404


async def test_a_customer_is_erased(cartino: Cartino) -> None:
    path = f"/customers/{(await added(cartino))['id']}"
    assert await cartino("DELETE", path) == (200, {"message": "Customer deleted successfully"})
    assert await cartino.data("GET", "/customers") == []
    assert await added(cartino)


async def test_subscribing_and_blocking(cartino: Cartino) -> None:
    path = f"/customers/{(await added(cartino, accepts_marketing=False))['id']}"
    for _ in range(2):
        shown = await cartino.data("POST", f"{path}/subscribe")
        assert (shown["accepts_marketing"], shown["marketing_source"]) == (True, "cartino")
        assert (await cartino.data("POST", f"{path}/block"))["status"] == "blocked"
    assert (await cartino("POST", "/customers/9999/block"))[0] == 404


async def test_what_was_bought_is_counted(
    cartino: Cartino, client: httpx.AsyncClient, make_key: MakeKey, uow: UnitOfWork
) -> None:
    ada = await make_customer(uow)
    paid = {"paid": Decimal("30.50")}
    await place_order(uow, Item("30.50"), customer=ada, values=paid)
    await place_order(uow, Item("9"), customer=ada)
    path = f"/customers/{ada.id}"
    shown = await cartino.data("GET", path)
    assert (shown["orders_count"], shown["total_spent"]) == (2, Decimal("30.50"))
    assert (shown["last_order_at"], shown["currency"]) == ("2026-03-04T12:00:00Z", "EUR")
    assert await cartino.data("GET", f"{path}/statistics") == {
        "orders_count": 2,
        "cancelled_orders_count": 0,
        "total_spent": Decimal("30.50"),
        "average_order_value": Decimal("15.25"),
        "lifetime_value": Decimal("30.50"),
        "currency": "EUR",
        "first_order_at": "2026-03-04T12:00:00Z",
        "last_order_at": "2026-03-04T12:00:00Z",
    }
    reader = Cartino(client, await make_key("cartino", Scope.READ_CUSTOMERS))
    unseen = await reader.data("GET", path)
    assert (unseen["orders_count"], unseen["total_spent"]) == (None, None)
    stranger = Cartino(client, await make_key("cartino", Scope.READ_PRODUCTS))
    assert (await stranger("GET", path))[0] == 403
    assert (await reader("POST", "/customers", ADA))[0] == 403


async def test_customers_are_found(cartino: Cartino, uow: UnitOfWork) -> None:
    trade = await make_group(uow)
    await added(cartino, customer_group_id=trade.id)
    await added(cartino, email="bob@shop.test", first_name="Bob", last_name="Stone")
    for query, names in (
        ("", ["Bob", "Ada"]),
        ("?search=stone", ["Bob"]),
        ("?filter[search]=ada@", ["Ada"]),
        (f"?group_id={trade.id}", ["Ada"]),
        (f"?filter[group_id]={trade.id}", ["Ada"]),
        ("?group_id=999", []),
        ("?sort=email", ["Ada", "Bob"]),
        ("?sort=-name", ["Bob", "Ada"]),
        ("?per_page=1&page=2", ["Ada"]),
    ):
        found = await cartino.data("GET", f"/customers{query}")
        assert [row["first_name"] for row in found] == names, query
    for query, field in (("filter[size]=1", "filter"), ("sort=age", "sort"), ("page=0", "page")):
        assert list(await cartino.refused("GET", f"/customers?{query}")) == [field]


@pytest.mark.parametrize("customers", [1, 7])
async def test_customers_cost_the_same_however_many(
    cartino: Cartino, statements: list[str], customers: int
) -> None:
    for place in range(customers):
        await added(cartino, email=f"c{place}@shop.test", data={"a": 1})
    await cartino("GET", "/customers")
    statements.clear()
    await cartino("GET", "/customers")
    assert len(statements) == 6, statements


async def test_an_address_book(cartino: Cartino) -> None:
    path = f"/customers/{(await added(cartino))['id']}/addresses"
    made = await cartino.data("POST", path, HOME, 201)
    assert {name: made[name] for name in HOME} == HOME
    assert (made["is_default"], made["type"], made["state"]) == (True, "shipping", None)
    assert (made["full_name"], made["country_name"]) == ("Ada Byron", "Germany")
    assert made["full_address"] == "Ada Byron, Ring 1, 10115 BERLIN, GERMANY"
    work = {**HOME, "company": "Engines", "type": "billing", "is_default": True}
    office = await cartino.data("POST", path, work, 201)
    assert (office["is_default"], office["type"]) == (True, "billing")
    first = f"/addresses/{made['id']}"
    changed = await cartino.data("PATCH", first, {"address_line_2": "Back"})
    assert (changed["address_line_1"], changed["address_line_2"]) == ("Ring 1", "Back")
    for _ in range(2):
        default = await cartino.data("POST", f"{first}/set-default")
        assert default["is_default"] is True
    status, listed = await cartino("GET", path)
    assert (status, [row["is_default"] for row in listed["data"]]) == (200, [True, False])
    for body, field in (
        ({"city": "Berlin"}, "country"),
        ({**HOME, "country": "XX"}, "country"),
        ({**HOME, "address_line_1": ""}, "address_line_1"),
        ({**HOME, "postal_code": "1"}, "postal_code"),
        ({**HOME, "type": "moon"}, "type"),
    ):
        assert list(await cartino.refused("POST", path, body)) == [field]
    assert await cartino("DELETE", first) == (200, {"message": "Address deleted successfully"})
    assert (await cartino("DELETE", first))[0] == 404
    assert (await cartino("PATCH", first, {}))[0] == 404
    assert (await cartino("GET", "/customers/9999/addresses"))[0] == 404
    assert (await cartino("POST", "/customers/9999/addresses", HOME))[0] == 404


async def test_groups(cartino: Cartino, uow: UnitOfWork) -> None:
    trade = await make_group(uow, "Trade & Craft")
    shown = await cartino.data("GET", f"/customer-groups/{trade.id}")
    assert (shown["name"], shown["code"], shown["is_active"]) == (
        "Trade & Craft",
        "trade-craft",
        True,
    )
    assert (shown["type"], shown["min_order_amount"], shown["has_discount"]) == (None, None, False)
    listed = await cartino.data("GET", "/customer-groups")
    assert listed[-1] == shown
    assert listed[0]["type"] == "b2c"
    assert (await cartino("GET", "/customer-groups/9999"))[0] == 404


async def test_an_order_is_checked_against_the_terms_of_a_group(
    cartino: Cartino, uow: UnitOfWork, make_key: MakeKey, client: httpx.AsyncClient
) -> None:
    least = {"min_subtotal": Decimal("99.90"), "min_quantity": 5}
    trade = await make_group(uow, "Trade", kind=GroupKind.WHOLESALE, **least)
    await make_price_list(uow, code="trade", customer_group_id=trade.id)
    path = f"/customer-groups/{trade.id}"
    shown = await cartino.data("GET", path)
    assert (shown["type"], shown["has_discount"]) == ("wholesale", True)
    assert (str(shown["min_order_amount"]), shown["min_order_quantity"]) == ("99.90", 5)
    blind = Cartino(client, await make_key("cartino", Scope.READ_CUSTOMERS))
    assert (await blind.data("GET", path))["has_discount"] is None
    for amount, quantity, errors in (
        (99.9, 5, []),
        (99.89, 5, ["Goods for at least 99.9 are to be ordered."]),
        (100, 4, ["At least 5 units are to be ordered."]),
    ):
        body = {"amount": amount, "quantity": quantity}
        checked = await cartino.data("POST", f"{path}/validate-order", body)
        assert checked == {"valid": not errors, "errors": errors}
    assert set(await cartino.refused("POST", f"{path}/validate-order", {})) == {"amount"}
    missing = "/customer-groups/9999/validate-order"
    assert (await cartino("POST", missing, {"amount": 1, "quantity": 1}))[0] == 404


async def test_an_address_has_a_tax_number_a_note_and_a_check(cartino: Cartino) -> None:
    path = f"/customers/{(await added(cartino))['id']}/addresses"
    told = {"tax_id": "DE136695976", "notes": "Ring twice", "is_verified": True}
    made = await cartino.data("POST", path, HOME | told, 201)
    assert {name: made[name] for name in told} == told
    moved = await cartino.data("PATCH", f"/addresses/{made['id']}", {"address_line_1": "Ring 2"})
    assert (moved["is_verified"], moved["notes"]) == (False, "Ring twice")
    none = {"tax_id": None, "notes": None}
    gone = await cartino.data("PATCH", f"/addresses/{made['id']}", none)
    assert {name: gone[name] for name in none} == none
