"""Finding a coupon: digits are an id and, failing that, a code."""

from collections.abc import Generator
from typing import Any, Final

from commerce.core.ids import MAX_ID, global_id
from commerce.rest.errors import Kind, RefusedError, invalid
from commerce.rest.route import Ask, Call, Node, Steps
from commerce.rest.shopkit.coupons.shapes import coupon

COUPON: Final = "ShopkitCoupon"
Finding = Generator[Ask, Any, Node]


def by_query(call: Call) -> Steps:
    args = call.args
    if "id" in args:
        node = yield Ask(COUPON, {"id": global_id("Coupon", args["id"])})
    elif "code" in args:
        node = yield Ask(COUPON, {"code": args["code"]})
    else:
        raise invalid("code", "field is required")
    return coupon(node, call)


def by_path(call: Call) -> Steps:
    return coupon((yield from found(call.params["id"])), call)


def found(asked: str) -> Finding:
    """Raises `RefusedError` for one that is not there."""
    if asked.isascii() and asked.isdigit() and int(asked) <= MAX_ID:
        try:
            node: Node = yield Ask(COUPON, {"id": global_id("Coupon", int(asked))})
            return node
        except RefusedError as error:
            if error.refusal.kind is not Kind.NOT_FOUND:
                raise
    named: Node = yield Ask(COUPON, {"code": asked})
    return named
