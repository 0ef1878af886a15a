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


class PromotionState(Enum):
    """Whether a promotion gives anything right now, and if not, why."""

    RUNNING = "running"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    PAUSED = "paused"


class RedemptionState(Enum):
    """How far a use of a promotion is: held for a cart, part of an order, or given back."""

    HELD = "held"
    REDEEMED = "redeemed"
    RETURNED = "returned"
