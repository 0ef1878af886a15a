"""The samples of Cartino's documents, with the same facts in a real shop."""

from pathlib import Path
from typing import Any

from commerce.core.db import UnitOfWork
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.support.customers import make_customer
from tests.support.golden import differences, sample

GOLDEN = Path(__file__).parent.parent / "golden"
CART_KEYS = {
    "id", "items", "subtotal", "discount", "tax", "shipping", "total", "items_count", "currency",
    "coupon_code",
}  # fmt: skip
ORDER_KEYS = {
    "id", "order_number", "status", "payment_status", "fulfillment_status", "customer_id",
    "customer", "subtotal", "discount", "tax", "shipping", "total", "currency", "items_count",
    "created_at", "updated_at",
}  # fmt: skip
DETAIL_KEYS = {
    "items", "shipping_address", "billing_address", "payment_method", "shipping_method",
    "tracking_number", "carrier", "tracking_url",
}  # fmt: skip


async def test_the_cart(buyer: Buyer, counter: Counter) -> None:
    shirt = {"variant_id": counter.shirt.id, "quantity": 2}
    status, shown = await buyer("POST", "/cart/items", shirt)
    assert status == 201, shown
    golden = sample(GOLDEN / "cart.json")
    golden["data"]["id"] = shown["data"]["id"]
    golden["data"]["items"][0]["id"] = shown["data"]["items"][0]["id"]
    golden["data"]["items"][0]["variant_id"] = counter.shirt.id
    assert differences(shown, golden) == []
    assert set(shown["data"]) == CART_KEYS
    again = await buyer("GET", "/cart")
    assert again == (200, shown)


async def ordered(buyer: Buyer, counter: Counter, customer: Any) -> Any:
    body = {
        "customer_id": customer.id,
        "items": [{"variant_id": counter.shirt.id, "quantity": 3}],
        "shipping_address": ADDRESS,
        "shipping_method": "standard",
        "payment_method": "transfer",
    }
    return await buyer("POST", "/orders", body)


async def test_the_order(buyer: Buyer, counter: Counter, uow: UnitOfWork) -> None:
    """A number, an id and a time are whatever they are."""
    john = await make_customer(uow, "john@example.com", first_name="John", last_name="Doe")
    status, shown = await ordered(buyer, counter, john)
    assert status == 201, shown
    order, golden = shown["data"], sample(GOLDEN / "order.json")["data"]
    for name in ("id", "order_number", "created_at"):
        assert type(order[name]) is type(golden[name])
        golden[name] = order[name]
    golden["items"][0]["id"] = order["items"][0]["id"]
    golden["items"][0]["variant_id"] = counter.shirt.id
    golden["customer_id"] = golden["customer"]["id"] = john.id
    assert differences(order, golden) == [], order
    assert set(order) == ORDER_KEYS | DETAIL_KEYS
    assert await buyer("GET", f"/orders/{order['id']}") == (200, {"data": order})
    status, listed = await buyer("GET", "/orders")
    assert (status, set(listed["data"][0])) == (200, ORDER_KEYS)
    assert listed["data"] == [{name: order[name] for name in listed["data"][0]}]
    assert order["status"] == "pending"
    assert (order["payment_method"], order["shipping_method"]) == ("transfer", "standard")
