"""What services say of a cart that was changed."""

from dataclasses import dataclass

from commerce.carts.repository.carts import CartRow
from commerce.carts.rules.content import CartWarning, Priced


@dataclass(frozen=True, slots=True)
class CartAnswer:
    """The cart as it is now. `priced` is there when it had to be known anyway.

    `warnings` are of the change alone; those of the cart as it is are in `priced`.
    """

    cart: CartRow
    priced: Priced | None = None
    warnings: tuple[CartWarning, ...] = ()
