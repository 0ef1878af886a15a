from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commerce.orders.rules.paying import awaited, balance
from commerce.payments.kinds import OFFLINE


@pytest.mark.parametrize(
    ("due", "paid", "refunded", "canceled", "left"),
    [
        (20, 0, 0, False, 20),
        (20, 5, 0, False, 15),
        (20, 20, 0, False, 0),
        (20, 20, 8, False, 0),  # what went back for goods is not asked for again
        (12, 20, 0, False, -8),  # edited down: some is to go back
        (12, 20, 8, False, 0),
        (25, 20, 8, False, 5),  # edited up after a refund
        (20, 0, 0, True, 0),
        (20, 20, 0, True, -20),
        (20, 20, 20, True, 0),
    ],
)
def test_what_is_still_to_come(
    due: int, paid: int, refunded: int, canceled: bool, left: int
) -> None:
    sums = (Decimal(sum_) for sum_ in (due, paid, refunded))
    assert balance(*sums, canceled=canceled) == left


@pytest.mark.parametrize(
    ("changes", "wanted", "waits"),
    [
        ({}, 20, True),
        ({}, 15, True),
        ({}, 21, False),  # edited up: the rest is still to be asked for
        ({"captured": 5}, 15, True),
        ({"captured": 5}, 16, False),
        ({"closed": True}, 20, False),
        ({"method_id": 2}, 20, False),
        ({"provider": "test"}, 20, False),  # which may have refused
    ],
)
def test_money_that_is_to_come_offline_is_not_asked_for_again(
    changes: dict[str, Any], wanted: int, waits: bool
) -> None:
    known = {"provider": OFFLINE, "method_id": 1, "amount": 20, "captured": 0, "closed": False}
    payments = [SimpleNamespace(**(known | changes))]
    assert awaited(payments, 1, Decimal(wanted)) is waits
    assert not awaited([], 1, Decimal(wanted))
