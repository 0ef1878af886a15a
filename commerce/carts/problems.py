"""Expected failures of carts."""

from dataclasses import dataclass
from typing import ClassVar

from commerce.core.problems import Problem


@dataclass(frozen=True, slots=True)
class CartExpired(Problem):
    """Nobody has touched the cart for too long: a new one is to be made."""

    code: ClassVar[str] = "CART_EXPIRED"


@dataclass(frozen=True, slots=True)
class CartFrozen(Problem):
    """The cart is being paid for."""

    code: ClassVar[str] = "CART_FROZEN"
    retryable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CartNotActive(Problem):
    """The cart was bought, or went into another one."""

    code: ClassVar[str] = "CART_NOT_ACTIVE"
