"""What must hold of carts."""

from typing import Final

from commerce.core.invariants import Invariant

INVARIANTS: Final = (
    Invariant(
        "carts that are over hold no stock",
        """
        SELECT cart_id, variant_id, quantity
        FROM stock_reservations JOIN carts ON carts.id = cart_id
        WHERE stock_reservations.expires_at > now() AND state IN ('completed', 'merged')
        """,
        "Units are held for a cart whose order has its own already.",
    ),
    Invariant(
        "a completed cart has its own order",
        """
        SELECT carts.id, carts.order_id, orders.cart_id
        FROM carts LEFT JOIN orders ON orders.id = carts.order_id
        WHERE state = 'completed' AND orders.cart_id IS DISTINCT FROM carts.id
        """,
        "A cart was completed by another cart's order, or by none.",
    ),
)
