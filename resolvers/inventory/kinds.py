"""The words of stock as GraphQL enums; types import them from here, so that they are."""

from commerce.inventory.kinds import MovementKind
from resolvers.enums import described

described(
    MovementKind,
    "Why stock moved.",
    ADJUSTMENT="So many came or went.",
    COUNT="Somebody counted.",
    IMPORT="A product file said so.",
    RECEIPT="Goods arrived.",
    TRANSFER="It went from one location to another.",
    SALE="It was sent to a customer.",
    RETURN="A customer sent it back.",
)

__all__ = ["MovementKind"]
