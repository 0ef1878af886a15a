"""What a purchase needs before it can be made, and where its order starts. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from commerce.carts.kinds import CartWarningCode
from commerce.carts.rules.content import Priced
from commerce.core.problems import Problem
from commerce.inventory.problems import InsufficientStock
from commerce.inventory.rules.promises import Want
from commerce.orders.kinds import OrderSource, OrderStatus
from commerce.orders.problems import CheckoutIncomplete, PriceChanged
from commerce.orders.rules.snapshots import Placement
from commerce.payments.kinds import AttemptState, MethodKind
from commerce.payments.rules.offers import Sale

# Longer than any call to a provider takes: nobody has heard of it since, so it is in doubt.
QUIET: Final = timedelta(seconds=20)
# Nothing is sent before the money is there.
PAID_FIRST: Final = frozenset({MethodKind.CARD, MethodKind.BANK_TRANSFER, MethodKind.OTHER})


def not_sold(cart: Any, settings: Any) -> CheckoutIncomplete | None:
    """Why the store sells nothing, or nothing to this buyer."""
    if settings.closed:
        return CheckoutIncomplete("The store is closed.", ("cart_token",))
    if cart.customer_id is None and not settings.guest_checkout:
        return CheckoutIncomplete("Sign in to buy.", ("cart", "customer"))
    return None


def incomplete(cart: Any, priced: Priced) -> CheckoutIncomplete | None:
    """The first thing that is missing; `cart` is the row of one."""
    if not priced.content.lines:
        return CheckoutIncomplete("The cart is empty.", ("cart_token",))
    if priced.blocking:
        warning = priced.blocking[0]
        return CheckoutIncomplete(warning.message, ("cart", *warning.path))
    if not priced.content.email:
        return CheckoutIncomplete("An e-mail address is needed.", ("cart", "email"))
    if priced.requires_shipping and not cart.shipping_address:
        return CheckoutIncomplete("A shipping address is needed.", ("cart", "shipping_address"))
    if priced.requires_shipping and priced.quote is None:
        return CheckoutIncomplete("A way of shipping is to be chosen.", ("cart", "shipping_method"))
    return None


def rejected_code(priced: Priced) -> CheckoutIncomplete | None:
    """A code in the cart that gives nothing by now: the buyer counted on it."""
    for warning in priced.warnings:
        if warning.code is CartWarningCode.CODE_REJECTED:
            return CheckoutIncomplete(warning.message, ("cart", *warning.path))
    return None


def price_changed(priced: Priced, expected: Decimal | None) -> PriceChanged | None:
    """None, too, where nothing in particular is expected."""
    actual, currency = priced.result.total, priced.content.currency
    if expected is None or expected == actual:
        return None
    message = f"The cart comes to {actual} {currency} by now."
    return PriceChanged(message, ("expected_total",), currency, expected, actual)


def placement_of(
    cart: Any, priced: Priced, source: OrderSource = OrderSource.STOREFRONT
) -> Placement:
    """The order that a cart's row is to become; it is not placed yet."""
    return Placement(
        priced=priced,
        cart_id=cart.id,
        customer_id=priced.content.customer_id,
        email=priced.content.email,
        phone=cart.phone,
        billing=cart.billing_address or cart.shipping_address,
        shipping=cart.shipping_address,
        locale=cart.locale or "",
        note=cart.note,
        extra_fields=cart.extra_fields,
        attribution=cart.attribution,
        source=source,
    )


def sale_of(priced: Priced) -> Sale:
    """What decides which payment methods are offered."""
    content = priced.content
    return Sale(
        currency=content.currency,
        total=priced.result.total,
        country=content.place.country,
        customer_group_id=content.customer_group_id,
        shipping_method_id=None if priced.quote is None else priced.quote.method_id,
    )


def is_on_its_way(attempt: Any, now: datetime) -> bool:
    """Whether the call that an attempt was made for may not have reached its provider yet."""
    return attempt.state is AttemptState.PENDING and attempt.updated_at > now - QUIET


def first_status(kind: MethodKind | None, *, paid: bool, backordered: int) -> OrderStatus:
    """Where an order starts that was paid, or promised to be, in this way; None owes nothing."""
    if kind in PAID_FIRST and not paid:
        return OrderStatus.AWAITING_PAYMENT
    return OrderStatus.AWAITING_STOCK if backordered else OrderStatus.PROCESSING


def located(problem: Problem, priced: Priced) -> Problem:
    """A lack of stock, at the first line that asks for the variant."""
    if not isinstance(problem, InsufficientStock):
        return problem
    lines = (line.id for line in priced.lines if line.variant_id == problem.variant_id)
    line = next(lines, None)
    return problem if line is None else replace(problem, path=("cart", "lines", str(line)))


def wants_of(lines: Iterable[Any]) -> list[Want]:
    """What an order's lines need of the stock; goods that are gone need nothing."""
    return [
        Want(line.id, line.variant_id, line.quantity)
        for line in lines
        if line.variant_id is not None
    ]


def failed(answer: object) -> bool:
    """Whether a transaction is to be rolled back."""
    return isinstance(answer, Problem)
