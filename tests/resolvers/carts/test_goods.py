"""What the shop says of its goods that decides what may be in a cart."""

from typing import Any

from sqlalchemy import update
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from tests.support.carts import Change, Goods, errors, units, wanted


async def say(uow: UnitOfWork, variant: Any, **values: Any) -> None:
    await uow.change(update(Product).where(col(Product.id) == variant.product_id).values(**values))


async def test_what_is_announced_cannot_be_bought_yet(
    change: Change, goods: Goods, uow: UnitOfWork
) -> None:
    mug = await goods.variant()
    await say(uow, mug, announced=True)
    refused = await change("cartCreate", lines=[wanted(mug)])
    assert errors(refused) == [("NOT_FOUND", ["lines", "0", "variantId"])]


async def test_an_order_has_but_one_of_some_things(
    change: Change, goods: Goods, uow: UnitOfWork
) -> None:
    mug, cup = await goods.variant(), await goods.variant()
    await say(uow, mug, one_per_order=True)
    made = await change("cartCreate", lines=[wanted(mug), wanted(cup, 2)])
    token, line = made["cart"]["token"], global_id("CartLine", units(made)[0][0])
    for refused in (
        await change("cartLinesAdd", cartToken=token, lines=[wanted(mug)]),
        await change("cartLinesAdd", cartToken=token, lines=[wanted(mug, engraving="Ada")]),
        await change("cartLinesUpdate", cartToken=token, lines=[{"id": line, "quantity": 2}]),
        await change("cartLineSet", cartToken=token, line=wanted(mug, 2)),
    ):
        assert errors(refused) == [("INVALID", ["lines"])]
    left = await change("cartLineSet", cartToken=token, line=wanted(cup, 3))
    assert [count for _, count in units(left)] == [1, 3]


async def test_a_cart_from_before_says_so(change: Change, goods: Goods, uow: UnitOfWork) -> None:
    mug, cup = await goods.variant(), await goods.variant()
    made = await change("cartCreate", lines=[wanted(mug, 2)])
    await say(uow, mug, one_per_order=True)
    cart = await change("cartLinesAdd", cartToken=made["cart"]["token"], lines=[wanted(cup)])
    assert [warning["code"] for warning in cart["warnings"]] == ["UNAVAILABLE"]
