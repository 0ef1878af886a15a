"""Discounts, and coupons that unlock some."""

from typing import Any, Final

from commerce.rest.cartino.cart.tokens import READ
from commerce.rest.cartino.discounts import flows, shapes
from commerce.rest.cartino.paging import PAGING, window
from commerce.rest.fields import Field
from commerce.rest.kinds import record, text, whole
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call, Route

MOST: Final = 100
BODY: Final = record(
    Field("code", text(100, least=1), required=True),
    Field("cart_id", whole(1), about="Absent: the current cart."),
)


def _every(call: Call) -> dict[str, Any]:
    return {**window(call), "where": {"archived": False}}


def _active(_call: Call) -> dict[str, Any]:
    return {"first": MOST, "where": {"running": True}}


def _coupon(call: Call) -> dict[str, Any]:
    return {"code": call.params["code"]}


def _cart(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "Cart")}


def _validate(path: str) -> Route:
    return Route(
        "POST",
        path,
        flows.COUPON,
        flow=flows.validate,
        further=flows.FURTHER,
        body=BODY,
        seed=False,
        about="Whether a coupon is good for a cart",
        **READ,
    )


ROUTES: Final = (
    Route(
        "GET",
        "/discounts",
        "CartinoDiscounts",
        _every,
        shapes.discounts,
        query=PAGING,
        seed=False,
        about="All discounts",
    ),
    Route(
        "GET",
        "/discounts/active",
        "CartinoDiscounts",
        _active,
        shapes.active,
        seed=False,
        about="Discounts whose time it is",
    ),
    _validate("/discounts/validate"),
    _validate("/coupons/validate"),
    Route(
        "GET",
        "/coupons/{code}",
        flows.COUPON,
        _coupon,
        shapes.coupon,
        seed=False,
        about="A coupon by its code",
    ),
    Route(
        "POST",
        "/carts/{id:int}/discounts/calculate",
        "CartinoCart",
        _cart,
        shapes.calculated,
        seed=False,
        about="What a cart is given",
    ),
)
