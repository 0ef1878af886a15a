from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from commerce.carts.kinds import CartState
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.carts import TOKEN, Goods, make_cart, make_cart_line
from tests.support.customers import make_customer, viewer_of

READER = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CARTS}))
BY_TOKEN = "query ($token: String) { cart(token: $token) { databaseId state token } }"
LIST = """query ($where: CartWhere) { carts(where: $where) {
  nodes { databaseId itemsTotal { amount } totalQuantity lines { nodes { quantity } } } } }"""


async def _seen(ask: Ask, viewer: Viewer, token: str | None = TOKEN) -> Any:
    return (await ask(BY_TOKEN, {"token": token}, viewer=viewer))["data"]["cart"]


async def _listed(ask: Ask, **where: Any) -> list[int]:
    return await _listed_as(ask, READER, **where)


async def _listed_as(ask: Ask, viewer: Viewer, **where: Any) -> list[int]:
    answer = await ask(LIST, {"where": where}, viewer=viewer)
    return [node["databaseId"] for node in answer["data"]["carts"]["nodes"]]


async def test_a_guests_cart_is_read_by_its_token(ask: Ask, uow: UnitOfWork) -> None:
    cart = await make_cart(uow)
    seen = {"databaseId": cart.id, "state": "ACTIVE", "token": TOKEN}
    assert await _seen(ask, ANONYMOUS) == seen
    assert await _seen(ask, READER) == {**seen, "token": None}
    guest = Viewer(ViewerKind.GUEST, tokens=frozenset({TOKEN}))
    assert await _seen(ask, guest, None) == seen
    for viewer, token in (
        (ANONYMOUS, "x" * 43),
        (ANONYMOUS, None),
        (Viewer(ViewerKind.STAFF, 1), TOKEN),
    ):
        assert await _seen(ask, viewer, token) is None


async def test_a_customers_cart_is_read_by_the_customer_alone(ask: Ask, uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.test")
    cart = await make_cart(uow, customer_id=ada.id)
    for viewer, seen in ((viewer_of(ada), True), (viewer_of(bob), False), (ANONYMOUS, False)):
        assert (await _seen(ask, viewer) is not None) is seen
    mine = await ask("{ me { cart { databaseId } } cart { databaseId } }", viewer=viewer_of(ada))
    assert mine["data"] == {
        "me": {"cart": {"databaseId": cart.id}},
        "cart": {"databaseId": cart.id},
    }
    node = "query ($id: ID!) { node(id: $id) { id } }"
    for viewer, seen in ((viewer_of(ada), True), (READER, True), (viewer_of(bob), False)):
        answer = await ask(node, {"id": global_id("Cart", cart.id)}, viewer=viewer)
        assert (answer["data"]["node"] is not None) is seen


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"state": CartState.FROZEN}, "FROZEN"),
        ({"state": CartState.COMPLETED, "order_id": 1}, "COMPLETED"),
        ({"expires_at": system_clock() - timedelta(days=1)}, "EXPIRED"),
        ({"state": CartState.FROZEN, "expires_at": system_clock() - timedelta(days=1)}, "FROZEN"),
        ({"state": CartState.MERGED, "merged_into_id": 1}, None),
    ],
)
async def test_what_became_of_a_cart(
    ask: Ask, uow: UnitOfWork, values: dict[str, Any], state: str | None
) -> None:
    await make_cart(uow, **values)
    seen = await _seen(ask, ANONYMOUS)
    assert (None if seen is None else seen["state"]) == state


async def test_carts_are_found(ask: Ask, uow: UnitOfWork) -> None:
    ada, now = await make_customer(uow), system_clock()
    last = [
        await make_cart(
            uow, f"token-of-the-cart-number-{n}", updated_at=now - timedelta(hours=n), **values
        )
        for n, values in enumerate(
            (
                {"customer_id": ada.id},
                {"email": "Bob@shop.test"},
                {
                    "email": "c@shop.test",
                    "state": CartState.COMPLETED,
                    "order_id": 1,
                    "reminded_at": now,
                },
                {"email": "d@shop.test", "expires_at": now - timedelta(minutes=1)},
            )
        )
    ]
    first, second, third, fourth = (cart.id for cart in last)
    assert await _listed(ask) == [first, second, third, fourth]
    assert await _listed(ask, state=["ACTIVE"]) == [first, second]
    assert await _listed(ask, state=["EXPIRED", "COMPLETED"]) == [third, fourth]
    assert await _listed(ask, customerId={"eq": global_id("Customer", ada.id)}) == [first]
    assert await _listed(ask, email={"eq": "bob@SHOP.test"}) == [second]
    assert await _listed(ask, recovered=True) == [third]
    since = (now - timedelta(minutes=30)).isoformat()
    assert await _listed(ask, abandonedSince=since) == [second, fourth]
    assert await _listed(ask, updatedAt={"gte": since}) == [first]
    assert await _listed(ask, createdOn={"eq": "2001-01-01"}) == []
    assert await _listed_as(ask, ANONYMOUS) == []


@pytest.mark.parametrize("carts", [1, 10])
async def test_a_list_costs_the_same_statements_for_any_number_of_carts(
    ask: Ask, uow: UnitOfWork, goods: Goods, statements: list[str], carts: int
) -> None:
    mug = await goods.variant("10")
    for number in range(carts):
        cart = await make_cart(uow, f"token-of-the-cart-number-{number}")
        await make_cart_line(uow, cart, mug, 2, seen_unit_price=10)
    statements.clear()
    nodes = (await ask(LIST, {}, viewer=READER))["data"]["carts"]["nodes"]
    assert [node["itemsTotal"]["amount"] for node in nodes] == ["20.00"] * carts
    assert len(statements) == 3  # the store, carts, their lines


async def test_only_some_carts_are_priced_at_once(ask: Ask, uow: UnitOfWork) -> None:
    for number in range(11):
        await make_cart(uow, f"token-of-the-cart-number-{number}")
    asked = "{ carts(first: %d) { nodes { cost { total { amount } } } } }"
    assert "errors" not in await ask(asked % 10, viewer=READER)
    assert "errors" in await ask(asked % 11, viewer=READER)


async def test_a_cart_is_priced_once_and_only_when_asked(
    ask: Ask, uow: UnitOfWork, goods: Goods, statements: list[str]
) -> None:
    cart = await make_cart(uow)
    await make_cart_line(uow, cart, await goods.variant("10"))
    for fields, count in (
        ("id version", 1),
        ("lines { nodes { quantity } totalCount { count } } totalQuantity", 2),
        (
            "cost { total { amount } } shippingOptions { code } warnings { code }"
            " lines { nodes { unitPrice { amount } cost { gross { amount } } } }",
            6,
        ),
    ):  # cart, lines; goods, store, taxes: 2
        statements.clear()
        await ask(f'{{ cart(token: "{TOKEN}") {{ {fields} }} }}', viewer=ANONYMOUS)
        assert len(statements) == count, statements


async def test_lines_are_paged(ask: Ask, uow: UnitOfWork, goods: Goods) -> None:
    cart = await make_cart(uow)
    for place in range(5):
        await make_cart_line(uow, cart, await goods.variant(), place + 1, position=place)
    asked = """query ($first: Int, $after: String, $last: Int, $before: String) {
      cart(token: "%s") { lines(first: $first, after: $after, last: $last, before: $before) {
        nodes { quantity } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""

    async def page(**given: Any) -> Any:
        found = (await ask(asked % TOKEN, given, viewer=ANONYMOUS))["data"]["cart"]["lines"]
        info = found["pageInfo"]
        return [node["quantity"] for node in found["nodes"]], info

    quantities, info = await page(first=2)
    assert (quantities, info["hasNextPage"], info["hasPreviousPage"]) == ([1, 2], True, False)
    quantities, info = await page(first=3, after=info["endCursor"])
    assert (quantities, info["hasNextPage"], info["hasPreviousPage"]) == ([3, 4, 5], False, True)
    quantities, info = await page(last=2, before=info["startCursor"])
    assert (quantities, info["hasNextPage"], info["hasPreviousPage"]) == ([1, 2], True, False)
    assert (await page(last=2))[0] == [4, 5]


async def test_something_is_priced_without_a_cart(ask: Ask, uow: UnitOfWork, goods: Goods) -> None:
    mug, cup = await goods.variant("10"), await goods.variant("5")
    asked = """query ($input: CartCalculateInput!) { cartCalculate(input: $input) {
      cost { total { amount } trace { kind } } lines { index quantity unitPrice { amount } }
      coupons { code applies } userErrors { code path } } }"""
    lines = [{"sku": cup.sku, "quantity": 2}, {"variantId": global_id("ProductVariant", mug.id)}]
    given = {"lines": lines, "codes": ["NONE"], "place": {"country": "de"}}
    found = (await ask(asked, {"input": given}, viewer=ANONYMOUS))["data"]["cartCalculate"]
    assert found["cost"]["total"]["amount"] == "20.00"
    assert [(line["index"], line["quantity"]) for line in found["lines"]] == [(0, 2), (1, 1)]
    assert found["coupons"] == [{"code": "NONE", "applies": False}]
    for bad, path in (
        ({"lines": [{"sku": "gone"}]}, ["lines", "0"]),
        ({"lines": [{"variantId": "x"}]}, ["lines", "0", "variantId"]),
        ({"lines": [{"sku": cup.sku, "quantity": 0}]}, ["lines", "0", "quantity"]),
        ({"lines": [], "codes": ["x"] * 11}, ["codes"]),
        ({"lines": [], "currencyCode": "JPY"}, ["currencyCode"]),
    ):
        refused = (await ask(asked, {"input": bad}, viewer=ANONYMOUS))["data"]["cartCalculate"]
        assert [error["path"] for error in refused["userErrors"]] == [path]
    assert await uow.scalar(text("SELECT count(*) FROM carts")) == 0
