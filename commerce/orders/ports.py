"""What orders need of whoever moves money, and of domains above them."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from commerce.core.problems import Problem


class GivesMoneyBack(Protocol):
    async def __call__(self, order_id: int) -> Problem | None:
        """Ask for all that was paid for an order to go back, and what was set aside to be let go.

        Runs in the transaction that holds the order, so nobody else is asked there and then.
        """


# What follows from an order being paid, in the transaction that holds it; takes the order's id.
WhenPaid = Callable[[int], Awaitable[object]]


async def nothing(_order_id: int) -> None:
    """Where nothing follows."""
