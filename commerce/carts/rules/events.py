"""What others are told of carts."""

from commerce.carts.kinds import CartState
from commerce.core.events import Event, EventType


def changed_cart(id_: int, state: CartState, order_id: int | None = None) -> Event:
    """`order_id` is what the cart has become."""
    became = {} if order_id is None else {"order_id": order_id}
    return Event(EventType.CART_UPDATED, "Cart", id_, {"state": state.value, **became})
