"""Lists ask the database the same number of things, however long they are."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert

from commerce.core.db import UnitOfWork
from commerce.files.kinds import FileKind
from commerce.files.models import File
from tests.support.catalog import make_brand, make_category, make_product, make_variant
from tests.support.customers import make_address, make_customer
from tests.support.orders import STANDARD, Item, place_order
from tests.support.payments import make_method
from tests.support.shopkit import Client

# What it takes to know the caller, and to note from where a key is used for the first time.
OF_THE_KEY = ("api_keys", "audit_log")
EVENTS = ("order_created", "order_updated", "order_paid", "order_sent", "product_created")
OF_ORDERS = 11
OF_WEBHOOKS = 2
OF_A_COUPON = 5
COUPON = {"limit": 5, "value": 10, "type": "percent", "applies_to": "all_orders"}


async def add_category(uow: UnitOfWork, place: int) -> None:
    await make_category(uow, f"Kitchen {place}", await make_product(uow, slug=f"mug-{place}"))


async def add_brand(uow: UnitOfWork, place: int) -> None:
    brand = await make_brand(uow, f"Acme {place}")
    await make_product(uow, slug=f"mug-{place}", brand_id=brand.id)


async def add_client(uow: UnitOfWork, place: int) -> None:
    customer = await make_customer(uow, f"ada{place}@shop.test")
    await make_address(uow, customer, is_default_shipping=True, is_default_billing=True)


async def add_file(uow: UnitOfWork, place: int) -> None:
    kept = {"key": f"key-{place}", "filename": "mug.png", "mime_type": "image/png", "size": 9}
    await uow.change(insert(File).values(kind=FileKind.IMAGE, width=9, height=9, **kept))


# How a thing is added to a list, and what it takes to show any number of them.
ROWS: dict[str, tuple[Callable[[UnitOfWork, int], Awaitable[None]], int]] = {
    "/category": (add_category, 5),
    "/brand": (add_brand, 4),
    "/client": (add_client, 4),
    "/media": (add_file, 2),
}


def asked(statements: list[str]) -> list[str]:
    return [sent for sent in statements if not any(name in sent for name in OF_THE_KEY)]


@pytest.mark.parametrize("orders", [1, 4])
async def test_a_list_costs_the_same_for_any_number_of_orders(
    shopkit: Client, uow: UnitOfWork, statements: list[str], orders: int
) -> None:
    await make_method(uow, "bank_transfer", provider="manual")
    for place in range(orders):
        product = await make_product(uow, slug=f"mug-{place}")
        variant = await make_variant(uow, product, sku=f"MUG-{place}")
        order = await place_order(uow, Item("10.00", 2, (STANDARD,), variant=variant))
        await shopkit.found("PUT", f"/order/{order.id}", {"paid": True, "status_alias": "sent"})
    statements.clear()
    shown = await shopkit.get("/order")
    assert len(shown) == orders + 1
    assert {shown["0"]["status_alias"], shown["0"]["payment"]["type"]} == {"sent", "bank_transfer"}
    found = asked(statements)
    assert len(found) == OF_ORDERS, "\n\n".join(found)


@pytest.mark.parametrize("webhooks", [1, 5])
async def test_a_list_costs_the_same_for_any_number_of_webhooks(
    shopkit: Client, statements: list[str], webhooks: int
) -> None:
    for event in EVENTS[:webhooks]:
        sent = {"url": "https://www.mysite.com/hook", "event": event}
        await shopkit.found("POST", "/webhook", sent, 201)
    statements.clear()
    assert len(await shopkit.get("/webhook")) == webhooks + 1
    found = asked(statements)
    assert len(found) == OF_WEBHOOKS, "\n\n".join(found)


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("path", ROWS)
async def test_a_list_costs_the_same_for_any_number_of_things(
    shopkit: Client, uow: UnitOfWork, statements: list[str], path: str, rows: int
) -> None:
    add, cost = ROWS[path]
    for place in range(rows):
        await add(uow, place)
    await shopkit.get(path)  # what is asked once in a while is known
    statements.clear()
    shown = await shopkit.get(path)
    assert len([row for row in shown if row != "paging"]) == rows
    found = asked(statements)
    assert len(found) == cost, "\n\n".join(found)


@pytest.mark.parametrize("coupons", [1, 4])
async def test_a_coupon_costs_the_same_among_any_number(
    shopkit: Client, statements: list[str], coupons: int
) -> None:
    for place in range(coupons):
        await shopkit.found("POST", "/coupon", {**COUPON, "code": f"c{place}"}, 201)
    for query in ("/c0", "?code=c0"):
        statements.clear()
        await shopkit.get(f"/coupon{query}")
        assert len(asked(statements)) == OF_A_COUPON, "\n\n".join(asked(statements))
