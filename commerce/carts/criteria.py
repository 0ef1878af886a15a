"""What lists of carts are asked for, as plain values; None means that nothing is asked."""

from dataclasses import dataclass
from datetime import datetime

from commerce.carts.kinds import CartState
from commerce.core.criteria import Ids, TextIs, Times


@dataclass(frozen=True, slots=True)
class CartWhere:
    """`abandoned_since`: with an e-mail address, not bought, and untouched since that time.

    `recovered`: bought after its buyer was reminded of it, or not.
    """

    ids: Ids | None = None
    states: tuple[CartState, ...] | None = None
    customer_ids: Ids | None = None
    email: TextIs | None = None
    source: TextIs | None = None
    created_at: Times | None = None
    updated_at: Times | None = None
    created_on: Times | None = None
    updated_on: Times | None = None
    abandoned_since: datetime | None = None
    recovered: bool | None = None


EVERY_CART = CartWhere()
