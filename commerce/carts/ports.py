"""What carts need of domains above them."""

from typing import Any, Protocol


class OrderHistory(Protocol):
    async def placed_by(self, email: str | None, customer_id: int | None) -> int | None:
        """How many orders the buyer has placed; None for one who cannot be recognised."""


class GiftCards(Protocol):
    async def find(self, code: str) -> Any:
        """The card with this code, or a problem; guesses are counted."""
