"""The words of gift cards, as GraphQL enums."""

from commerce.gift_cards.kinds import EntryKind
from resolvers.enums import described

described(
    EntryKind,
    "Why the balance of a gift card changed.",
    ISSUE="It was issued.",
    ADJUST="Somebody of the shop changed it.",
    DRAW="It was paid with.",
    GIVE_BACK="What was paid with it came back.",
)

__all__ = ["EntryKind"]
