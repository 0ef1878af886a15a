from decimal import Decimal

import pytest

from resolvers.scalars import plain_decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [("9.99", "9.99"), ("9.50", "9.50"), ("1E+3", "1000"), ("0.000001", "0.000001"), ("-0", "-0")],
)
def test_a_decimal_is_printed_as_it_is_and_without_an_exponent(value: str, text: str) -> None:
    assert plain_decimal(Decimal(value)) == text
