"""The words of promotions, as GraphQL enums; inputs import them from here, so that they are."""

from commerce.pricing.rules.eligible import Reason
from commerce.pricing.rules.promotions import BuyerKind
from commerce.promotions.kinds import DiscountOn, PromotionState, PromotionTrigger
from resolvers.enums import described
from resolvers.shipping.kinds import Weekday

described(
    PromotionTrigger,
    "What makes a promotion apply.",
    AUTOMATIC="It applies by itself.",
    COUPON="One of its coupons does.",
)
described(
    PromotionState,
    "Whether a promotion gives anything right now, weekdays and hours aside.",
    RUNNING="It does.",
    SCHEDULED="It starts later.",
    ENDED="It is over, or archived.",
    PAUSED="It is paused.",
)
described(
    DiscountOn,
    "What a promotion makes cheaper.",
    LINES="The lines that it is for, each by itself.",
    ORDER="The goods of the order, after discounts on lines.",
    SHIPPING="Shipping.",
)
described(
    BuyerKind,
    "For whom a promotion is.",
    ANYBODY="For everybody.",
    NEW="For those who have not ordered before.",
    RETURNING="For those who have ordered before.",
)
described(
    Reason,
    "Why a coupon gives nothing.",
    UNKNOWN_CODE="There is no such coupon, or it is paused.",
    USED_UP="It was used as often as it may be.",
    NOT_NOW="It is not good at this time.",
    CURRENCY="It is for another currency.",
    SUBTOTAL="The subtotal is too low, or too high.",
    QUANTITY="There are too few units, or too many.",
    CUSTOMER="It is for other customers.",
    COUNTRY="It is for other countries.",
    SHIPPING_METHOD="It is for other shipping methods.",
    NO_GOODS="Nothing in the cart is what it is for.",
    NOT_COMBINABLE="It cannot be used together with the others.",
)

__all__ = ["BuyerKind", "DiscountOn", "PromotionState", "PromotionTrigger", "Reason", "Weekday"]
