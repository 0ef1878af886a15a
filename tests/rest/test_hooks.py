"""What the webhooks of dialects say, read through the schema as in a server."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.app import context_factory
from commerce.core.db import UnitOfWork
from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.customers.models import Customer
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.rest.dialect_hooks import HOOKS
from commerce.rest.hooks import DialectFormat, DialectHooks, dialect_formats
from commerce.runtime import Resources
from commerce.webhooks.kinds import WebhookFormat
from resolvers.schema import core_schema
from tests.support.catalog import make_product, make_variant
from tests.support.customers import make_customer
from tests.support.graphql import schema
from tests.support.orders import STANDARD, TEN_PERCENT, Item, place_order

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
SECRET = "your-webhook-secret"
# What `printf '{}' | openssl dgst -sha256 -hmac your-webhook-secret` prints.
SIGNED = "3f7df3cbc19203bbd06711309e31ed5fef13b99190551f64da0fe2f06c646935"
RESOURCES = {
    "order": "Order",
    "product": "Product",
    "customer": "Customer",
    "stock": "ProductVariant",
}


def happened(type_: EventType, id_: int, **data: Any) -> Happened:
    resource = RESOURCES[type_.value.split(".")[0]]
    return Happened(UUID(int=7), type_, resource, id_, 3, AT, data)


@pytest.fixture
def formats(resources: Resources) -> dict[str, DialectFormat]:
    executor = Executor(
        core_schema(schema()),
        resources.open_unit,
        context_factory(resources),
        ExecutorOptions(production=False),
    )
    return dialect_formats(HOOKS, executor.prepare, executor.execute, "https://shop.test")


async def said(format_: DialectFormat, about: Happened) -> Any:
    body = await format_.body(about)
    assert body is not None
    return json.loads(body)


@pytest.mark.parametrize("hooks", HOOKS, ids=lambda hooks: hooks.dialect)
def test_every_event_is_told_once(hooks: DialectHooks) -> None:
    types = [row.event_type for row in hooks.events]
    names = [row.public_name for row in hooks.events]
    assert len(set(types)) == len(types)
    assert len(set(names)) == len(names)
    assert WebhookFormat(hooks.dialect)


@pytest.mark.parametrize(
    ("dialect", "headers"),
    [
        ("litestore", {"x-litestore-signature": "{}"}),
        ("cartino", {"x-cartino-signature": "sha256={}"}),
        ("litekart", {"x-litekart-signature": "{}", "x-litekart-event": "order.created"}),
        (
            "shopkit",
            {
                "user-agent": "Shopkit-Webhook",
                "x-shopkit-event": "order_created",
                "x-webhook-signature": "{}",
                "x-platform": "Shopkit",
                "x-shopkit-environment": "production",
            },
        ),
    ],
)
def test_each_dialect_signs_its_own_way(
    formats: dict[str, DialectFormat], dialect: str, headers: dict[str, str]
) -> None:
    found = formats[dialect].headers(happened(EventType.ORDER_CREATED, 1), b"{}", SECRET)
    assert found == {name: value.replace("{}", SIGNED) for name, value in headers.items()}


async def make_order(uow: UnitOfWork, *, includes_tax: bool = False) -> Any:
    customer = await make_customer(uow, first_name="Ada", last_name="Lovelace")
    item = Item("10.00", 2, (STANDARD,), "Teapot", includes_tax=includes_tax)
    return await place_order(
        uow, item, customer=customer, shipping="4.90", promotions=(TEN_PERCENT,)
    )


@pytest.mark.parametrize(
    ("dialect", "type_", "name"),
    [
        ("cartino", EventType.ORDER_SHIPPED, "order.fulfilled"),
        ("litekart", EventType.ORDER_PAID, "payment.completed"),
    ],
)
async def test_an_order_in_an_envelope(
    uow: UnitOfWork, formats: dict[str, DialectFormat], dialect: str, type_: EventType, name: str
) -> None:
    order = await make_order(uow)
    body = await said(formats[dialect], happened(type_, order.id))
    assert body["event"] == name
    data = body["data"]
    number = data.get("order_number") or data["orderNo"]
    assert (number, float(data["total"])) == (order.number, float(order.total))
    if dialect == "litekart":
        assert (body["id"], body["createdAt"]) == (f"evt_{7:032x}", "2026-01-02T03:04:05.678Z")
        assert data["lineItems"][0]["qty"] == 2
    else:
        assert body["timestamp"] == "2026-01-02T03:04:05Z"
        assert data["items_count"] == 2


@pytest.mark.parametrize(("includes_tax", "price"), [(False, 10), (True, 8.13008)])
async def test_an_order_as_shopkit_shows_it(
    uow: UnitOfWork, formats: dict[str, DialectFormat], includes_tax: bool, price: float
) -> None:
    """Prices without tax, and a total that follows from them."""
    order = await make_order(uow, includes_tax=includes_tax)
    body = await said(formats["shopkit"], happened(EventType.ORDER_UPDATED, order.id))
    shown = body["order"]
    assert shown["id"] == order.id
    assert len(shown["hash"]) == 40
    assert order.token not in json.dumps(shown)
    (line,) = shown["products"]
    assert (line["price"], line["quantity"], line["tax"]) == (price, 2, 23)
    assert line["discount_percent"] == 10
    total = shown["subtotal"] - shown["discount"] + shown["total_tax"] + shown["shipping"]["value"]
    assert round(total, 2) == float(order.total) == shown["total"]
    assert shown["client"]["delivery"]["country"] == "Germany"
    assert (shown["status_alias"], shown["paid"]) == ("pending", False)


async def test_products_and_customers(uow: UnitOfWork, formats: dict[str, DialectFormat]) -> None:
    product = await make_product(uow, title="Teapot")
    customer = await make_customer(uow, first_name="Ada")
    for dialect, key in (("cartino", "data"), ("shopkit", "product")):
        body = await said(formats[dialect], happened(EventType.PRODUCT_UPDATED, product.id))
        assert (body[key]["id"], body[key]["title"]) == (product.id, "Teapot")
        gone = await said(formats[dialect], happened(EventType.PRODUCT_DELETED, product.id))
        assert gone[key] == {"id": product.id}
    variant = await make_variant(uow, product, sku="POT-1")
    stock = await said(formats["litekart"], happened(EventType.STOCK_CHANGED, variant.id))
    assert stock["event"] == "inventory.updated"
    assert stock["data"]["variantId"] == str(variant.id)
    assert (stock["data"]["sku"], stock["data"]["productId"]) == ("POT-1", str(product.id))
    registered = happened(EventType.CUSTOMER_REGISTERED, customer.id)
    assert (await said(formats["cartino"], registered))["data"]["first_name"] == "Ada"
    assert (await said(formats["litekart"], registered))["data"]["firstName"] == "Ada"


async def test_a_product_whose_stock_changed_as_shopkit_shows_it(
    uow: UnitOfWork, formats: dict[str, DialectFormat]
) -> None:
    """Whole, as its other events have it."""
    product = await make_product(uow, title="Teapot")
    variant = await make_variant(uow, product, sku="POT-1")
    shopkit = formats["shopkit"]
    stock = await said(shopkit, happened(EventType.STOCK_CHANGED, variant.id))
    assert stock["product"]["title"] == "Teapot"
    assert stock == await said(shopkit, happened(EventType.PRODUCT_UPDATED, product.id))
    assert await shopkit.body(happened(EventType.STOCK_CHANGED, 404)) is None


async def test_clients_as_shopkit_shows_them(
    uow: UnitOfWork, formats: dict[str, DialectFormat]
) -> None:
    customer = await make_customer(uow, first_name="Ada", last_name="Lovelace")
    shopkit = formats["shopkit"]
    for type_ in (EventType.CUSTOMER_CREATED, EventType.CUSTOMER_UPDATED):
        shown = (await said(shopkit, happened(type_, customer.id)))["client"]
        assert (shown["id"], shown["name"]) == (customer.id, "Ada Lovelace")
        assert (shown["email"], shown["is_deleted"]) == (customer.email, False)
    gone = {"client": {"id": customer.id}}
    assert await said(shopkit, happened(EventType.CUSTOMER_ERASED, customer.id)) == gone
    await uow.change(update(Customer).where(col(Customer.id) == customer.id).values(erased_at=AT))
    assert await shopkit.body(happened(EventType.CUSTOMER_UPDATED, customer.id)) is None


async def test_there_is_nothing_to_tell_of_what_is_gone(
    formats: dict[str, DialectFormat],
) -> None:
    assert await formats["cartino"].body(happened(EventType.ORDER_PAID, 404)) is None
    assert await formats["litestore"].body(happened(EventType.ORDER_PAID, 404)) is None
