"""What customers of a group have to buy at once."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import Scope, Viewer, ViewerKind
from commerce.customers.kinds import GENERAL_GROUP
from commerce.customers.models import CustomerGroup
from tests.conftest import Ask
from tests.support.carts import TOKEN, Goods, make_cart, make_cart_line
from tests.support.customers import make_customer, make_group
from tests.support.payments import make_method

SHOWN = f'{{ cart(token: "{TOKEN}") {{ warnings {{ code message path }} }} }}'
BUY = """mutation ($input: CartCompleteInput!) { cartComplete(input: $input) {
  order { number } userErrors { code message path } } }"""
SHOP = Viewer(ViewerKind.STAFF, None, frozenset(Scope))
DEAR = "Goods for at least 30 are to be ordered."
MANY = "At least 3 units are to be ordered."


async def _least(uow: UnitOfWork, **values: Any) -> None:
    built_in = col(CustomerGroup.id) == GENERAL_GROUP
    await uow.change(update(CustomerGroup).where(built_in).values(**values))


@pytest.fixture
async def cart(uow: UnitOfWork, goods: Goods) -> Any:
    """Two at 10.00 that are not sent."""
    made = await make_cart(uow, email="ada@shop.test")
    variant = await goods.variant("10", requires_shipping=False)
    await make_cart_line(uow, made, variant, 2)
    await make_method(uow, "later", provider="manual")
    return made


async def _buy(ask: Ask, **values: Any) -> Any:
    given = {"cartToken": TOKEN, "paymentMethod": "later", **values}
    answer = await ask(BUY, {"input": given}, viewer=SHOP)
    assert "errors" not in answer, answer
    return answer["data"]["cartComplete"]


@pytest.mark.parametrize(
    ("least", "messages"),
    [
        ({}, []),
        ({"min_subtotal": Decimal(20), "min_quantity": 2}, []),
        ({"min_subtotal": Decimal(30)}, [DEAR]),
        ({"min_quantity": 3}, [MANY]),
        ({"min_subtotal": Decimal(30), "min_quantity": 3}, [DEAR, MANY]),
    ],
)
async def test_a_cart_says_what_it_lacks_and_is_not_bought(
    ask: Ask, uow: UnitOfWork, cart: Any, least: dict[str, Any], messages: list[str]
) -> None:
    """Visitors are treated as the built-in group."""
    if least:
        await _least(uow, **least)
    shown = (await ask(SHOWN))["data"]["cart"]["warnings"]
    assert [(each["code"], each["message"]) for each in shown] == [
        ("BELOW_MINIMUM", message) for message in messages
    ]
    bought = await _buy(ask, expectedTotal="20.00")
    if not messages:
        assert bought["userErrors"] == []
        return
    assert bought["order"] is None
    (error,) = bought["userErrors"]
    assert (error["code"], error["message"]) == ("CHECKOUT_INCOMPLETE", messages[0])


async def test_the_group_of_who_buys_decides(ask: Ask, uow: UnitOfWork, cart: Any) -> None:
    await _least(uow, min_quantity=3)
    free = await make_group(uow, "Free")
    ada = await make_customer(uow, "ada@shop.test", group_id=free.id)
    bob = await make_customer(uow, "bob@shop.test")
    for buyer, bought in ((bob, False), (ada, True)):
        answer = await _buy(ask, customerId=global_id("Customer", buyer.id))
        assert (answer["order"] is not None) is bought


async def test_an_empty_cart_lacks_nothing_yet(ask: Ask, uow: UnitOfWork) -> None:
    await _least(uow, min_quantity=3)
    await make_cart(uow)
    assert (await ask(SHOWN))["data"]["cart"]["warnings"] == []
