"""The closed sets of words that promotions use."""

from enum import Enum


class PromotionTrigger(Enum):
    """What makes a promotion apply."""

    AUTOMATIC = "automatic"
    COUPON = "coupon"


class DiscountOn(Enum):
    """What becomes cheaper."""

    LINES = "lines"
    ORDER = "order"
    SHIPPING = "shipping"


class RedemptionState(Enum):
    """How far a use of a promotion is: held for a cart, part of an order, or given back."""

    HELD = "held"
    REDEEMED = "redeemed"
    RETURNED = "returned"
