"""The current cart of whoever calls: of a token, of a customer, of a program."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from commerce.carts.kinds import CartState
from commerce.carts.models import Cart
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from tests.conftest import Ask
from tests.support.carts import TOKEN, Change, Goods, errors, make_cart, units, wanted
from tests.support.customers import make_customer, viewer_of

KEY = Viewer(ViewerKind.API_KEY, 3)
OTHER = Viewer(ViewerKind.API_KEY, 4)
WRITER = Viewer(ViewerKind.API_KEY, 3, frozenset({Scope.READ_CARTS, Scope.WRITE_CARTS}))
CURRENT = "query ($token: String) { currentCart(token: $token) { id state token } }"


async def opened(change: Change, viewer: Viewer, token: str | None = None) -> str:
    answer = await change("cartOpen", viewer, cartToken=token)
    assert errors(answer) == []
    id_: str = answer["cart"]["id"]
    return id_


async def current(ask: Ask, viewer: Viewer, token: str | None = None) -> Any:
    answer = await ask(CURRENT, {"token": token}, viewer=viewer)
    assert "errors" not in answer
    return answer["data"]["currentCart"]


async def test_a_program_has_one_cart_and_one_for_each_token_it_sends(
    ask: Ask, change: Change, uow: UnitOfWork
) -> None:
    assert await current(ask, KEY) is None
    own = await opened(change, KEY)
    assert await opened(change, KEY) == own
    first = await opened(change, KEY, "visitor-1")
    assert await opened(change, KEY, "visitor-1") == first
    second, others = await opened(change, KEY, "visitor-2"), await opened(change, OTHER)
    assert len({own, first, second, others}) == 4
    assert [(await current(ask, KEY, of))["id"] for of in (None, "visitor-1")] == [own, first]
    assert await current(ask, OTHER, "visitor-1") is None
    kept = select(col(Cart.kept_by), func.length(col(Cart.kept_for))).order_by(col(Cart.id))
    assert [tuple(row) for row in await uow.rows(kept)] == [
        ("api_key:3", 0),
        ("api_key:3", 64),
        ("api_key:3", 64),
        ("api_key:4", 0),
    ]


async def test_a_program_changes_its_own_carts_without_a_scope(
    ask: Ask, change: Change, goods: Goods
) -> None:
    mug = await goods.variant()
    kept = await opened(change, KEY)
    of_visitor = await opened(change, KEY, "visitor")
    by_id = await change("cartLinesAdd", KEY, cartId=of_visitor, lines=[wanted(mug, 3)])
    assert (by_id["cart"]["id"], units(by_id)[0][1]) == (of_visitor, 3)
    unnamed = await change("cartLinesAdd", KEY, lines=[wanted(mug)])
    assert (unnamed["cart"]["id"], units(unnamed)[0][1]) == (kept, 1)
    assert (await current(ask, KEY))["token"] == unnamed["cart"]["token"]
    refused = await change("cartLinesAdd", OTHER, cartId=kept, lines=[wanted(mug)])
    assert errors(refused)[0][0] == "NOT_FOUND"
    hidden = await change("cartLinesAdd", OTHER, cartToken=unnamed["cart"]["token"], lines=[])
    assert errors(hidden)[0][0] == "NOT_FOUND"


async def test_a_token_comes_first_as_long_as_its_cart_is_open(
    change: Change, uow: UnitOfWork
) -> None:
    own, guests = await opened(change, WRITER), await make_cart(uow)
    named = await opened(change, WRITER, TOKEN)
    assert named not in (own, await opened(change, KEY, "other"))
    await uow.change(
        update(Cart)
        .where(col(Cart.id) == guests.id)
        .values(expires_at=system_clock() - timedelta(days=1))
    )
    anew = await opened(change, WRITER, TOKEN)
    assert anew not in (own, named)
    assert await opened(change, WRITER, TOKEN) == anew


async def test_a_cart_whose_time_is_over_makes_room(change: Change, uow: UnitOfWork) -> None:
    first = await opened(change, KEY)
    await uow.change(update(Cart).values(expires_at=system_clock() - timedelta(seconds=1)))
    assert await opened(change, KEY) != first
    states = select(col(Cart.state)).order_by(col(Cart.id))
    assert await uow.scalars(states) == [CartState.EXPIRED, CartState.ACTIVE]


async def test_what_was_bought_is_current_until_there_is_a_new_one(
    ask: Ask, change: Change, uow: UnitOfWork
) -> None:
    bought = await opened(change, KEY)
    await uow.change(update(Cart).values(state=CartState.COMPLETED, order_id=1))
    assert (await current(ask, KEY))["state"] == "COMPLETED"
    await uow.change(update(Cart).values(updated_at=system_clock() - timedelta(days=2)))
    assert await current(ask, KEY) is None
    anew = await opened(change, KEY)
    assert (await current(ask, KEY))["id"] == anew != bought


async def test_customers_and_guests_keep_what_they_have(
    ask: Ask, change: Change, uow: UnitOfWork
) -> None:
    ada = viewer_of(await make_customer(uow))
    mine = await opened(change, ada)
    assert await opened(change, ada) == await opened(change, ada, "anything") == mine
    guests = await make_cart(uow)
    assert await opened(change, ANONYMOUS, TOKEN) == (await current(ask, ada, TOKEN))["id"]
    assert await current(ask, ANONYMOUS) is None
    anew = await opened(change, ANONYMOUS)
    assert anew not in (mine, await opened(change, ANONYMOUS))
    assert await uow.scalar(select(col(Cart.kept_by)).where(col(Cart.id) == guests.id)) is None


@pytest.mark.parametrize("token", ["a\x00b", "x" * 5_000, "☕"])
async def test_any_text_tells_visitors_apart(change: Change, token: str) -> None:
    assert await opened(change, KEY, token) == await opened(change, KEY, token)
