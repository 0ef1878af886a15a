"""What Cartino calls an order, and how it finds those that are called so."""

from itertools import product
from typing import Any

import pytest

from commerce.orders.kinds import FulfillmentStatus, OrderStatus, PaymentStatus
from commerce.rest.cartino import statuses

# Drafts are in no list.
ORDERS = [
    {"status": status.name, "paymentStatus": paid.name}
    for status, paid in product(OrderStatus, PaymentStatus)
    if status is not OrderStatus.DRAFT
]


def fits(order: Any, wanted: Any) -> bool:
    """A condition as GraphQL reads it."""
    if "or" in wanted:
        return any(fits(order, each) for each in wanted["or"])
    gone = wanted.get("not")
    named = {name: values for name, values in wanted.items() if name != "not"}
    return all(order[name] in values for name, values in named.items()) and not (
        gone and fits(order, gone)
    )


@pytest.mark.parametrize("order", ORDERS, ids=lambda each: "-".join(each.values()))
def test_an_order_is_found_by_what_it_is_called_and_by_nothing_else(order: Any) -> None:
    shown = statuses.status_of(order)
    found = [name for name in statuses.STATUSES if fits(order, statuses.having([name]))]
    assert found == [shown]
    assert fits(order, statuses.having(statuses.STATUSES))


@pytest.mark.parametrize(
    ("status", "paid", "shown"),
    [
        ("PENDING", "PENDING", "pending"),
        ("AWAITING_PAYMENT", "PENDING", "pending"),
        ("PROCESSING", "PAID", "processing"),
        ("SHIPPED", "PAID", "shipped"),
        ("DELIVERED", "PAID", "completed"),
        ("COMPLETED", "PARTIALLY_REFUNDED", "completed"),
        ("COMPLETED", "REFUNDED", "refunded"),
        ("CANCELED", "REFUNDED", "cancelled"),
    ],
)
def test_the_documented_statuses(status: str, paid: str, shown: str) -> None:
    assert statuses.status_of({"status": status, "paymentStatus": paid}) == shown


def test_a_status_that_is_written_is_the_one_that_is_shown() -> None:
    for name, status in statuses.WRITTEN.items():
        assert statuses.named(status) == name


@pytest.mark.parametrize("status", PaymentStatus)
def test_every_payment_status_has_a_documented_name(status: PaymentStatus) -> None:
    documented = {"pending", "authorized", "paid", "partially_refunded", "refunded", "failed"}
    assert statuses.payment_of({"paymentStatus": status.name}) in documented


@pytest.mark.parametrize("status", FulfillmentStatus)
def test_every_fulfillment_status_has_a_documented_name(status: FulfillmentStatus) -> None:
    documented = {"unfulfilled", "partial", "fulfilled"}
    assert statuses.fulfillment_of({"fulfillmentStatus": status.name}) in documented


@pytest.mark.parametrize(
    ("quantity", "canceled", "fulfilled", "returned", "shown"),
    [
        (3, 0, 0, 0, "unfulfilled"),
        (3, 0, 1, 0, "partial"),
        (3, 0, 3, 0, "fulfilled"),
        (3, 2, 1, 0, "fulfilled"),
        (3, 0, 3, 1, "fulfilled"),
        (3, 0, 2, 2, "returned"),
        (3, 0, 3, 3, "returned"),
    ],
)
def test_units_of_an_item(
    quantity: int, canceled: int, fulfilled: int, returned: int, shown: str
) -> None:
    line = {"quantity": quantity, "canceled": canceled}
    assert statuses.line_status({**line, "fulfilled": fulfilled, "returned": returned}) == shown
