"""The kinds of things prices are made of."""

from enum import Enum


class SurchargeKind(Enum):
    FIXED = "fixed"
    PERCENT = "percent"


class SurchargeBase(Enum):
    """What a percentage is taken of: what is left of prices after discounts."""

    SUBTOTAL = "subtotal"
    SUBTOTAL_AND_SHIPPING = "subtotal_and_shipping"


class SurchargeSource(Enum):
    PAYMENT_METHOD = "payment_method"
    SHIPPING_HANDLING = "shipping_handling"
    MANUAL = "manual"
