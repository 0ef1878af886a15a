"""What an order's payments come to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from commerce.orders.kinds import FulfillmentStatus, OrderStatus, PaymentStatus
from commerce.payments.kinds import OFFLINE
from commerce.payments.rules.offers import Sale

NOTHING: Final = Decimal(0)
WAITING: Final = (OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT)
# Counting on money that was set aside; what the shop's people have put elsewhere stays there.
GOING_ON: Final = (
    OrderStatus.PROCESSING,
    OrderStatus.AWAITING_STOCK,
    OrderStatus.AWAITING_SHIPMENT,
    OrderStatus.READY_FOR_PICKUP,
)


@dataclass(frozen=True, slots=True)
class Money:
    """Of all payments of an order: set aside and not taken yet, taken, given back, let go."""

    authorized: Decimal = NOTHING
    paid: Decimal = NOTHING
    refunded: Decimal = NOTHING
    voided: Decimal = NOTHING


def money_of(payments: Iterable[Any]) -> Money:
    """Rows of payments, summed."""
    authorized = paid = refunded = voided = NOTHING
    for each in payments:
        if not each.closed:
            authorized += each.authorized - each.captured - each.voided
        paid += each.captured
        refunded += each.refunded
        voided += each.voided
    return Money(authorized, paid, refunded, voided)


def awaited(payments: Iterable[Any], method_id: int, amount: Decimal) -> bool:
    """Whether so much is to come offline, by this method, already."""
    return any(
        each.provider == OFFLINE
        and each.method_id == method_id
        and not each.closed
        and each.amount - each.captured >= amount
        for each in payments
    )


def payment_status(
    due: Decimal, money: Money, cards: Decimal = NOTHING, back: Decimal = NOTHING
) -> PaymentStatus:
    """What the buyer's side of an order that has `due` to pay looks like. `cards` is what gift
    cards paid besides, `back` all that went back of either.
    """
    if max(back, money.refunded) > 0:
        whole = max(back, money.refunded) >= money.paid + cards
        return PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    if money.paid >= due:
        return PaymentStatus.PAID
    if money.paid > 0:
        return PaymentStatus.PARTIALLY_PAID
    if money.authorized > 0:
        return PaymentStatus.AUTHORIZED
    return PaymentStatus.VOIDED if money.voided > 0 else PaymentStatus.UNPAID


def outstanding(due: Decimal, money: Money) -> Decimal:
    """What nobody has paid or promised yet."""
    return max(due - money.paid - money.authorized, NOTHING)


def balance(due: Decimal, paid: Decimal, refunded: Decimal, *, canceled: bool) -> Decimal:
    """What is still to come, or below zero what is still to go back.

    What went back for goods is not asked for again; of a canceled order nothing is.
    """
    wanted = NOTHING if canceled else due
    if paid < wanted:
        return wanted - paid
    return min(wanted - paid + refunded, NOTHING)


def status_once_paid(order: Any, money: Money, backordered: int) -> OrderStatus:
    """An order that waits for its payment goes on once the money is there, or set aside. One that
    went on waits again when that money is let go, as long as nothing has left the house.

    `order` is its row, with the sums of its payments as they were before.
    """
    status: OrderStatus = order.status
    left = outstanding(order.due, money)
    if status in WAITING and not left:
        return OrderStatus.AWAITING_STOCK if backordered else OrderStatus.PROCESSING
    before = Money(order.authorized, order.paid, order.refunded)
    let_go = left > outstanding(order.due, before)
    sent = order.fulfillment_status is not FulfillmentStatus.UNFULFILLED
    return OrderStatus.AWAITING_PAYMENT if let_go and not sent and status in GOING_ON else status


def sale_of_order(order: Any, left: Decimal) -> Sale:
    """What a way of paying is offered for, where so much of an order is left to be paid."""
    address, shipping = order.shipping_address or {}, order.shipping_method or {}
    return Sale(
        currency=order.currency,
        total=left,
        country=address.get("country"),
        customer_group_id=order.customer_group_id,
        shipping_method_id=shipping.get("method_id"),
    )
