"""Coupons and discounts, of a cart and by themselves."""

from sqlalchemy import update
from sqlmodel import col

from commerce.core.db import UnitOfWork
from commerce.promotions.models import Promotion
from tests.rest.cartino.buying.calling import Buyer
from tests.rest.cartino.buying.conftest import Counter
from tests.support.promotions import make_coupon


async def test_a_coupon_is_tried_used_and_taken_off(
    buyer: Buyer, counter: Counter, uow: UnitOfWork
) -> None:
    coupon = await make_coupon(uow, "SAVE10")
    told = update(Promotion).where(col(Promotion.id) == coupon.promotion_id)
    await uow.change(told.values(description="Ten off all."))
    cart = await buyer.data(
        "POST", "/cart/items", {"variant_id": counter.shirt.id, "quantity": 2}, 201
    )
    status, valid = await buyer("POST", "/coupons/validate", {"code": "SAVE10"})
    assert (status, valid["valid"]) == (200, True)
    assert await buyer("POST", "/discounts/validate", {"code": "NONE"}) == (
        200,
        {"valid": False, "coupon": None, "message": "There is no such coupon."},
    )
    path = f"/carts/{cart['id']}"
    status, used = await buyer("POST", f"{path}/coupons", {"code": "SAVE10"})
    assert (status, set(used)) == (200, {"message", "discount", "cart"})
    assert used["discount"] == valid["coupon"]["discount_amount"] > 0
    status, given = await buyer("POST", f"{path}/discounts/calculate")
    assert (status, given["total_discount"]) == (200, used["discount"])
    assert set(given["discounts"][0]) >= {"id", "name", "type", "value", "formatted_value"}
    assert (await buyer.data("GET", "/cart"))["coupon_code"] == "SAVE10"
    status, without = await buyer("DELETE", f"{path}/coupons")
    assert (status, str(without["cart"]["discount"])) == (200, "0.00")
    again = await buyer.data("POST", "/cart/apply-coupon", {"code": "save10"})
    assert again["discount"] == used["discount"]
    assert "code" in await buyer.refused("POST", "/cart/apply-coupon", {"code": "NONE"})
    shown = await buyer.data("GET", "/coupons/SAVE10")
    assert (shown["code"], shown["status"]) == ("SAVE10", "active")
    assert shown["description"] == "Ten off all."
    assert (await buyer("GET", "/coupons/NONE"))[0] == 404
    for listed in ("/discounts", "/discounts/active"):
        assert (await buyer("GET", listed))[0] == 200
