"""Orders that programs place at once, and what programs ask of orders beside that."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.inventory.models import StockLevel
from commerce.orders.kinds import OrderStatus
from commerce.orders.models import Order
from commerce.payments.kinds import MethodKind
from tests.conftest import Ask
from tests.support import payments, shipping
from tests.support.carts import Goods
from tests.support.customers import make_customer
from tests.support.orders import AT, Item, lines_of, place_order

ERRORS = "userErrors { code path message ... on InvalidTransitionError { current } }"
SCOPES = frozenset({Scope.READ_ORDERS, Scope.WRITE_ORDERS, Scope.READ_STOCK, Scope.READ_CUSTOMERS})
PROGRAM = Viewer(ViewerKind.API_KEY, 1, SCOPES)
ORDER = """ id number status paymentStatus email totalQuantity customer { databaseId }
  shippingMethod { code } shippingAddress { city } billingAddress { city }
  payments { method { code } amount { amount } }
  cost { subtotal { amount } total { amount } due { amount } shipping { gross { amount } } }
  lines { nodes { quantity customPrice unitPrice { amount } } } """
BERLIN = {"country": "DE", "city": "Berlin", "street1": "Ring 1", "postalCode": "10115"}


async def send(ask: Ask, name: str, shown: str, viewer: Viewer = PROGRAM, /, **given: Any) -> Any:
    kind = name[0].upper() + name[1:]
    query = f"mutation ($i: {kind}Input!) {{ {name}(input: $i) {{ {shown} {ERRORS} }} }}"
    answer = await ask(query, {"i": given}, viewer=viewer)
    assert "errors" not in answer, answer
    return answer["data"][name]


def line(variant: Any, quantity: int = 1, price: str | None = None) -> dict[str, Any]:
    custom = {} if price is None else {"unitPrice": price}
    return {
        "variantId": global_id("ProductVariant", variant.id),
        "quantity": quantity,
        **custom,
    }


@pytest.fixture
async def goods(uow: UnitOfWork) -> Goods:
    """Sent to Germany by parcel for 4.90, paid by transfer or by card."""
    home = await shipping.make_zone(uow, "Home", {"country": "DE"})
    await shipping.make_method(uow, zone_id=home.id)
    transfer = {"provider": "manual", "kind": MethodKind.BANK_TRANSFER}
    await payments.make_method(uow, "transfer", **transfer)
    await payments.make_method(uow, "card", kind=MethodKind.CARD)
    return await Goods.open(uow)


async def allocated(uow: UnitOfWork, variant: Any) -> int:
    units = select(col(StockLevel.reserved)).where(col(StockLevel.variant_id) == variant.id)
    return int(await uow.scalar(units) or 0)


async def test_an_order_is_placed_in_one_step(ask: Ask, goods: Goods, uow: UnitOfWork) -> None:
    ada, mug, cup = await make_customer(uow), await goods.variant("10"), await goods.variant("20")
    placed = await send(
        ask,
        "orderCreate",
        f"order {{ {ORDER} }}",
        customerId=global_id("Customer", ada.id),
        lines=[line(mug, 2), line(cup, 1, "15.50")],
        shippingAddress=BERLIN,
        billingAddress={**BERLIN, "city": "Potsdam"},
        shippingMethod="parcel",
        paymentMethod="transfer",
    )
    assert placed["userErrors"] == []
    order = placed["order"]
    assert (order["paymentStatus"], order["totalQuantity"]) == ("UNPAID", 3)
    assert order["shippingMethod"] == {"code": "parcel"}
    assert (order["customer"], order["email"]) == ({"databaseId": ada.id}, ada.email)
    assert (order["shippingAddress"]["city"], order["billingAddress"]["city"]) == (
        "Berlin",
        "Potsdam",
    )
    assert [(each["quantity"], each["customPrice"]) for each in order["lines"]["nodes"]] == [
        (2, False),
        (1, True),
    ]
    assert order["cost"]["subtotal"]["amount"] == "35.50"
    assert order["cost"]["total"]["amount"] == "40.40"
    assert order["payments"] == [{"method": {"code": "transfer"}, "amount": {"amount": "40.40"}}]
    assert await allocated(uow, mug) == 2


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"shippingMethod": "pigeon"}, "NOT_FOUND", ["shippingMethod"]),
        ({"paymentMethod": "shells"}, "INVALID", ["paymentMethod"]),
        ({"customerId": global_id("Customer", 404)}, "NOT_FOUND", ["customerId"]),
        ({"couponCodes": ["NO\0"]}, "INVALID", ["couponCodes", "0"]),
    ],
)
async def test_of_an_order_that_is_refused_nothing_is_left(
    ask: Ask, goods: Goods, uow: UnitOfWork, changes: dict[str, Any], code: str, path: list[str]
) -> None:
    mug = await goods.variant()
    given = {"lines": [line(mug)], "shippingAddress": BERLIN, "email": "a@b.test", **changes}
    refused = await send(ask, "orderCreate", "order { id }", **given)
    assert refused["order"] is None
    assert [(each["code"], each["path"]) for each in refused["userErrors"]] == [(code, path)]
    assert await uow.scalar(select(func.count()).select_from(Order)) == 0
    assert await allocated(uow, mug) == 0


async def test_an_order_for_more_than_there_is_is_not_placed(
    ask: Ask, goods: Goods, uow: UnitOfWork
) -> None:
    mug = await goods.variant(stock=1)
    refused = await send(ask, "orderCreate", "order { id }", lines=[line(mug, 2)], email="a@b.test")
    assert [each["code"] for each in refused["userErrors"]] == ["INSUFFICIENT_STOCK"]
    assert await uow.scalar(select(func.count()).select_from(Order)) == 0


async def test_a_method_that_asks_a_provider_is_only_looked_at(ask: Ask, goods: Goods) -> None:
    mug = await goods.variant()
    placed = await send(
        ask,
        "orderCreate",
        "order { payments { id } paymentStatus }",
        lines=[line(mug)],
        email="a@b.test",
        paymentMethod="transfer",
    )
    assert len(placed["order"]["payments"]) == 1


@pytest.mark.parametrize("wanted", ["PENDING", "PROCESSING", "SHIPPED", "DELIVERED", "COMPLETED"])
@pytest.mark.parametrize("current", [OrderStatus.PENDING, OrderStatus.COMPLETED])
async def test_a_status_can_be_forced(
    ask: Ask, uow: UnitOfWork, current: OrderStatus, wanted: str
) -> None:
    order = await place_order(uow, values={"status": current})
    given = {"orderId": global_id("Order", order.id), "status": wanted}
    moved = await send(ask, "orderTransition", "order { status }", force=True, **given)
    assert moved == {"order": {"status": wanted}, "userErrors": []}


@pytest.mark.parametrize(
    "values",
    [
        {"status": OrderStatus.DRAFT, "placed_at": None},
        {"status": OrderStatus.CANCELED, "canceled_at": AT},
    ],
)
async def test_neither_drafts_nor_canceled_orders_are_forced(
    ask: Ask, uow: UnitOfWork, values: dict[str, Any]
) -> None:
    order = await place_order(uow, values=values)
    given = {"orderId": global_id("Order", order.id), "status": "PROCESSING"}
    refused = await send(ask, "orderTransition", "order { status }", force=True, **given)
    assert [each["code"] for each in refused["userErrors"]] == ["INVALID_TRANSITION"]


async def test_a_line_leads_to_its_order(ask: Ask, uow: UnitOfWork) -> None:
    order = await place_order(uow, Item(quantity=3))
    (bought,) = await lines_of(uow, order)
    query = "query ($id: ID!) { node(id: $id) { ... on OrderLine { order { number } } } }"
    named = {"id": global_id("OrderLine", bought.id)}
    shown = await ask(query, named, viewer=PROGRAM)
    assert shown["data"]["node"] == {"order": {"number": order.number}}
    stranger = await ask(query, named, viewer=Viewer(ViewerKind.API_KEY, 2))
    assert stranger["data"]["node"] is None


@pytest.mark.parametrize("orders", [1, 5])
async def test_units_of_a_list_take_one_statement(
    ask: Ask, uow: UnitOfWork, statements: list[str], orders: int
) -> None:
    for _ in range(orders):
        await place_order(uow, Item(quantity=2), Item(quantity=1))
    statements.clear()
    shown = await ask("{ orders { nodes { totalQuantity } } }", viewer=PROGRAM)
    assert shown["data"]["orders"]["nodes"] == [{"totalQuantity": 3}] * orders
    assert len(statements) == 2


async def test_movements_are_found_by_what_they_refer_to(
    ask: Ask, goods: Goods, uow: UnitOfWork
) -> None:
    mug, numbers = await goods.variant(), []
    for quantity in (1, 2):
        placed = await send(
            ask, "orderCreate", "order { id number }", lines=[line(mug, quantity)], email="a@b.test"
        )
        sent = await send(
            ask, "fulfillmentCreate", "order { status }", orderId=placed["order"]["id"]
        )
        assert sent["userErrors"] == []
        numbers.append(placed["order"]["number"])
    movements = "stockMovements(where: {reference: $r}) { nodes { delta reference } }"
    query = f"query ($r: String) {{ {movements} }}"
    for number, delta in zip(numbers, (-1, -2), strict=True):
        found = await ask(query, {"r": number}, viewer=PROGRAM)
        assert found["data"]["stockMovements"]["nodes"] == [{"delta": delta, "reference": number}]
