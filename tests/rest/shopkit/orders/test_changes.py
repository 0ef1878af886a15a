"""Orders found, changed and deleted through Shopkit's API."""

from typing import Any

from commerce.core.db import UnitOfWork
from tests.support.catalog import make_product, make_variant
from tests.support.inventory import make_level, make_location
from tests.support.order_work import promise
from tests.support.orders import Item, place_order
from tests.support.payments import make_method
from tests.support.shopkit import Client


async def stocked(uow: UnitOfWork, **values: Any) -> Any:
    """An order of two units that the stock has promised, to be paid by bank transfer."""
    variant = await make_variant(uow, await make_product(uow))
    await make_level(uow, variant, await make_location(uow), 5)
    await make_method(uow, "bank_transfer", provider="manual")
    order = await place_order(uow, Item("10.00", 2, variant=variant), **values)
    await promise(uow, order)
    return order


async def test_an_order_is_paid_sent_and_delivered(shopkit: Client, uow: UnitOfWork) -> None:
    path = f"/order/{(await stocked(uow)).id}"
    tracking = {"tracking_code": "T1", "tracking_url": "https://ctt.example/T1", "tags": "gift,vip"}
    noted = await shopkit.found("PUT", path, {**tracking, "note": "Fragile", "is_new": False})
    assert (noted["status"], noted["note"], noted["is_new"]) == (1, "Fragile", False)
    assert (noted["tracking_code"], noted["tags"]) == ("T1", ["gift", "vip"])
    paid = await shopkit.found("PUT", path, {"paid": "true"})
    assert (paid["paid"], paid["payment"]["type"]) == (True, "bank_transfer")
    sent = await shopkit.found("PUT", path, {"status": 3})
    assert (sent["status_alias"], sent["tracking_code"]) == ("sent", "T1")
    there = await shopkit.found("PUT", path, {"status_alias": "delivered"})
    assert (there["status"], there["sent_at"]) == (8, sent["sent_at"])
    assert await shopkit.refused("PUT", path, {"paid": False}) == 400
    assert await shopkit.refused("PUT", path, {"status": 4, "status_alias": "sent"}) == 400
    assert await shopkit.refused("PUT", path, {"status": 9}) == 400
    assert await shopkit.refused("PUT", "/order", {"paid": True}) == 400
    assert await shopkit.refused("PUT", "/order/999999", {"paid": True}) == 404


async def test_orders_are_listed_and_deleted(shopkit: Client, uow: UnitOfWork) -> None:
    order = await stocked(uow)
    queries = (
        *("", "?status=1", "?status_alias=pending,sent", "?paid=false", "?is_new=true"),
        *("?shipped=false", "?invoice=false", "?client_email=ADA@shop.test", f"?ids={order.id}"),
        *("?date_from=2026-03-04&date_to=2026-03-04", "?status=0", "?q=ada"),
    )
    for query in queries:
        assert (await shopkit.get(f"/order{query}"))["0"]["id"] == order.id, query
    for query in ("?status=3", "?paid=true", "?coupon_code=x", "?coupon_code=7", "?page=2"):
        assert list(await shopkit.get(f"/order{query}")) == ["paging"], query
    for query in ("?status=99", "?status_alias=lost", "?date_from=today", "?limit=0", "?id=x"):
        assert await shopkit.refused("GET", f"/order{query}") == 400, query
    await shopkit.found("DELETE", f"/order/{order.id}", status=204)
    assert await shopkit.refused("GET", f"/order/{order.id}") == 404
    assert await shopkit.refused("DELETE", f"/order/{order.id}") == 404
    assert list(await shopkit.get("/order")) == ["paging"]


async def test_many_orders_answer_each_for_itself(shopkit: Client, uow: UnitOfWork) -> None:
    order = await stocked(uow)
    sent = [{"id": order.id, "note": "Hello"}, {"id": 999_999}, {"id": order.id, "status": 77}]
    answers = await shopkit.found("PUT", "/order/bulk", sent)
    assert [answer["code"] for answer in answers] == [200, 404, 400]
    assert [answer["id"] for answer in answers] == [order.id, 999_999, order.id]
    assert (await shopkit.get(f"/order/{order.id}"))["note"] == "Hello"
    assert await shopkit.refused("PUT", "/order/bulk", [{"id": 1}] * 51) == 413
    for nameless in ({}, {"id": "x"}, {"id": None}, 7, "7"):
        change = [{"id": order.id, "note": "Never"}, nameless]
        assert await shopkit.refused("PUT", "/order/bulk", change) == 400, nameless
    assert (await shopkit.get(f"/order/{order.id}"))["note"] == "Hello"
    await shopkit.found("POST", f"/order/{order.id}/invoice", status=201)
    assert await shopkit.refused("POST", f"/order/{order.id}/invoice") == 409
    again = await shopkit.found("PUT", "/order/bulk/invoice", [order.id])
    assert [answer["code"] for answer in again] == [409]
    canceled = await shopkit.found("PUT", f"/order/{order.id}", {"status_alias": "canceled"})
    assert (canceled["status"], canceled["invoice_url"] is None) == (4, False)
