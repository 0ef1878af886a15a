from decimal import Decimal

import pytest

from commerce.orders.rules.paying import balance


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
