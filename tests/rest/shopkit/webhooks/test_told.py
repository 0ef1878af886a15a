"""What Shopkit's webhooks tell beyond orders, products and clients."""

import json
from datetime import UTC, datetime
from hashlib import md5
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from commerce.app import context_factory
from commerce.core.db import UnitOfWork
from commerce.core.events import EventType
from commerce.core.happened import Happened
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.rest.hooks import DialectFormat, dialect_formats
from commerce.rest.shopkit.events import SHOPKIT_HOOKS
from commerce.runtime import Resources
from commerce.shop_time import ShopTime
from commerce.store.models import Store
from resolvers.schema import core_schema
from tests.support.carts import Goods, make_cart, make_cart_line
from tests.support.customers import make_customer
from tests.support.graphql import schema
from tests.support.orders import Item, place_order
from tests.support.shopkit import Client

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def shopkit_format(resources: Resources) -> DialectFormat:
    executor = Executor(
        core_schema(schema()),
        resources.open_unit,
        context_factory(resources),
        ExecutorOptions(production=False),
    )
    zone = ShopTime(resources.open_unit).zone
    hooks = (SHOPKIT_HOOKS,)
    found = dialect_formats(hooks, executor.prepare, executor.execute, "https://shop.test", zone)
    return found["shopkit"]


def happened(type_: EventType, resource: str, id_: int, **data: Any) -> Happened:
    return Happened(UUID(int=7), type_, resource, id_, 3, AT, data)


async def said(format_: DialectFormat, about: Happened) -> tuple[str, Any]:
    """The event's name and its body; the body is None when nothing is sent."""
    body = await format_.body(about)
    if body is None:
        return "", None
    return format_.headers(about, body, "secret")["x-shopkit-event"], json.loads(body)


async def test_a_newsletter_is_subscribed_to_by_mail(
    uow: UnitOfWork, shopkit_format: DialectFormat
) -> None:
    customer = await make_customer(uow, first_name="Ada", last_name="Lovelace")
    reader = {
        "client": {
            "name": "Ada Lovelace",
            "email": customer.email,
            "hash": md5(customer.email.encode(), usedforsecurity=False).hexdigest(),
        }
    }
    for type_, name in (
        (EventType.CUSTOMER_SUBSCRIBED, "newsletter_subscribed"),
        (EventType.CUSTOMER_UNSUBSCRIBED, "newsletter_unsubscribed"),
    ):
        by_mail = happened(type_, "Customer", customer.id, channel="email")
        assert await said(shopkit_format, by_mail) == (name, reader)
        by_sms = happened(type_, "Customer", customer.id, channel="sms")
        assert await said(shopkit_format, by_sms) == ("", None)


async def test_a_client_is_told_as_documented(
    uow: UnitOfWork, shopkit_format: DialectFormat
) -> None:
    customer = await make_customer(uow, accepts_email=True, tags=["vip"])
    name, body = await said(
        shopkit_format, happened(EventType.CUSTOMER_TAGGED, "Customer", customer.id)
    )
    documented = (
        *("name", "email", "company", "fiscal_id", "locale", "gender", "birthday", "picture"),
        *("subscribe_newsletter", "wholesale", "created_at", "last_seen_at", "ip_address"),
        *("is_banned", "internal_notes", "tags", "delivery", "billing"),
    )
    assert set(documented) <= set(body["client"])
    assert (name, body["client"]["tags"]) == ("client_tag_added", ["vip"])
    assert body["client"]["subscribe_newsletter"] is True


async def test_an_abandoned_cart_says_what_is_in_it(
    uow: UnitOfWork, shopkit_format: DialectFormat
) -> None:
    await uow.change(update(Store).values(timezone="Asia/Tokyo"))
    goods = await Goods.open(uow)
    variant = await goods.variant("12.50")
    cart = await make_cart(uow, email="ada@example.com")
    await make_cart_line(uow, cart, variant, 2)
    about = happened(EventType.CART_ABANDONED, "Cart", cart.id)
    name, body = await said(shopkit_format, about)
    shown = body["cart"]
    assert (name, shown["id"], shown["client"]["email"]) == (
        "cart_abandoned",
        cart.id,
        "ada@example.com",
    )
    (line,) = shown["products"]
    assert (line["title"], line["reference"], line["quantity"]) == ("Thing 1", "sku-1", 2)
    assert (line["price"], line["subtotal"], shown["subtotal"]) == (12.5, 25, 25)
    assert shown["created_at"].endswith("+09:00")
    assert cart.token not in json.dumps(body)
    gone = happened(EventType.CART_ABANDONED, "Cart", 404)
    assert await said(shopkit_format, gone) == ("", None)


async def test_an_order_is_told_of_with_its_payment_or_invoice(
    uow: UnitOfWork, shopkit_format: DialectFormat
) -> None:
    order = await place_order(uow, Item("10.00"))
    failed = happened(EventType.PAYMENT_FAILED, "Payment", 5, order_id=order.id, cart_id=None)
    name, body = await said(shopkit_format, failed)
    assert (name, body["order"]["id"]) == ("order_payment_failed", order.id)
    of_cart = happened(EventType.PAYMENT_FAILED, "Payment", 5, order_id=None, cart_id=3)
    assert await said(shopkit_format, of_cart) == ("", None)
    issued = happened(EventType.INVOICE_ISSUED, "Invoice", 5, order_id=order.id, kind="invoice")
    name, body = await said(shopkit_format, issued)
    assert (name, body["order"]["id"]) == ("order_invoiced", order.id)
    note = happened(EventType.INVOICE_ISSUED, "Invoice", 5, order_id=order.id, kind="credit_note")
    assert await said(shopkit_format, note) == ("", None)


async def test_new_tags_are_told_and_old_ones_are_not(
    shopkit: Client, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of orders and of clients."""
    heard: list[EventType] = []
    record = UnitOfWork.record
    monkeypatch.setattr(
        UnitOfWork, "record", lambda unit, event: (heard.append(event.type), record(unit, event))
    )
    customer, order = await make_customer(uow), await place_order(uow, Item("10.00"))
    for path, type_ in (
        (f"/client/{customer.id}", EventType.CUSTOMER_TAGGED),
        (f"/order/{order.id}", EventType.ORDER_TAGGED),
    ):
        told = []
        for tags in (["a", "b"], ["b", "a"], ["b"], ["b", "c"]):
            heard.clear()
            await shopkit.found("PUT", path, {"tags": tags})
            told.append(type_ in heard)
        assert told == [True, False, False, True]
