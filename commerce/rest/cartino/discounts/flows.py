"""Whether a coupon is good, for a cart as it is. Nothing of the cart changes."""

from collections.abc import Generator
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.cart.flows import CART, CURRENT, current
from commerce.rest.cartino.discounts import shapes
from commerce.rest.errors import Kind, RefusedError
from commerce.rest.route import Ask, Call, Json, Node, Steps

COUPON: Final = "CartinoCoupon"
CALCULATE: Final = "CartinoCalculate"
FURTHER: Final = (CALCULATE, CART, CURRENT)
UNKNOWN: Final = "There is no such coupon."
OVER: Final = "The coupon is not good any more."


def validate(call: Call) -> Steps:
    code = call.body["code"]
    coupon = yield from _found(Ask(COUPON, {"code": code}))
    if coupon is None:
        return shapes.invalid(UNKNOWN)
    cart = yield from _cart(call)
    lines = [line for line in cart["lines"]["nodes"] if line["variant"]] if cart else []
    if not lines:
        return _alone(coupon)
    wanted = [{"variantId": each["variant"]["id"], "quantity": each["quantity"]} for each in lines]
    answer = yield Ask(CALCULATE, {"input": {"lines": wanted, "codes": [code]}})
    (given,) = answer["coupons"]
    if not given["applies"]:
        return shapes.invalid(given["message"] or OVER)
    return shapes.validated(coupon, given)


def _alone(coupon: Node) -> Json:
    good = coupon["active"] and coupon["promotion"]["state"] == "RUNNING"
    return shapes.validated(coupon, None) if good else shapes.invalid(OVER)


def _cart(call: Call) -> Generator[Ask, Any, Any]:
    """The one that is named, which must be there; else the current one, if there is one."""
    if "cart_id" in call.body:
        return (yield Ask(CART, {"id": global_id("Cart", call.body["cart_id"])}))
    try:
        return (yield from current(call))
    except RefusedError as error:
        if error.refusal.kind is not Kind.NOT_FOUND:
            raise
        return None


def _found(ask: Ask) -> Generator[Ask, Any, Any]:
    try:
        return (yield ask)
    except RefusedError as error:
        if error.refusal.kind is not Kind.NOT_FOUND:
            raise
        return None
