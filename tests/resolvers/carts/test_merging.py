from typing import Any

import pytest
from sqlalchemy import text

from commerce.carts.kinds import CartState
from commerce.catalog.kinds import BackorderPolicy
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ANONYMOUS, Viewer
from tests.conftest import Ask
from tests.support.carts import (
    TOKEN,
    Change,
    Goods,
    errors,
    make_cart,
    make_cart_line,
    units,
)
from tests.support.customers import make_customer, viewer_of
from tests.support.promotions import make_coupon

OWN = "the-token-of-the-customers-own-cart"


@pytest.fixture
async def ada(uow: UnitOfWork) -> Any:
    return await make_customer(uow)


def quantities(payload: Any) -> list[int]:
    return [quantity for _, quantity in units(payload)]


async def test_what_a_guest_had_goes_to_the_customers_cart_once(
    change: Change, ask: Ask, uow: UnitOfWork, goods: Goods, ada: Any
) -> None:
    mug, cup = await goods.variant("10"), await goods.variant("5")
    own = await make_cart(uow, OWN, customer_id=ada.id, note="mine")
    await make_cart_line(uow, own, mug, 2)
    guest = await make_cart(uow, email="ada@shop.test", note="guest's")
    await make_cart_line(uow, guest, mug, 3)
    await make_cart_line(uow, guest, cup, 1)
    for _ in range(2):
        merged = await change("cartMerge", viewer_of(ada), cartToken=TOKEN)
        cart = merged["cart"]
        assert (quantities(merged), merged["warnings"]) == ([5, 1], [])
        assert (cart["token"], cart["email"], cart["note"]) == (OWN, "ada@shop.test", "mine")
        assert cart["cost"]["total"]["amount"] == "55.00"
    gone = await ask(f'{{ cart(token: "{TOKEN}") {{ id }} }}', viewer=ANONYMOUS)
    assert gone["data"] == {"cart": None}
    states = await uow.scalars(text("SELECT state FROM carts ORDER BY id"))
    assert states == ["active", "merged"]


async def test_a_customer_without_a_cart_gets_one(
    change: Change, uow: UnitOfWork, goods: Goods, ada: Any
) -> None:
    guest = await make_cart(uow)
    await make_cart_line(uow, guest, await goods.variant(), 3)
    merged = await change("cartMerge", viewer_of(ada), cartToken=TOKEN)
    assert quantities(merged) == [3]
    assert merged["cart"]["token"] != TOKEN


async def test_stock_limits_what_is_taken_over(
    change: Change, uow: UnitOfWork, goods: Goods, ada: Any
) -> None:
    few, later = (
        await goods.variant(stock=4),
        await goods.variant(stock=0, backorder=BackorderPolicy.ALLOW),
    )
    gone = await goods.variant(product={"price_on_request": True})
    own, guest = await make_cart(uow, OWN, customer_id=ada.id), await make_cart(uow)
    await make_cart_line(uow, own, few, 3)
    for variant in (few, later, gone):
        await make_cart_line(uow, guest, variant, 2)
    merged = await change("cartMerge", viewer_of(ada), cartToken=TOKEN)
    assert quantities(merged) == [4, 2]
    told = [(one["code"], one["path"], one["available"]) for one in merged["warnings"]]
    assert told[:2] == [
        ("QUANTITY_CAPPED", ["variants", str(few.id)], 4),
        ("UNAVAILABLE", ["variants", str(gone.id)], None),
    ]


async def test_coupons_are_looked_at_anew(
    change: Change, uow: UnitOfWork, goods: Goods, ada: Any
) -> None:
    await make_coupon(uow, "TEN")
    await make_cart(uow, OWN, customer_id=ada.id, codes=["ten"])
    guest = await make_cart(uow, codes=["TEN", "OLD"])
    await make_cart_line(uow, guest, await goods.variant())
    merged = await change("cartMerge", viewer_of(ada), cartToken=TOKEN)
    assert [coupon["code"] for coupon in merged["cart"]["coupons"]] == ["ten"]
    assert merged["warnings"] == [
        {"code": "CODE_REJECTED", "path": ["codes", "OLD"], "available": None}
    ]


async def test_what_cannot_be_merged(change: Change, uow: UnitOfWork, ada: Any) -> None:
    bob = await make_customer(uow, "bob@shop.test")
    own = await make_cart(uow, customer_id=ada.id)
    foreign = "the-token-of-somebody-elses-cart"
    await make_cart(uow, foreign, customer_id=bob.id)
    merged = await change("cartMerge", viewer_of(ada), cartToken=TOKEN)
    assert merged["cart"]["version"] == own.version
    for token in (foreign, "x" * 43, "\0"):
        refused = await change("cartMerge", viewer_of(ada), cartToken=token)
        assert errors(refused) == [("NOT_FOUND", ["cartToken"])]
    staff: Viewer = Viewer(kind=viewer_of(ada).kind.STAFF, id=1)
    assert (await change("cartMerge", staff, cartToken=TOKEN))["cart"] is None


@pytest.mark.parametrize("frozen", ["own", "guest"])
async def test_a_cart_that_is_being_paid_for_stays(
    change: Change, uow: UnitOfWork, ada: Any, frozen: str
) -> None:
    states = {
        name: CartState.FROZEN if name == frozen else CartState.ACTIVE for name in ("own", "guest")
    }
    await make_cart(uow, OWN, customer_id=ada.id, state=states["own"])
    await make_cart(uow, state=states["guest"])
    refused = await change("cartMerge", viewer_of(ada), cartToken=TOKEN)
    assert errors(refused) == [("CART_FROZEN", ["cartToken"])]
