"""The closed sets of words that gift cards use."""

from enum import Enum


class EntryKind(Enum):
    """Why the balance of a gift card changed."""

    ISSUE = "issue"
    ADJUST = "adjust"
    DRAW = "draw"
    GIVE_BACK = "give_back"


class UseState(Enum):
    """How far a payment by gift card is: held for a cart, part of an order, or all given back."""

    HELD = "held"
    REDEEMED = "redeemed"
    RETURNED = "returned"
