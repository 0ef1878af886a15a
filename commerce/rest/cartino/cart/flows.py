"""What is done with carts. The current one is the one with the token that was sent, else that of
the customer who is signed in, else the one that is kept for the caller; it is made at first use."""

from collections.abc import Mapping
from typing import Any, Final

from commerce.core.ids import global_id
from commerce.rest.cartino.cart import shapes
from commerce.rest.cartino.cart.tokens import token_of
from commerce.rest.cartino.envelope import message
from commerce.rest.cartino.paging import whole_list
from commerce.rest.errors import invalid, not_found
from commerce.rest.fields import REQUIRED
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Ask, Asking, Call, Node, Steps

OPEN: Final = "CartinoCartOpen"
CURRENT: Final = "CartinoCurrentCart"
CART: Final = "CartinoCart"
ADD: Final = "CartinoCartLinesAdd"
UPDATE: Final = "CartinoCartLinesUpdate"
REMOVE: Final = "CartinoCartLinesRemove"
CLEAR: Final = "CartinoCartClear"
APPLY: Final = "CartinoCartCouponApply"
UNAPPLY: Final = "CartinoCartCouponRemove"


def show(call: Call) -> Steps:
    return shapes.cart((yield from opened(call)), call)


def add(call: Call) -> Steps:
    cart = yield from opened(call)
    return shapes.cart((yield from _added(cart, call.body)), call, 201)


def update(call: Call) -> Steps:
    cart = yield from current(call)
    return shapes.cart((yield from _updated(cart, call)), call)


def remove(call: Call) -> Steps:
    cart = yield from current(call)
    return shapes.cart((yield from _removed(cart, call)), call)


def clear(call: Call) -> Steps:
    cart = yield from opened(call)
    return shapes.cleared((yield from _changed(CLEAR, cart)), call)


def apply_coupon(call: Call) -> Steps:
    cart = yield from opened(call)
    return shapes.cart((yield from _changed(APPLY, cart, code=call.body["code"])), call)


def items_of(call: Call) -> Steps:
    cart = yield from named(call)
    return whole_list([shapes.item(line) for line in cart["lines"]["nodes"]], call)


def add_to(call: Call) -> Steps:
    """The item as it is then, of all units there are."""
    body = call.body
    variant = body.get("product_variant_id") or body.get("variant_id")
    if variant is None:
        raise invalid("product_variant_id", REQUIRED)
    before = yield from named(call)
    known = {line["databaseId"] for line in before["lines"]["nodes"]}
    cart = yield from _added(before, {**body, "variant_id": variant})
    ours = [line for line in cart["lines"]["nodes"] if _is_of(line, variant)]
    new = [line for line in ours if line["databaseId"] not in known]
    return {"data": shapes.item((new or ours)[-1])}


def update_item(call: Call) -> Steps:
    cart = yield from _of_line(call)
    cart = yield from _updated(cart, call)
    line = _line(cart, call.params["id"])
    return message("Cart item deleted successfully") if line is None else {"data": line}


def delete_item(call: Call) -> Steps:
    cart = yield from _of_line(call)
    yield from _removed(cart, call)
    return message("Cart item deleted successfully")


def add_coupon(call: Call) -> Steps:
    code = call.body["code"]
    cart = yield from _changed(APPLY, (yield from named(call)), code=code)
    return shapes.couponed(cart, code, "Coupon applied successfully")


def drop_coupons(call: Call) -> Steps:
    """The one that is named, or all there are."""
    cart = yield from named(call)
    wanted = call.body.get("code")
    codes = [wanted] if wanted else [coupon["code"] for coupon in cart["coupons"]]
    for code in codes:
        cart = yield from _changed(UNAPPLY, cart, code=code)
    return shapes.couponed(cart, "", "Coupon removed successfully")


def opened(call: Call) -> Asking:
    """The current cart, made if there is none."""
    return (yield Ask(OPEN, {"input": {"cartToken": token_of(call)}}))["cart"]


def current(call: Call) -> Asking:
    """The current cart, if there is one; else the one that was bought last."""
    return (yield Ask(CURRENT, {"token": token_of(call)}))


def named(call: Call) -> Asking:
    return (yield Ask(CART, {"id": key_in_path(call.params["id"], "Cart")}))


def _of_line(call: Call) -> Asking:
    return (yield Ask(CART, {"lineId": key_in_path(call.params["id"], "CartLine")}))


def _added(cart: Node, body: Mapping[str, Any]) -> Asking:
    extra = {"extraFields": body["data"]} if body.get("data") else {}
    line = {
        "variantId": global_id("ProductVariant", body["variant_id"]),
        "quantity": body["quantity"],
        **extra,
    }
    return (yield from _changed(ADD, cart, lines=[line]))


def _updated(cart: Node, call: Call) -> Asking:
    line = {"id": _line_id(call), "quantity": call.body["quantity"]}
    if _line(cart, call.params["id"]) is None:
        raise not_found()
    return (yield from _changed(UPDATE, cart, lines=[line]))


def _removed(cart: Node, call: Call) -> Asking:
    """One that is gone already stays so."""
    return (yield from _changed(REMOVE, cart, lineIds=[_line_id(call)]))


def _changed(operation: str, cart: Node, **values: Any) -> Asking:
    answer = yield Ask(operation, {"input": {"cartId": cart["id"], **values}})
    return answer["cart"]


def _line_id(call: Call) -> str:
    return key_in_path(call.params["id"], "CartLine")


def _line(cart: Node, digits: str) -> dict[str, Any] | None:
    lines = (line for line in cart["lines"]["nodes"] if line["databaseId"] == int(digits))
    return next((shapes.item(line) for line in lines), None)


def _is_of(line: Node, variant: int) -> bool:
    return bool(line["variant"]) and line["variant"]["databaseId"] == variant
