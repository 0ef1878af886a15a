"""What GraphQL refuses because of how things stand, which Cartino calls conflicts."""

from collections.abc import Mapping
from typing import Final

from commerce.rest.errors import Kind, Refusal, RefusedError
from commerce.rest.route import Json, Node, ProblemShape

CODES: Final = (
    "INVALID_TRANSITION",
    "CART_FROZEN",
    "CART_NOT_ACTIVE",
    "CART_EXPIRED",
    "INSUFFICIENT_STOCK",
    "PRICE_CHANGED",
    "PAYMENT_IN_PROGRESS",
    "REFUND_INCOMPLETE",
)


def conflict(problem: Node) -> tuple[int, Json]:
    return 409, {"message": problem["message"]}


CONFLICTS: Final[Mapping[str, ProblemShape]] = dict.fromkeys(CODES, conflict)


def conflicting(message: str) -> RefusedError:
    """To be raised."""
    return RefusedError(Refusal(Kind.CONFLICT, message))
