"""What carts have, as GraphQL enums; types import them from here, so that they are."""

from commerce.carts.kinds import CartState, CartWarningCode
from resolvers.enums import described

described(
    CartState,
    "What a cart has come to.",
    ACTIVE="It can be changed and bought.",
    FROZEN="It is being paid for.",
    COMPLETED="It was bought.",
    MERGED="It went into another cart.",
    EXPIRED="Nobody has changed it for too long.",
)
described(
    CartWarningCode,
    "What is to be known of a cart.",
    UNAVAILABLE="This is not for sale any more; remove the line.",
    NO_PRICE="There is no price in the cart's currency; remove the line.",
    INSUFFICIENT_STOCK="Fewer units are available.",
    BACKORDERED="Some units follow later.",
    QUANTITY_CAPPED="Not all units were taken over.",
    CODE_REJECTED="A coupon gives nothing any more.",
    GIFT_CARD_UNUSABLE="A gift card cannot be used any more; remove it.",
    SHIPPING_UNAVAILABLE="The way of shipping is not offered any more; select another one.",
    PAYMENT_UNAVAILABLE="The way of paying is not offered any more; select another one.",
    BELOW_MINIMUM="It is less than customers of the group have to buy at once.",
)

__all__ = ["CartState", "CartWarningCode"]
