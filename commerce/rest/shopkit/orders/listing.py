"""Lists of orders: a coupon is named by its code or, failing that, by its id."""

from collections.abc import Generator
from typing import Any, Final

from commerce.core.ids import MAX_ID, global_id
from commerce.rest.errors import Kind, RefusedError
from commerce.rest.route import Ask, Call, Steps
from commerce.rest.shopkit.orders import shapes
from commerce.rest.shopkit.orders.inputs import listed

COUPON: Final = "ShopkitCouponCode"


def get_many(call: Call) -> Steps:
    code = yield from _code(call.args.get("coupon_code"))
    connection = yield Ask("ShopkitOrders", listed(call, code))
    return shapes.orders(connection, call)


def _code(given: str | None) -> Generator[Ask, Any, str | None]:
    """What is no number can only be a code."""
    if given is None or not (given.isascii() and given.isdigit()) or int(given) > MAX_ID:
        return given
    for variables in ({"code": given}, {"id": global_id("Coupon", int(given))}):
        try:
            coupon = yield Ask(COUPON, variables)
        except RefusedError as error:
            if error.refusal.kind not in (Kind.NOT_FOUND, Kind.FORBIDDEN):
                raise
        else:
            return str(coupon["code"])
    return given
