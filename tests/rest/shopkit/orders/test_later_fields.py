"""Fields of orders that Shopkit's documents got later."""

from datetime import UTC, date, datetime

from sqlalchemy import update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.customers.kinds import GroupKind
from commerce.orders.models import OrderLine
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_customer, make_group
from tests.support.orders import Item, place_order
from tests.support.payments import make_method
from tests.support.shopkit import ADDRESS, Client

ELSEWHERE = {**ADDRESS, "city": "Porto"}
PLACED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def test_what_is_known_of_a_guests_order(shopkit: Client, uow: UnitOfWork) -> None:
    await make_method(uow, "bank_transfer", provider="manual")
    variant = await make_variant(uow, await make_product(uow), barcode="4006381333931")
    method = {"name": "Post", "price": "1", "code": "post", "delivery_from": "2026-01-05"}
    values = {
        "billing_address": ADDRESS,
        "shipping_address": ADDRESS,
        "shipping_method": {**method, "delivery_to": "2026-01-07"},
    }
    order = await place_order(uow, Item("10.00", variant=variant), placed_at=PLACED, values=values)
    shown = await shopkit.get(f"/order/{order.id}")
    assert (shown["is_digital"], shown["wholesale"]) == (False, False)
    assert shown["billing_info_same_delivery"] is shown["client"]["billing"]["same_as_delivery"]
    assert shown["billing_info_same_delivery"] is True
    arrival = [shown[f"expected_arrival_{name}"] for name in ("from", "until")]
    assert [date.fromisoformat(day).day for day in arrival] == [5, 7]
    (line,) = shown["products"]
    assert (line["barcode"], line["is_product"]) == ("4006381333931", True)
    assert (shown["payment"]["gateway"], shown["tracking_created_at"]) == (None, None)
    sent = {"paid": True, "status_alias": "sent"}
    done = await shopkit.found("PUT", f"/order/{order.id}", sent)
    payment = done["payment"]
    assert (payment["gateway"], payment["method"]) == ("manual", "bank_transfer")
    assert payment["title"] == payment["description"]
    assert done["tracking_created_at"].endswith("+00:00")


async def test_what_who_sells_on_downloads(shopkit: Client, uow: UnitOfWork) -> None:
    trade = await make_group(uow, kind=GroupKind.WHOLESALE)
    customer = await make_customer(uow, group_id=trade.id)
    values = {"billing_address": ADDRESS, "shipping_address": ELSEWHERE}
    order = await place_order(uow, Item("10.00"), customer=customer, values=values)
    lines = update(OrderLine).where(col(OrderLine.order_id) == order.id)
    await uow.change(lines.values(requires_shipping=False))
    shown = await shopkit.get(f"/order/{order.id}")
    assert (shown["is_digital"], shown["wholesale"]) == (True, True)
    assert shown["billing_info_same_delivery"] is False
