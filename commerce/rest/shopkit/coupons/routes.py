"""Coupons: each is the only code of a promotion of its own."""

from typing import Final

from commerce.rest.fields import Field
from commerce.rest.kinds import text, whole
from commerce.rest.route import Route
from commerce.rest.shopkit.coupons import changing, inputs, reading

COUPON: Final = reading.COUPON
ONE: Final = "/coupon/{id}"

ROUTES: Final = (
    Route(
        "GET",
        "/coupon",
        COUPON,
        query=(Field("id", whole(1)), Field("code", text(inputs.MAX_CODE))),
        flow=reading.by_query,
        about="A coupon by its id or code.",
    ),
    Route("GET", ONE, COUPON, flow=reading.by_path, about="A coupon by its id or code."),
    Route(
        "POST",
        "/coupon",
        "ShopkitCouponCreate",
        status=201,
        body=inputs.NEW,
        flow=changing.post,
        further=changing.NAMED,
        about="Add a coupon; answered as a list of one.",
    ),
    Route(
        "PUT",
        ONE,
        COUPON,
        body=inputs.CHANGE,
        flow=changing.put,
        further=("ShopkitCouponUpdate", "ShopkitPromotionUpdate", *changing.NAMED),
        seed=False,
        about="Change the given parts of a coupon; answered as a list of one.",
    ),
    Route(
        "DELETE",
        ONE,
        "ShopkitCouponDelete",
        flow=changing.delete,
        further=(COUPON, "ShopkitPromotionDelete"),
        about="Delete a coupon; orders keep its code.",
    ),
)
