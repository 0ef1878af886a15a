"""What a cart has come to, and whether it can be changed. Pure."""

from datetime import datetime
from typing import Any, Final

from commerce.carts.kinds import CartState
from commerce.carts.problems import CartExpired, CartFrozen, CartNotActive
from commerce.core.problems import NotFound, Problem, version_conflict

MISSING: Final = NotFound("There is no such cart.", ("cart_token",))
FROZEN: Final = CartFrozen("The cart is being paid for.", ("cart_token",))
EXPIRED: Final = CartExpired("The cart is too old. Make a new one.", ("cart_token",))
OVER: Final = CartNotActive("The cart was bought, or went into another one.", ("cart_token",))


def state_of(cart: Any, at: datetime) -> CartState:
    """What is stored as active is expired once its time is over."""
    if cart.state is CartState.ACTIVE and cart.expires_at <= at:
        return CartState.EXPIRED
    stored: CartState = cart.state
    return stored


def refusal(cart: Any, at: datetime, expected_version: int | None = None) -> Problem | None:
    """Why a cart cannot be changed; None when it can."""
    match state_of(cart, at):
        case CartState.ACTIVE:
            return version_conflict("cart", cart.version, expected_version)
        case CartState.FROZEN:
            return FROZEN
        case CartState.EXPIRED:
            return EXPIRED
        case _:
            return OVER
