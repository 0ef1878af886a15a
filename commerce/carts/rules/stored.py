"""From stored carts to what prices depend on. Pure."""

from collections.abc import Sequence
from typing import Any

from commerce.carts.rules.content import CartContent, WantedLine
from commerce.core.places import Place
from commerce.customers.rules.minimums import Minimum


def content_of(cart: Any, lines: Sequence[Any]) -> CartContent:
    """Goods go to the shipping address; what is not sent is taxed at the billing address."""
    return CartContent(
        currency=cart.currency,
        lines=tuple(_wanted(line) for line in lines),
        codes=tuple(cart.codes),
        gift_card_ids=tuple(cart.gift_card_ids),
        email=cart.email or cart.customer_email,
        customer_id=cart.customer_id,
        customer_group_id=cart.customer_group_id,
        tax_exempt=bool(cart.customer_tax_exempt),
        minimum=Minimum(cart.min_subtotal, cart.min_quantity),
        place=place_of(cart.shipping_address or cart.billing_address),
        shipping_method_id=cart.shipping_method_id,
        cart_id=cart.id,
        payment_method=cart.payment_method_id,
    )


def place_of(address: Any) -> Place:
    if not address:
        return Place()
    return Place(
        address["country"], address.get("region") or None, address.get("postal_code") or None
    )


def _wanted(line: Any) -> WantedLine:
    return WantedLine(
        line.id, line.variant_id, line.quantity, line.seen_unit_price, line.extra_fields
    )
