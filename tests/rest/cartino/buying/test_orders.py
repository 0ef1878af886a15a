"""Orders over Cartino's paths, and what really becomes of them."""

from typing import Any

import httpx
import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope
from tests.conftest import Ask
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import ADDRESS, Counter
from tests.rest.conftest import MakeKey
from tests.support.customers import make_customer

STOCK = "query ($id: ID!) { variant(id: $id) { availability { quantity } } }"


async def placed(buyer: Buyer, counter: Counter, quantity: int = 3, **values: Any) -> Any:
    body = {
        "items": [{"variant_id": counter.shirt.id, "quantity": quantity}],
        "shipping_address": ADDRESS,
        "shipping_method": "standard",
        "payment_method": "transfer",
        **values,
    }
    return await buyer.data("POST", "/orders", body, 201)


async def left(ask: Ask, counter: Counter) -> int:
    shown = await ask(STOCK, {"id": global_id("ProductVariant", counter.shirt.id)})
    quantity: int = shown["data"]["variant"]["availability"]["quantity"]
    return quantity


async def put(buyer: Buyer, order: Any, status: str) -> tuple[int, Any]:
    return await buyer("PUT", f"/orders/{order['id']}", {"status": status})


async def test_a_price_by_hand_counts(buyer: Buyer, counter: Counter) -> None:
    item = {"variant_id": counter.shirt.id, "quantity": 2, "price": 5.5}
    order = await placed(buyer, counter, items=[item])
    assert (str(order["subtotal"]), str(order["items"][0]["price"])) == ("11.00", "5.50")
    assert order["customer"] == {"id": None, "email": "john@example.com", "name": "John Doe"}


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"items": []}, "items", "The items field is required."),
        ({"shipping_address": {}}, "shipping_address.city", "The shipping_address.city field is"),
        ({"shipping_method": "pigeon"}, None, ""),
        ({"payment_method": "shells"}, "payment_method", ""),
    ],
)
async def test_orders_that_do_not_fit_are_refused(
    buyer: Buyer, counter: Counter, changes: Any, field: str | None, text: str
) -> None:
    item = {"variant_id": counter.shirt.id, "quantity": 1}
    body = {"items": [item], "shipping_address": ADDRESS, **changes}
    status, shown = await buyer("POST", "/orders", body)
    if field is None:
        assert (status, shown) == (404, {"message": "Not Found"})
    else:
        assert status == 422
        assert shown["errors"][field][0].startswith(text)
    assert (await buyer("GET", "/orders"))[1]["meta"]["total"] == 0


async def test_lists_are_filtered_sorted_and_paged(
    buyer: Buyer, counter: Counter, uow: UnitOfWork
) -> None:
    john = await make_customer(uow, "john@shop.test")
    one = await placed(buyer, counter, 1)
    two = await placed(buyer, counter, 2, customer_id=john.id)
    await put(buyer, one, "processing")

    async def found(query: str) -> list[int]:
        status, shown = await buyer("GET", f"/orders?{query}")
        assert status == 200, shown
        return [row["id"] for row in shown["data"]]

    both = [two["id"], one["id"]]
    assert await found("sort=-created_at") == both
    assert await found("sort=total") == both[::-1]
    assert await found("status=processing") == await found("filter[status]=processing") == both[1:]
    assert await found("status=pending,processing&sort=-total") == both
    assert await found(f"customer_id={john.id}") == both[:1]
    assert await found(f"order_number={one['order_number']}") == both[1:]
    assert await found("from_date=2020-01-01&to_date=2020-12-31") == []
    assert len(await found("from_date=2020-01-01")) == 2
    assert await found("per_page=1&page=2&sort=-total") == both[1:]
    for wrong in ("status=lost", "from_date=soon", "sort=luck", "per_page=0", "filter[x]=1"):
        assert (await buyer("GET", f"/orders?{wrong}"))[0] == 422
    status, theirs = await buyer("GET", f"/customers/{john.id}/orders")
    assert (status, [row["id"] for row in theirs["data"]]) == (200, both[:1])
    assert (await buyer("GET", "/customers/404/orders"))[0] == 404
    number = await buyer.data("GET", f"/orders/number/{one['order_number']}")
    assert number["id"] == one["id"]


async def test_what_is_cancelled_is_restocked(buyer: Buyer, counter: Counter, ask: Ask) -> None:
    order = await placed(buyer, counter)
    assert await left(ask, counter) == 97
    await buyer.data("POST", f"/orders/{order['id']}/fulfill", {"carrier": "DHL"})
    assert (await buyer("POST", f"/orders/{order['id']}/cancel"))[0] == 409
    for _ in range(2):
        status, shown = await put(buyer, order, "cancelled")
        assert (status, shown["data"]["status"]) == (200, "cancelled")
        assert await left(ask, counter) == 100
    assert (await put(buyer, order, "processing"))[0] == 409
    assert (await buyer.data("POST", f"/orders/{order['id']}/cancel"))["status"] == "cancelled"


STAYS = {"message": "A cancelled order stays cancelled: what it held went back."}


async def test_a_cancelled_order_stays_cancelled(buyer: Buyer, counter: Counter, ask: Ask) -> None:
    order = await placed(buyer, counter)
    path = f"/orders/{order['id']}"
    await put(buyer, order, "cancelled")
    before = await buyer.data("GET", path)
    for status in ("pending", "processing", "shipped", "completed", "refunded"):
        assert await put(buyer, order, status) == (409, STAYS)
    for action in ("fulfill", "mark-shipped", "mark-paid", "refund"):
        status, shown = await buyer("POST", f"{path}/{action}", {})
        assert (status, set(shown) <= {"message", "errors"}) in ((409, True), (422, True)), action
    (item,) = (await buyer("GET", f"{path}/items"))[1]["data"]
    assert (await buyer("POST", f"/order-items/{item['id']}/fulfill", {}))[0] in (409, 422)
    assert await buyer.data("GET", path) == before
    assert await left(ask, counter) == 100


async def test_a_status_goes_from_any_to_any_other(buyer: Buyer, counter: Counter) -> None:
    order = await placed(buyer, counter)
    for wanted in ("completed", "pending", "shipped", "processing", "completed"):
        status, shown = await put(buyer, order, wanted)
        assert (status, shown["data"]["status"]) == (200, wanted)
    assert (await put(buyer, order, "lost"))[0] == 422
    assert (await put(buyer, order, "refunded"))[0] == 409
    assert (await buyer("PUT", "/orders/404", {"status": "shipped"}))[0] == 404


async def test_an_order_is_sent_followed_paid_and_paid_back(
    buyer: Buyer, counter: Counter, ask: Ask
) -> None:
    order = await placed(buyer, counter)
    path = f"/orders/{order['id']}"
    sent = {"tracking_number": "1Z999", "carrier": "UPS", "notify_customer": True}
    for _ in range(2):
        shown = await buyer.data("POST", f"{path}/fulfill", sent)
        assert (shown["status"], shown["fulfillment_status"]) == ("shipped", "fulfilled")
        assert (shown["tracking_number"], shown["carrier"]) == ("1Z999", "UPS")
    shown = await buyer.data("POST", f"{path}/mark-shipped", {"tracking_number": "1Z000"})
    assert shown["tracking_number"] == "1Z000"
    status, moved = await buyer("GET", f"{path}/stock-movements")
    assert [(row["type"], row["quantity"]) for row in moved["data"]] == [("sale", -3)]
    assert (await buyer.data("POST", f"{path}/mark-paid"))["payment_status"] == "paid"
    shown = await buyer.data("POST", f"{path}/refund", {"amount": 10, "reason": "Late"})
    assert shown["payment_status"] == "partially_refunded"
    for _ in range(2):
        status, shown = await put(buyer, order, "refunded")
        assert (status, shown["data"]["status"]) == (200, "refunded")
        assert shown["data"]["payment_status"] == "refunded"
    assert [row["id"] for row in (await buyer("GET", "/orders?status=refunded"))[1]["data"]] == [
        order["id"]
    ]
    status, told = await buyer("GET", f"{path}/history")
    assert status == 200
    assert {row["to_status"] for row in told["data"]} >= {"pending"}
    assert set(told["data"][0]) == {"from_status", "to_status", "comment", "created_at"}


async def test_items_are_sent_and_paid_back_alone(buyer: Buyer, counter: Counter) -> None:
    order = await placed(buyer, counter)
    (item,) = (await buyer("GET", f"/orders/{order['id']}/items"))[1]["data"]
    path = f"/order-items/{item['id']}"
    sent = await buyer.data("POST", f"{path}/fulfill", {"quantity": 1})
    assert (sent["fulfillment_status"], sent["fulfilled_quantity"]) == ("partial", 1)
    await buyer.refused("POST", f"{path}/fulfill", {"quantity": 1, "shipment_id": 404})
    await buyer.refused("POST", f"{path}/fulfill", {"quantity": 9})
    sent = await buyer.data("POST", f"{path}/fulfill", {})
    assert sent["fulfillment_status"] == "fulfilled"
    await buyer.data("POST", f"/orders/{order['id']}/mark-paid")
    back = await buyer.data("POST", f"{path}/refund", {"quantity": 2, "reason": "Torn"})
    assert back["refunded_quantity"] == 2
    assert (await buyer("POST", "/order-items/404/fulfill", {"quantity": 1}))[0] == 404
    whole = await buyer.data("GET", f"/orders/{order['id']}?include=customer,items.variant")
    assert whole["items"][0]["variant"]["sku"] == "TS-RED-M"


async def test_orders_need_their_scopes(
    client: httpx.AsyncClient, make_key: MakeKey, counter: Counter
) -> None:
    reader = Buyer(client, await make_key("cartino", Scope.READ_ORDERS))
    item = {"variant_id": counter.shirt.id, "quantity": 1}
    refused = (403, {"message": "This action is unauthorized."})
    assert await reader("POST", "/orders", {"items": [item]}) == refused
    assert (await reader("GET", "/orders"))[0] == 200


@pytest.mark.parametrize("orders", [1, 4])
async def test_a_list_costs_the_same_for_any_number_of_orders(
    buyer: Buyer, counter: Counter, uow: UnitOfWork, statements: list[str], orders: int
) -> None:
    for place in range(orders):
        john = await make_customer(uow, f"john{place}@shop.test")
        await placed(buyer, counter, 1, customer_id=john.id)
    await buyer("GET", "/orders")  # a key is remembered for a second
    statements.clear()
    assert len((await buyer("GET", "/orders"))[1]["data"]) == orders
    assert len(statements) == 4
