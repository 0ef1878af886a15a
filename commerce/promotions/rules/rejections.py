"""Why a coupon gives nothing, in words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from commerce.pricing.rules.eligible import Reason, Rejection
from commerce.pricing.rules.promotions import Conditions, Promotion
from commerce.promotions.problems import CouponRejected

MESSAGES: Final[Mapping[Reason, str]] = {
    Reason.UNKNOWN_CODE: "There is no such coupon.",
    Reason.USED_UP: "This coupon was used as often as it may be.",
    Reason.NOT_NOW: "This coupon is not good at this time.",
    Reason.CURRENCY: "This coupon is for another currency.",
    Reason.SUBTOTAL: "The subtotal is not within what this coupon is for.",
    Reason.QUANTITY: "The number of units is not within what this coupon is for.",
    Reason.CUSTOMER: "This coupon is for other customers.",
    Reason.COUNTRY: "This coupon is for other countries.",
    Reason.SHIPPING_METHOD: "This coupon is for other shipping methods.",
    Reason.NO_GOODS: "Nothing in the cart is what this coupon is for.",
    Reason.NOT_COMBINABLE: "This coupon cannot be used together with the others.",
}


def rejected(reason: Reason, limit: Decimal | None, *path: str) -> CouponRejected:
    return CouponRejected(MESSAGES[reason], path, reason, limit)


def explained(
    rejection: Rejection, offers: Iterable[Promotion], subtotal: Decimal, *path: str
) -> CouponRejected:
    """A rejection of the calculation, with the limit that `subtotal`, or the quantity, misses."""
    conditions = next(
        (one.conditions for one in offers if one.id == rejection.promotion_id), Conditions()
    )
    return rejected(rejection.reason, _limit(rejection.reason, conditions, subtotal), *path)


def _limit(reason: Reason, conditions: Conditions, subtotal: Decimal) -> Decimal | None:
    if reason is Reason.SUBTOTAL:
        least, most = conditions.least_subtotal, conditions.most_subtotal
        return least if least is not None and (most is None or subtotal < least) else most
    if reason is Reason.QUANTITY:
        units = conditions.least_quantity or conditions.most_quantity
        return None if units is None else Decimal(units)
    return None
