"""The kinds of things carts have."""

from enum import Enum


class CartState(Enum):
    """What a cart has come to. One that is stored as active is expired once its time is over."""

    ACTIVE = "active"
    FROZEN = "frozen"
    COMPLETED = "completed"
    MERGED = "merged"
    EXPIRED = "expired"


class CartWarningCode(Enum):
    """What became of a cart otherwise than was asked for, or would keep it from being bought."""

    UNAVAILABLE = "unavailable"
    NO_PRICE = "no_price"
    INSUFFICIENT_STOCK = "insufficient_stock"
    BACKORDERED = "backordered"
    QUANTITY_CAPPED = "quantity_capped"
    CODE_REJECTED = "code_rejected"
    GIFT_CARD_UNUSABLE = "gift_card_unusable"
    SHIPPING_UNAVAILABLE = "shipping_unavailable"
    PAYMENT_UNAVAILABLE = "payment_unavailable"
    BELOW_MINIMUM = "below_minimum"
