"""Carts that the shop's people make for a customer, and work on."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.audit.models import AuditEntry
from commerce.carts.models import Cart
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.ids import global_id
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from commerce.customers.models import Customer
from tests.conftest import Ask
from tests.support.carts import Change, Goods, errors, units, wanted
from tests.support.customers import make_customer, viewer_of

WRITER = frozenset({Scope.WRITE_CARTS})
STAFF = Viewer(ViewerKind.STAFF, 7, WRITER)
KEY = Viewer(ViewerKind.API_KEY, 3, WRITER)
MINE = "{ me { cart { id token lines { nodes { quantity } } } } }"
NOBODY = [("NOT_FOUND", ["customerId"])]


def ref(customer: Any) -> str:
    return global_id("Customer", customer.id)


async def noted(uow: UnitOfWork) -> list[tuple[str, str]]:
    statement = select(col(AuditEntry.actor), col(AuditEntry.action))
    of_carts = statement.where(col(AuditEntry.target_kind) == "Cart").order_by(col(AuditEntry.id))
    return [(row.actor, row.action) for row in await uow.rows(of_carts)]


@pytest.mark.parametrize("viewer", [STAFF, KEY])
async def test_a_cart_made_for_a_customer_is_the_customers(
    ask: Ask, change: Change, goods: Goods, uow: UnitOfWork, viewer: Viewer
) -> None:
    ada, mug = await make_customer(uow), await goods.variant()
    made = await change("cartCreate", viewer, customerId=ref(ada), lines=[wanted(mug, 2)])
    id_ = made["cart"]["id"]
    await change("cartLinesAdd", viewer, cartId=id_, lines=[wanted(mug)])
    await change("cartNoteSet", viewer, cartId=id_, note="By phone")
    mine = (await ask(MINE, viewer=viewer_of(ada)))["data"]["me"]["cart"]
    assert mine["id"] == id_
    assert mine["lines"]["nodes"] == [{"quantity": 3}]
    again = await change("cartCreate", viewer, customerId=ref(ada), lines=[wanted(mug)])
    assert (again["cart"]["id"], units(again)[0][1]) == (id_, 4)
    added = await change("cartLinesAdd", viewer_of(ada), lines=[wanted(mug)])
    assert units(added)[0][1] == 5
    mutations = ["cartCreate", "cartLinesAdd", "cartNoteSet", "cartCreate"]
    assert await noted(uow) == [(viewer.name, name) for name in mutations]


async def test_nobody_else_makes_one(change: Change, goods: Goods, uow: UnitOfWork) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.test")
    readers = Viewer(ViewerKind.STAFF, 1, frozenset({Scope.READ_CARTS, Scope.READ_CUSTOMERS}))
    for other in (ANONYMOUS, viewer_of(bob), readers, Viewer(ViewerKind.API_KEY, 3)):
        assert errors(await change("cartCreate", other, customerId=ref(ada))) == NOBODY
        missing = global_id("Customer", 404)
        assert errors(await change("cartCreate", other, customerId=missing)) == NOBODY
    assert (
        errors(await change("cartCreate", STAFF, customerId=global_id("Customer", 404))) == NOBODY
    )
    own = await change("cartCreate", viewer_of(ada), customerId=ref(ada))
    assert errors(own) == []
    await uow.change(
        update(Customer).where(col(Customer.id) == bob.id).values(erased_at=system_clock())
    )
    assert errors(await change("cartCreate", STAFF, customerId=ref(bob))) == NOBODY
    assert len(await uow.scalars(select(col(Cart.id)))) == 1


async def test_any_cart_is_changed_by_its_id_with_the_scope_alone(
    change: Change, goods: Goods, uow: UnitOfWork
) -> None:
    ada, bob = await make_customer(uow), await make_customer(uow, "bob@shop.test")
    theirs = (await change("cartCreate", viewer_of(ada)))["cart"]["id"]
    guests = (await change("cartCreate"))["cart"]["id"]
    mug = wanted(await goods.variant())
    for other in (ANONYMOUS, viewer_of(bob), Viewer(ViewerKind.STAFF, 1)):
        for id_ in (theirs, guests):
            refused = await change("cartLinesAdd", other, cartId=id_, lines=[mug])
            assert errors(refused)[0][0] == "NOT_FOUND"
    assert await noted(uow) == []
    for viewer in (STAFF, KEY):
        for id_ in (theirs, guests):
            assert errors(await change("cartLinesAdd", viewer, cartId=id_, lines=[mug])) == []
    # What a program does with guests' carts may be what its storefront's visitors do.
    assert [actor for actor, _ in await noted(uow)] == ["staff:7", "staff:7", "api_key:3"]


async def test_an_old_cart_makes_room_for_the_new_one(
    change: Change, goods: Goods, uow: UnitOfWork
) -> None:
    ada = await make_customer(uow)
    old = (await change("cartCreate", viewer_of(ada)))["cart"]["id"]
    await uow.change(update(Cart).values(expires_at=system_clock()))
    made = await change(
        "cartCreate", STAFF, customerId=ref(ada), lines=[wanted(await goods.variant())]
    )
    assert errors(made) == []
    assert made["cart"]["id"] != old
