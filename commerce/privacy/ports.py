"""What this domain needs of the one that knows passwords."""

from typing import Protocol

from commerce.core.problems import Problem


class ProvesPassword(Protocol):
    async def __call__(self, customer_id: int, password: str) -> Problem | None:
        """None when it is the customer's password. Call it outside of transactions."""
