"""Buying the cart, coupons, ways of paying and of shipping."""

from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from tests.conftest import Ask
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.support.customers import make_customer

CHECKOUT: dict[str, Any] = {"shipping_address": ADDRESS, "payment_method": "transfer"}


async def filled(buyer: Buyer, counter: Counter, quantity: int = 3) -> Any:
    item = {"variant_id": counter.shirt.id, "quantity": quantity}
    return await buyer.data("POST", "/cart/items", item, 201)


@pytest.mark.parametrize("token", [None, "visitor"])
async def test_a_cart_checked_out_twice_is_one_order(
    buyer: Buyer, counter: Counter, ask: Ask, token: str | None
) -> None:
    buyer.token = token
    await filled(buyer, counter)
    first = await buyer.data("POST", "/cart/checkout", CHECKOUT, 201)
    assert (str(first["total"]), first["shipping_method"]) == ("75.37", "standard")
    assert first["customer"]["email"] == "john@example.com"
    again = await buyer.data("POST", "/cart/checkout", CHECKOUT, 201)
    assert again["order_number"] == first["order_number"]
    made = await ask("{ orders { nodes { number payments { amount { amount } } } } }")
    assert made["data"]["orders"]["nodes"] == [
        {"number": first["order_number"], "payments": [{"amount": {"amount": "75.37"}}]}
    ]
    assert (await buyer.data("GET", "/cart"))["items"] == []
    assert await buyer.refused("POST", "/cart/checkout", CHECKOUT) == {
        "items": ["The items must have an item."]
    }


async def test_a_customer_who_is_named_buys_it(
    buyer: Buyer, counter: Counter, uow: UnitOfWork
) -> None:
    john = await make_customer(uow, "john@shop.test")
    await filled(buyer, counter)
    address = {name: value for name, value in ADDRESS.items() if name != "email"}
    body = {**CHECKOUT, "shipping_address": address, "customer_id": john.id}
    assert (await buyer("POST", "/cart/checkout", {**body, "customer_id": 404}))[0] == 404
    order = await buyer.data("POST", "/cart/checkout", {**body, "shipping_method": "express"}, 201)
    assert (order["customer_id"], order["customer"]["email"]) == (john.id, "john@shop.test")
    assert (order["shipping_method"], str(order["shipping"])) == ("express", "25.00")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"shipping_method": "pigeon"}, "shipping_method"),
        ({"payment_method": "shells"}, "payment_method"),
        ({"shipping_address": {"city": "Berlin"}}, "shipping_address.country"),
    ],
)
async def test_a_checkout_that_does_not_fit_buys_nothing(
    buyer: Buyer, counter: Counter, changes: Any, field: str
) -> None:
    await filled(buyer, counter)
    assert field in await buyer.refused("POST", "/cart/checkout", {**CHECKOUT, **changes})
    assert (await buyer("GET", "/orders"))[1]["meta"]["total"] == 0


async def test_a_kind_of_payment_finds_its_method(buyer: Buyer, counter: Counter) -> None:
    await filled(buyer, counter)
    body = {**CHECKOUT, "payment_method": "bank_transfer"}
    order = await buyer.data("POST", "/cart/checkout", body, 201)
    assert order["payment_method"] == "transfer"


async def test_intents_pay_orders_and_are_told_of(buyer: Buyer, counter: Counter) -> None:
    item = {"variant_id": counter.shirt.id, "quantity": 1}
    order = await buyer.data("POST", "/orders", {"items": [item], "email": "a@b.test"}, 201)
    body = {"order_id": order["id"], "payment_method": "transfer"}
    intent = await buyer.data("POST", "/payments/intents", body, 201)
    assert (intent["id"], intent["status"]) == (f"order_{order['id']}", "processing")
    assert intent["order_id"] == order["id"]
    await buyer.data("POST", f"/orders/{order['id']}/mark-paid")
    told = await buyer.data("POST", f"/payments/{intent['id']}/confirm", {})
    assert told["status"] == "succeeded"
    assert (await buyer("POST", "/payments/pi_1/confirm", {}))[0] == 404


async def test_ways_of_paying_and_of_shipping(buyer: Buyer, counter: Counter) -> None:
    _, shown = await buyer("GET", "/payment-methods")
    assert "transfer" in [row["code"] for row in shown["data"]]
    _, shown = await buyer("GET", "/shipping/methods")
    assert [row["code"] for row in shown["data"]] == ["standard", "express"]
    items = [{"variant_id": counter.shirt.id, "quantity": 1}]
    for body in ({"items": items}, {"weight": 1.5, "subtotal": 20}):
        offers = await buyer.data("POST", "/shipping/calculate", {"country": "DE", **body})
        assert [(row["code"], str(row["price"])) for row in offers] == [
            ("standard", "10.00"),
            ("express", "25.00"),
        ]
    await buyer.refused("POST", "/shipping/calculate", {"items": items})
