"""Shipments, statistics, and what products say of sales and taxes, by Shopkit's words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from commerce.catalog.models import Variant
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.orders.kinds import OrderStatus
from tests.conftest import Ask
from tests.rest.shopkit.goods.conftest import Shopkit, rows
from tests.support.catalog import make_product, make_variant
from tests.support.orders import Item, lines_of, place_order

CANCELED = datetime(2024, 5, 3, tzinfo=UTC)
SHIP = """
mutation ($input: FulfillmentCreateInput!) {
  fulfillmentCreate(input: $input) { userErrors { message path } }
}
"""


@pytest.fixture
async def sold(uow: UnitOfWork) -> Any:
    """Two orders on one day, one on the next, and one that was canceled."""
    product = await make_product(uow, "Mug")
    variant = await make_variant(uow, product, sku="mug")
    orders = []
    for day, quantity, values in (
        (1, 2, None),
        (1, 1, None),
        (2, 3, None),
        (2, 9, {"status": OrderStatus.CANCELED, "canceled_at": CANCELED}),
    ):
        placed = datetime(2024, 5, day, 12, tzinfo=UTC)
        item = Item("10", quantity, variant=variant)
        orders.append(await place_order(uow, item, placed_at=placed, values=values))
    return product, orders


async def test_what_was_sold(shopkit: Shopkit, sold: Any) -> None:
    within = "date_from=2024-05-01&date_to=2024-05-31"
    for path in ("/stats", "/stats/resume"):
        shown = await shopkit.get(f"{path}?{within}")
        assert (shown["orders_count"], shown["products_sold"]) == (3, 6)
        assert shown["orders_revenue"] == shown["order_avg_value"] * 3
    days = await shopkit.get(f"/stats/orders?{within}")
    assert [(day["date"], day["orders_count"], day["products_sold"]) for day in days] == [
        ("2024-05-01", 2, 3),
        ("2024-05-02", 1, 3),
    ]
    assert await shopkit.get("/stats/orders?date_from=2023-01-01&date_to=2023-01-02") == []
    assert (await shopkit.get("/stats"))["orders_count"] == 0
    for query in ("date_from=x", "date_from=2024-02-01&date_to=2024-01-01", "date_from=2020-01-01"):
        assert await shopkit.refused("GET", f"/stats?{query}") == 400
    for metric in ("live", "visitors", "other"):
        assert await shopkit.refused("GET", f"/stats/{metric}") == 404


async def test_products_say_how_many_were_sold(shopkit: Shopkit, sold: Any) -> None:
    assert (await shopkit.get(f"/product/{sold[0].id}"))["sales"] == 6


async def test_shipments(shopkit: Shopkit, sold: Any, uow: UnitOfWork, ask: Ask) -> None:
    order = sold[1][0]
    (line,) = await lines_of(uow, order)
    sent = {
        "orderId": global_id("Order", order.id),
        "lines": [{"orderLineId": global_id("OrderLine", line.id), "quantity": 1}],
        "carrier": "CTT",
        "trackingNumber": "RR1",
        "trackingUrl": "https://ctt.test/RR1",
    }
    made = await ask(SHIP, {"input": sent})
    assert made["data"]["fulfillmentCreate"]["userErrors"] == []
    (shown,) = rows(await shopkit.get("/shipment"))
    assert (shown["order_id"], shown["carrier"], shown["tracking_code"]) == (order.id, "CTT", "RR1")
    assert shown["to"]["country_code"] == "DEU"
    assert await shopkit.get("/shipment/carrier") == [{"alias": "CTT", "title": "CTT"}]
    day = shown["sent_at"][:10]
    for query, count in (
        ("tracking_code=RR1", 1),
        ("tracking_code=RR", 0),
        ("carrier=ctt", 1),
        ("paid=true", 0),
        ("paid=false", 1),
        ("q=rr", 1),
        ("status=4", 0),
        (f"date_from={day}&date_to={day}", 1),
        ("date_to=2001-01-01", 0),
        ("page=2", 0),
    ):
        assert len(rows(await shopkit.get(f"/shipment?{query}"))) == count, query
    for query in ("status=x", "limit=0", "date_from=x", "paid=maybe"):
        assert await shopkit.refused("GET", f"/shipment?{query}") == 400


async def test_products_say_their_tax_where_the_store_is(
    shopkit: Shopkit, uow: UnitOfWork, ask: Ask
) -> None:
    product = await make_product(uow, "Mug")
    await make_variant(uow, product)
    zone = """
    mutation { taxZoneUpsert(input: {
      name: "Everywhere", areas: [{}], rates: [{ name: "IVA", percent: "23" }]
    }) { userErrors { message path } } }
    """
    assert (await ask(zone))["data"]["taxZoneUpsert"]["userErrors"] == []
    shown = await shopkit.get(f"/product/{product.id}")
    assert (shown["tax"], shown["taxable"]) == (23, True)
    await uow.change(update(Variant).values(taxable=False))
    shown = await shopkit.get(f"/product/{product.id}")
    assert (shown["tax"], shown["taxable"]) == (0, False)
