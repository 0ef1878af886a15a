"""Where orders can go; a walk at random reaches only what is declared."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.orders.kinds import FulfillmentStatus, OrderStatus
from commerce.orders.problems import InvalidTransition
from commerce.orders.rules.states import (
    OPEN,
    TRANSITIONS,
    fulfillment_status,
    status_once_recalled,
    status_once_sent,
    transition_flaw,
)


@dataclass(frozen=True)
class Line:
    quantity: int
    fulfilled: int = 0
    canceled: int = 0
    returned: int = 0


@given(st.lists(st.sampled_from(OrderStatus), max_size=30))
def test_a_walk_reaches_only_declared_pairs(wishes: list[OrderStatus]) -> None:
    status = OrderStatus.DRAFT
    for wish in wishes:
        flaw = transition_flaw(status, wish)
        if flaw is None:
            assert wish is status or wish in TRANSITIONS[status]
            status = wish
        else:
            assert flaw.current == status.name
            assert wish.name not in flaw.allowed


def test_every_status_says_where_it_leads() -> None:
    assert TRANSITIONS.keys() == set(OrderStatus)
    assert all(status not in ways for status, ways in TRANSITIONS.items())


@pytest.mark.parametrize("end", [OrderStatus.COMPLETED, OrderStatus.CANCELED])
def test_ends_are_ends(end: OrderStatus) -> None:
    assert isinstance(transition_flaw(end, OrderStatus.PROCESSING), InvalidTransition)


def test_what_has_left_the_house_cannot_be_canceled() -> None:
    cancelable = {status for status in OrderStatus if OrderStatus.CANCELED in TRANSITIONS[status]}
    assert cancelable == {OrderStatus.DRAFT, *OPEN}


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([Line(2)], FulfillmentStatus.UNFULFILLED),
        ([Line(2, 1)], FulfillmentStatus.PARTIALLY_FULFILLED),
        ([Line(2, 2), Line(1)], FulfillmentStatus.PARTIALLY_FULFILLED),
        ([Line(2, 2), Line(1, 1)], FulfillmentStatus.FULFILLED),
        ([Line(2, 1, canceled=1)], FulfillmentStatus.FULFILLED),
        ([Line(2, 2, returned=1)], FulfillmentStatus.PARTIALLY_RETURNED),
        ([Line(2, 1, returned=1)], FulfillmentStatus.PARTIALLY_RETURNED),
        ([Line(2, 2, returned=2)], FulfillmentStatus.RETURNED),
    ],
)
def test_units_say_how_far_it_is(lines: list[Line], status: FulfillmentStatus) -> None:
    assert fulfillment_status(lines) is status


def test_a_parcel_moves_the_order_on_and_back() -> None:
    partly, whole = FulfillmentStatus.PARTIALLY_FULFILLED, FulfillmentStatus.FULFILLED
    assert status_once_sent(OrderStatus.PENDING, partly) is OrderStatus.PROCESSING
    assert status_once_sent(OrderStatus.PROCESSING, whole) is OrderStatus.SHIPPED
    assert status_once_sent(OrderStatus.COMPLETED, whole) is OrderStatus.COMPLETED
    assert status_once_recalled(OrderStatus.SHIPPED, partly) is OrderStatus.PROCESSING
    assert status_once_recalled(OrderStatus.DELIVERED, partly) is OrderStatus.DELIVERED
