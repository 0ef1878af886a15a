from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.customers import make_customer, viewer_of
from tests.support.orders import AT, Item, place_order

FIELDS = """ordersCount canceledCount spent { amount currencyCode }
  averageSpent { amount } firstPlacedAt lastPlacedAt"""
ONE = f"query ($id: ID!) {{ customer(id: $id) {{ purchases {{ {FIELDS} }} }} }}"
NONE = {
    "ordersCount": 0,
    "canceledCount": 0,
    "spent": [],
    "averageSpent": [],
    "firstPlacedAt": None,
    "lastPlacedAt": None,
}


async def bought(uow: UnitOfWork, customer: Any) -> None:
    """Paid 30 and 20, of which 5 went back; one canceled, one draft, and one in dollars."""
    paid = {"paid": Decimal(30)}
    await place_order(uow, Item("30"), customer=customer, values=paid)
    later, partly = AT + timedelta(days=2), {"paid": Decimal(20), "refunded": Decimal(5)}
    await place_order(uow, Item("20"), customer=customer, placed_at=later, values=partly)
    canceled = {"status": "canceled", "canceled_at": AT}
    await place_order(uow, Item("9"), customer=customer, values=canceled)
    await place_order(uow, Item("9"), customer=customer, placed_at=None)
    earlier = AT - timedelta(days=1)
    await place_order(
        uow, Item("7"), customer=customer, currency="USD", placed_at=earlier, values={"paid": 7}
    )


async def test_purchases_are_summed_by_currency(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    bob = await make_customer(uow, "bob@shop.test")
    await bought(uow, ada)
    shown = await ask(ONE, {"id": global_id("Customer", ada.id)})
    assert shown["data"]["customer"]["purchases"] == {
        "ordersCount": 4,
        "canceledCount": 1,
        "spent": [
            {"amount": "45.00", "currencyCode": "EUR"},
            {"amount": "7.00", "currencyCode": "USD"},
        ],
        "averageSpent": [{"amount": "22.50"}, {"amount": "7.00"}],
        "firstPlacedAt": "2026-03-03T12:00:00Z",
        "lastPlacedAt": "2026-03-06T12:00:00Z",
    }
    nobody = await ask(ONE, {"id": global_id("Customer", bob.id)})
    assert nobody["data"]["customer"]["purchases"] == NONE


async def test_only_orders_that_the_caller_sees_are_summed(ask: Ask, uow: UnitOfWork) -> None:
    ada = await make_customer(uow)
    await bought(uow, ada)
    own = await ask("{ me { purchases { ordersCount } } }", viewer=viewer_of(ada))
    assert own["data"]["me"]["purchases"] == {"ordersCount": 4}
    reader = Viewer(ViewerKind.API_KEY, 2, frozenset({Scope.READ_CUSTOMERS}))
    unseen = await ask(ONE, {"id": global_id("Customer", ada.id)}, viewer=reader)
    assert unseen["data"]["customer"]["purchases"] == NONE


@pytest.mark.parametrize("customers", [1, 5])
async def test_sums_of_many_customers_take_one_statement(
    ask: Ask, uow: UnitOfWork, statements: list[str], customers: int
) -> None:
    for place in range(customers):
        customer = await make_customer(uow, f"c{place}@shop.test")
        await place_order(uow, customer=customer)
    statements.clear()
    await ask("{ customers { nodes { purchases { ordersCount } } } }")
    assert len(statements) == 2
