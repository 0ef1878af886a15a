"""Lists ask the database the same number of things, however long they are."""

import pytest

from commerce.core.db import UnitOfWork
from tests.support.catalog import make_product, make_variant
from tests.support.orders import STANDARD, Item, place_order
from tests.support.payments import make_method
from tests.support.shopkit import Client

# What it takes to know the caller, and to note from where a key is used for the first time.
OF_THE_KEY = ("api_keys", "audit_log")
EVENTS = ("order_created", "order_updated", "order_paid", "order_sent", "product_created")
OF_ORDERS = 11
OF_WEBHOOKS = 2


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
