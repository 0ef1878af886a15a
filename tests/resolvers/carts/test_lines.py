from typing import Any

import pytest

from commerce.catalog.kinds import BackorderPolicy
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from tests.support.carts import (
    TOKEN,
    Change,
    Goods,
    errors,
    make_cart,
    make_cart_line,
    units,
    wanted,
)
from tests.support.customers import make_customer, viewer_of


async def test_a_guest_makes_a_cart_and_fills_it(change: Change, goods: Goods) -> None:
    mug, cup = await goods.variant("9.99"), await goods.variant("5")
    made = await change("cartCreate", lines=[wanted(mug, 2)])
    token = made["cart"]["token"]
    assert (len(token), made["cart"]["state"], made["cart"]["version"]) == (43, "ACTIVE", 1)
    more = await change("cartLinesAdd", cartToken=token, lines=[wanted(mug), wanted(cup)])
    assert [quantity for _, quantity in units(more)] == [3, 1]
    assert more["cart"]["cost"]["total"]["amount"] == "34.97"
    assert (more["cart"]["version"], more["cart"]["totalQuantity"]) == (2, 4)


async def test_other_extra_fields_make_another_line(change: Change, goods: Goods) -> None:
    mug = await goods.variant()
    lines = [wanted(mug), wanted(mug, engraving="Ada"), wanted(mug, 2, engraving="Ada")]
    made = await change("cartCreate", lines=lines)
    nodes = made["cart"]["lines"]["nodes"]
    assert [(line["quantity"], line["extraFields"]) for line in nodes] == [
        (1, {}),
        (3, {"engraving": "Ada"}),
    ]


async def test_lines_are_set_removed_and_cleared(change: Change, goods: Goods) -> None:
    mug, cup = await goods.variant(), await goods.variant()
    made = await change("cartCreate", lines=[wanted(mug), wanted(cup)])
    token, (first, second) = made["cart"]["token"], [id_ for id_, _ in units(made)]
    line = global_id("CartLine", first)
    changed = await change("cartLinesUpdate", cartToken=token, lines=[{"id": line, "quantity": 7}])
    assert units(changed) == [(first, 7), (second, 1)]
    gone = await change("cartLinesRemove", cartToken=token, lineIds=[line])
    assert units(gone) == [(second, 1)]
    assert units(await change("cartLinesRemove", cartToken=token, lineIds=[line])) == [(second, 1)]
    for quantity, left in ((5, [5]), (5, [5]), (0, [])):
        payload = await change("cartLineSet", cartToken=token, line=wanted(cup, quantity))
        assert [count for _, count in units(payload)] == left
    assert units(await change("cartLineSet", cartToken=token, line=wanted(mug, 2)))[0][1] == 2
    assert units(await change("cartClear", cartToken=token)) == []


async def test_nothing_is_added_when_one_line_cannot_be(change: Change, goods: Goods) -> None:
    mug, gone = await goods.variant(), await goods.variant(product={"price_on_request": True})
    made = await change("cartCreate", lines=[wanted(mug)])
    token = made["cart"]["token"]
    refused = await change("cartLinesAdd", cartToken=token, lines=[wanted(mug), wanted(gone)])
    assert errors(refused) == [("NOT_FOUND", ["lines", "1", "variantId"])]
    kept = await change("cartLinesRemove", cartToken=token, lineIds=[])
    assert [count for _, count in units(kept)] == [1]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"quantity": 0}, ["lines", "0", "quantity"]),
        ({"quantity": -1}, ["lines", "0", "quantity"]),
        ({"quantity": 10_000}, ["lines", "0", "quantity"]),
        ({"extraFields": []}, ["lines", "0", "extraFields"]),
        ({"extraFields": {"a": "\0"}}, ["lines", "0", "extraFields"]),
        ({"extraFields": {"\ud800": 1}}, ["lines", "0", "extraFields"]),
        ({"extraFields": {"a": {"b": {"c": {"d": {}}}}}}, ["lines", "0", "extraFields"]),
        ({"extraFields": {"a": "x" * 5_000}}, ["lines", "0", "extraFields"]),
    ],
)
async def test_what_cannot_be_put_into_a_cart(
    change: Change, goods: Goods, given: dict[str, Any], path: list[str]
) -> None:
    mug = await goods.variant()
    refused = await change("cartCreate", lines=[{**wanted(mug), **given}])
    assert errors(refused) == [("INVALID", path)]


async def test_a_cart_has_limits(change: Change, goods: Goods) -> None:
    mug = await goods.variant(stock=20_000)
    made = await change("cartCreate", lines=[wanted(mug, 9_999)])
    token = made["cart"]["token"]
    more = await change("cartLinesAdd", cartToken=token, lines=[wanted(mug)])
    assert errors(more) == [("INVALID", ["lines"])]
    lines = [wanted(mug, engraving=str(number)) for number in range(100)]
    full = await change("cartLinesAdd", cartToken=token, lines=lines)
    assert errors(full) == [("INVALID", ["lines"])]
    assert len(units(await change("cartLinesAdd", cartToken=token, lines=lines[1:]))) == 20


async def test_a_shortage_is_told_and_not_refused(change: Change, goods: Goods) -> None:
    mug, later = (
        await goods.variant(stock=2),
        await goods.variant(stock=1, backorder=BackorderPolicy.ALLOW),
    )
    made = await change("cartCreate", lines=[wanted(mug, 3), wanted(later, 2)])
    ids = [str(id_) for id_, _ in units(made)]
    assert made["warnings"] == [
        {"code": "INSUFFICIENT_STOCK", "path": ["lines", ids[0]], "available": 2},
        {"code": "BACKORDERED", "path": ["lines", ids[1]], "available": 1},
    ]


async def test_an_old_version_is_refused(change: Change, goods: Goods) -> None:
    mug = await goods.variant()
    made = await change("cartCreate", lines=[wanted(mug)])
    token = made["cart"]["token"]
    lines = [wanted(mug)]
    late = await change("cartLinesAdd", cartToken=token, lines=lines, expectedVersion=7)
    assert errors(late) == [("VERSION_CONFLICT", ["expectedVersion"])]
    fine = await change("cartLinesAdd", cartToken=token, lines=lines, expectedVersion=1)
    assert fine["cart"]["version"] == 2


@pytest.mark.parametrize("token", ["no-token", "\0", "x" * 43, TOKEN + "\ud800"])
async def test_what_is_no_cart_is_not_found(change: Change, goods: Goods, token: str) -> None:
    refused = await change("cartClear", cartToken=token)
    assert errors(refused) == [("NOT_FOUND", ["cartToken"])]


async def test_a_customers_cart_is_for_the_customer_alone(
    change: Change, goods: Goods, uow: UnitOfWork
) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.test")
    mug = await goods.variant()
    made = await change("cartCreate", viewer_of(ada), lines=[wanted(mug)])
    token = made["cart"]["token"]
    again = await change("cartCreate", viewer_of(ada), lines=[wanted(mug)])
    assert (again["cart"]["token"], units(again)[0][1]) == (token, 2)
    assert units(await change("cartLinesAdd", viewer_of(ada), lines=[wanted(mug)]))[0][1] == 3
    staff = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.WRITE_CARTS}))
    assert errors(await change("cartClear", staff, cartToken=token)) == []
    for other in (ANONYMOUS, viewer_of(bob), Viewer(ViewerKind.STAFF, 1)):
        refused = await change("cartClear", other, cartToken=token)
        assert errors(refused) == [("NOT_FOUND", ["cartToken"])]
    readers = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CARTS}))
    assert errors(await change("cartClear", readers, cartToken=token))[0][0] == "NOT_FOUND"


async def test_a_guest_is_known_by_the_token_that_came_along(
    change: Change, goods: Goods, uow: UnitOfWork
) -> None:
    cart = await make_cart(uow)
    await make_cart_line(uow, cart, await goods.variant())
    guest = Viewer(ViewerKind.GUEST, tokens=frozenset({TOKEN}))
    assert units(await change("cartClear", guest)) == []
    assert errors(await change("cartClear")) == [("NOT_FOUND", ["cartToken"])]
    by_id = await change("cartClear", guest, cartId=global_id("Cart", cart.id))
    assert errors(by_id) == []
